"""The pages of actions, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

LIST = f"{LOCATION}actions/"
BLOCKED = f"{LIST}{identity('action', 'garage-lighting')}/"
DONE = f"{LIST}{identity('action', 'garage-hedge')}/"
PROPOSED = f"{LIST}{identity('action', 'shop-talks')}/"
OWN = f"/my-actions/{identity('action', 'garage-lighting')}/"

PAGES = {
    "delivery:action-list": [
        Look("coordinator", LIST),
        Look("partner", LIST),
        Look("leader", f"{LIST}?state=done"),
        Look("coordinator", f"{LIST}?state=asked&whose=mine&place=garage-court"),
    ],
    "delivery:action-new": [Look("coordinator", f"{LIST}new/")],
    "delivery:action-detail": [
        Look("coordinator", BLOCKED),
        Look("coordinator", PROPOSED),
        Look("coordinator", DONE),
        Look("partner", DONE),
    ],
    "delivery:action-edit": [Look("coordinator", f"{BLOCKED}edit/")],
    "delivery:action-hand-over": [Look("coordinator", f"{BLOCKED}hand-over/")],
    "delivery:action-answer": [Look("coordinator", f"{PROPOSED}answer/")],
    "delivery:action-finish": [Look("coordinator", f"{BLOCKED}finish/")],
    "delivery:action-evidence": [Look("coordinator", f"{DONE}evidence/")],
    "delivery:action-drop": [Look("coordinator", f"{BLOCKED}drop/")],
    "delivery:action-reopen": [Look("coordinator", f"{DONE}reopen/")],
    "delivery:my-actions": [Look("partner", "/my-actions/"), Look("verifier", "/my-actions/")],
    "delivery:my-action": [Look("partner", OWN)],
    "delivery:notices": [Look("partner", "/notices/")],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "delivery:action-comment",  # leads back to the action
    "delivery:action-photo",  # a picture
    "delivery:my-action-photo",  # a picture
    "delivery:calendar",  # a file for calendar programs
}
