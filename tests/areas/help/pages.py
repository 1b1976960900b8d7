"""The pages of asking for help, handover, verification and editions, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

LIST = f"{LOCATION}help/"
SENT = f"{LIST}{identity('help', 'garage-contractor')}/"
EVESHAM = "/locations/evesham/"
RETURNED = f"{EVESHAM}help/{identity('help', 'evesham-room')}/"

PAGES = {
    "delivery:help-list": [Look("coordinator", LIST), Look("leader", f"{EVESHAM}help/")],
    "delivery:help-new": [Look("coordinator", f"{LIST}new/")],
    "delivery:help-detail": [
        Look("leader", SENT),
        Look("coordinator", SENT),
        Look("coordinator", RETURNED),
    ],
    "delivery:help-send": [Look("coordinator", f"{SENT}send/")],
    "delivery:help-decide": [Look("leader", f"{SENT}decide/")],
    "delivery:help-return": [Look("coordinator", f"{SENT}return/")],
    "delivery:help-withdraw": [Look("coordinator", f"{SENT}withdraw/")],
    "delivery:help-access": [Look("coordinator", f"{SENT}access/")],
    "delivery:programme-help": [Look("leader", "/programmes/west-mercia/help/")],
    "delivery:handover": [
        Look("coordinator", f"{LOCATION}handover/"),
        Look("manager", f"{EVESHAM}handover/"),
    ],
    "delivery:handover-chapter": [
        Look("coordinator", f"{LOCATION}handover/chapters/{key}/")
        for key in ("steps", "people", "to-know", "group", "meetings", "stakeholders", "surveys")
    ],
    "programmes:programme-edition": [Look("manager", "/programmes/west-mercia/edition/")],
    "programmes:step-send": [Look("coordinator", f"{LOCATION}steps/6/send/")],
    "programmes:step-verify": [Look("verifier", f"{EVESHAM}steps/4/verify/")],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "delivery:handover-file",  # a file, or the way back to the page
    "delivery:handover-print",  # a button
}
