"""The pages of problems, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

LIST = f"{LOCATION}problems/"
PROBLEM = f"{LIST}{identity('problem', 'garage-court')}/"
CLOSED = f"/locations/shrewsbury/problems/{identity('problem', 'riverside')}/"
EARLY = f"/locations/evesham/problems/{identity('problem', 'bus-shelter')}/"
RUNNING = f"{PROBLEM}interventions/{identity('intervention', 'walks')}/"
PLANNED = f"{PROBLEM}interventions/{identity('intervention', 'light')}/"
PICTURE = f"{LIST}pictures/{identity('picture', 'court-problem')}/"
HYPOTHESIS = f"{PROBLEM}hypotheses/{identity('hypothesis', 'unseen')}/"

PAGES = {
    "problems:problem-list": [Look("coordinator", LIST), Look("partner", LIST)],
    "problems:problem-new": [Look("coordinator", f"{LIST}new/")],
    "problems:problem-detail": [
        Look("coordinator", PROBLEM),
        Look("partner", PROBLEM),
        Look("analyst", CLOSED),
        Look("coordinator", EARLY),
    ],
    "problems:problem-edit": [Look("coordinator", f"{PROBLEM}edit/")],
    "problems:problem-tests": [Look("coordinator", f"{PROBLEM}tests/")],
    "problems:problem-objective": [Look("coordinator", f"{PROBLEM}objective/")],
    "problems:problem-analysis": [Look("coordinator", f"{PROBLEM}analysis/")],
    "problems:problem-assessment": [Look("coordinator", f"{PROBLEM}assessment/")],
    "problems:problem-stage": [Look("coordinator", f"{PROBLEM}stage/")],
    "problems:problem-close": [Look("coordinator", f"{PROBLEM}close/")],
    "problems:problem-reopen": [Look("coordinator", f"{PROBLEM}reopen/")],
    "problems:problem-access": [Look("coordinator", f"{PROBLEM}access/")],
    "problems:problem-history": [Look("coordinator", f"{PROBLEM}history/")],
    "problems:hypothesis-new": [Look("coordinator", f"{PROBLEM}hypotheses/new/")],
    "problems:hypothesis-edit": [Look("coordinator", HYPOTHESIS)],
    "problems:evidence-kinds": [Look("coordinator", f"{PROBLEM}evidence/")],
    "problems:evidence-new": [
        Look("coordinator", f"{PROBLEM}evidence/new/wave/"),
        Look("coordinator", f"{PROBLEM}evidence/new/note/"),
    ],
    "problems:intervention-new": [Look("coordinator", f"{PROBLEM}interventions/new/")],
    "problems:intervention-detail": [
        Look("coordinator", RUNNING),
        Look("coordinator", PLANNED),
        Look("partner", RUNNING),
    ],
    "problems:intervention-edit": [Look("coordinator", f"{PLANNED}edit/")],
    "problems:baseline-edit": [Look("coordinator", f"{PLANNED}compared/")],
    "problems:intervention-start": [Look("coordinator", f"{PLANNED}start/")],
    "problems:intervention-end": [Look("coordinator", f"{RUNNING}end/")],
    "problems:intervention-ask": [Look("coordinator", f"{RUNNING}ask/")],
    "problems:picture-new": [Look("coordinator", f"{LIST}pictures/new/")],
    "problems:picture-detail": [Look("coordinator", PICTURE), Look("partner", PICTURE)],
    "problems:picture-edit": [Look("coordinator", f"{PICTURE}edit/")],
    "problems:picture-access": [Look("coordinator", f"{PICTURE}access/")],
    "problems:region-new": [Look("coordinator", f"{PICTURE}regions/new/")],
    "problems:region-edit": [
        Look("coordinator", f"{PICTURE}regions/{identity('region', 'lamp')}/")
    ],
    "problems:theme-new": [Look("coordinator", f"{PICTURE}themes/new/")],
}
LOOKED_AT_ELSEWHERE = {
    "problems:evidence-withdraw",  # the form of a reason, as problem-reopen
    "problems:evaluation-detail",  # its id is not known beforehand
}
NO_PAGE = {
    "problems:picture-image",  # a picture
    "problems:baseline-lock",  # a button
    "problems:intervention-evaluate",  # a button
    "problems:region-remove",  # a button
    "problems:theme-hypothesis",  # a button
    "problems:theme-intervention",  # a button
}
