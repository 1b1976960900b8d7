"""The pages of the residents' voice, and who looks at them."""

from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

VOICE = f"{LOCATION}voice/"
NEW = f"{VOICE}{identity('concern', 'bin')}/"
OPEN = f"{VOICE}{identity('concern', 'lamps')}/"
ANSWERED = f"{VOICE}{identity('concern', 'hedge')}/"
CLOSED = f"{VOICE}{identity('concern', 'rubbish')}/"
PRIORITY = f"{VOICE}priorities/{identity('priority', 'garage-court')}/"
DRAFT = f"{VOICE}answers/{identity('answer', 'walk')}/"
PUBLISHED = f"{VOICE}answers/{identity('answer', 'camera')}/"
MESSAGE = f"{VOICE}safeguarding/{identity('worry', 'worry')}/"

PAGES = {
    "delivery:public-page": [Look(None, "/p/leominster/"), Look("coordinator", "/p/oswestry/")],
    "delivery:public-answers": [Look(None, "/p/leominster/answers/")],
    "delivery:public-tell": [Look(None, "/p/leominster/tell/")],
    "delivery:public-said": [Look(None, "/p/leominster/said/")],
    "delivery:public-worried": [Look(None, "/p/leominster/worried/")],
    "delivery:voice": [
        Look("coordinator", VOICE),
        Look("community", f"{VOICE}?list=open"),
        Look("partner", VOICE),
        Look("coordinator", f"{VOICE}?list=closed"),
    ],
    "delivery:concern-new": [Look("community", f"{VOICE}new/")],
    "delivery:concern-detail": [
        Look("community", NEW),
        Look("coordinator", OPEN),
        Look("leader", ANSWERED),
        Look("coordinator", CLOSED),
    ],
    "delivery:concern-moderate": [Look("community", f"{NEW}read/")],
    "delivery:concern-close": [Look("community", f"{OPEN}close/")],
    "delivery:concern-safeguard": [Look("community", f"{NEW}safeguard/")],
    "delivery:concern-answer": [Look("community", f"{OPEN}answer/")],
    "delivery:public-page-settings": [Look("coordinator", f"{VOICE}public-page/")],
    "delivery:priority-new": [Look("coordinator", f"{VOICE}priorities/new/")],
    "delivery:priority-detail": [Look("coordinator", PRIORITY), Look("partner", PRIORITY)],
    "delivery:priority-edit": [Look("coordinator", f"{PRIORITY}edit/")],
    "delivery:priority-join": [Look("coordinator", f"{PRIORITY}join/")],
    "delivery:priority-action": [Look("coordinator", f"{PRIORITY}action/")],
    "delivery:priority-actions": [Look("coordinator", f"{PRIORITY}actions/")],
    "delivery:priority-answer": [Look("coordinator", f"{PRIORITY}answer/")],
    "delivery:answer-detail": [Look("coordinator", DRAFT), Look("leader", PUBLISHED)],
    "delivery:answer-edit": [Look("community", f"{DRAFT}edit/")],
    "delivery:answer-withdraw": [Look("coordinator", f"{PUBLISHED}withdraw/")],
    "delivery:safeguarding": [Look("coordinator", f"{VOICE}safeguarding/")],
    "delivery:safeguarding-detail": [Look("coordinator", MESSAGE)],
    "delivery:safeguarding-pass-on": [Look("coordinator", f"{MESSAGE}passed-on/")],
}
LOOKED_AT_ELSEWHERE: set[str] = set()
NO_PAGE = {
    "delivery:concern-reopen",  # a button
    "delivery:answer-approve",  # a button
}
