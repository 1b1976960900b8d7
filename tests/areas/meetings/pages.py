"""The pages of meetings, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

LIST = f"{LOCATION}meetings/"
AHEAD = f"{LIST}{identity('meeting', 'leominster-group-4')}/"
HELD = f"{LIST}{identity('meeting', 'leominster-group-3')}/"
ISSUE = f"{HELD}issues/{identity('issue', 'leominster-group-3', 'health')}/"
REGISTER = f"{LOCATION}decisions/"
DECISION = f"{REGISTER}{identity('decision', 'leominster-group-3', 'repair')}/"

PAGES = {
    "delivery:meetings": [Look("coordinator", LIST), Look("partner", LIST)],
    "delivery:meeting-new": [
        Look("coordinator", f"{LIST}new/"),
        Look("coordinator", f"{LIST}new/?kind=delivery_group"),
    ],
    "delivery:meeting-detail": [
        Look("coordinator", AHEAD),
        Look("partner", AHEAD),
        Look("leader", HELD),
    ],
    "delivery:meeting-change": [Look("coordinator", f"{AHEAD}change/")],
    "delivery:meeting-cancel": [Look("coordinator", f"{AHEAD}cancel/")],
    "delivery:meeting-close": [Look("coordinator", f"{AHEAD}close/")],
    "delivery:meeting-invite": [Look("coordinator", f"{AHEAD}people/")],
    "delivery:meeting-capture": [
        Look("coordinator", f"{AHEAD}capture/"),
        Look("community", f"{HELD}capture/"),
    ],
    "delivery:issue-change": [Look("coordinator", ISSUE)],
    "delivery:meeting-minutes": [
        Look("coordinator", f"{HELD}minutes/"),
        Look("verifier", f"{HELD}minutes/"),
    ],
    "delivery:decisions": [
        Look("coordinator", REGISTER),
        Look("partner", f"{REGISTER}?words=light"),
        Look("partner", f"{REGISTER}?words=nothing-like-it"),
    ],
    "delivery:decision-new": [Look("coordinator", f"{REGISTER}new/")],
    "delivery:decision-change": [Look("coordinator", DECISION)],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "delivery:meeting-calendar",  # a file for calendar programs
    "delivery:meeting-uninvite",  # a button
    "delivery:meeting-send",  # a button
    "delivery:meeting-answer",  # a button
    "delivery:minutes-make",  # a button
    "delivery:minutes-send",  # a button
    "delivery:minutes-pdf",  # a PDF
}
