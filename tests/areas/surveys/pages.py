"""The pages of surveys, and who looks at them in the browser."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

LIST = f"{LOCATION}surveys/"
SURVEY = f"{LIST}{identity('survey', 'leominster')}/"
DONE = f"{LIST}waves/{identity('wave', 'leominster-1')}/"
RUNNING = f"{LIST}waves/{identity('wave', 'leominster-2')}/"
TWICE = f"/locations/shrewsbury/surveys/waves/{identity('wave', 'shrewsbury-2')}/"
CODES = f"/locations/oswestry/surveys/waves/{identity('wave', 'oswestry-1')}/"
QUESTION = f"{LIST}questions/{identity('question', 'would-help')}/"

PAGES = {
    "surveys:survey-list": [Look("coordinator", LIST), Look("partner", LIST)],
    "surveys:survey-new": [Look("analyst", f"{LIST}new/")],
    "surveys:question-list": [Look("coordinator", f"{LIST}questions/")],
    "surveys:question-new": [Look("coordinator", f"{LIST}questions/new/")],
    "surveys:question-change": [Look("coordinator", f"{QUESTION}edit/")],
    "surveys:survey-detail": [Look("coordinator", SURVEY), Look("leader", SURVEY)],
    "surveys:survey-change": [Look("coordinator", f"{SURVEY}edit/")],
    "surveys:survey-preview": [Look("partner", f"{SURVEY}preview/")],
    "surveys:survey-choose": [Look("analyst", f"{SURVEY}questions/")],
    "surveys:wave-new": [Look("coordinator", f"{SURVEY}waves/new/")],
    "surveys:wave-detail": [
        Look("coordinator", DONE),
        Look("coordinator", RUNNING),
        Look("partner", RUNNING),
        Look("analyst", CODES),
    ],
    "surveys:wave-results": [
        Look("coordinator", f"{DONE}results/"),
        Look("leader", f"{RUNNING}results/"),
        Look("analyst", f"{TWICE}results/"),
    ],
    "surveys:wave-wording": [Look("partner", f"{DONE}questions/")],
    "surveys:wave-change": [Look("coordinator", f"{RUNNING}edit/")],
    "surveys:wave-codes": [Look("analyst", f"{CODES}codes/")],
    "surveys:wave-sheet": [Look("community", f"{RUNNING}sheets/new/")],
    "surveys:wave-texts": [Look("coordinator", f"{DONE}texts/")],
    "surveys:wave-release": [Look("coordinator", f"{DONE}release/")],
    "surveys:answer-start": [Look(None, "/s/leominster-2/"), Look(None, "/s/leominster-1/")],
    "surveys:answer": [Look(None, "/s/leominster-2/answer/")],
    "surveys:answer-thanks": [Look(None, "/s/leominster-2/thanks/")],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "surveys:wave-finish",  # a button
    "surveys:wave-poster",  # a button
    "surveys:wave-poster-file",  # a file
    "surveys:wave-text",  # a button
    "surveys:wave-take-back",  # a button
}
