"""The pages of groups, training and the log, and who looks at them in the browser.

The ids of the demonstration's records follow from their names.
"""

from __future__ import annotations

import datetime as dt

from demo.loading.groups import story
from demo.loading.programmes import identity
from tests.browser.look import LOCATION, Look

GROUP = f"{LOCATION}group/{identity('group', 'leominster')}/"
WORKING = f"{LOCATION}group/{identity('group', 'garage-court')}/"
MEMBER = f"{GROUP}members/{identity('member', 'leominster', 'partner')}/"
SEAT = f"{GROUP}seats/{identity('seat', 'leominster', 'health')}/"
TRAINING = f"{LOCATION}training/{identity('training', 'leominster', 'vicinity')}/"
ENTRY = next(
    f"{LOCATION}log/{identity('log', 'leominster', entry['done_on'], entry['text'])}/"
    for entry in story()["log"]
    if entry["done_on"] == dt.date(2024, 5, 21)
)

PAGES: dict[str, list[Look]] = {
    "delivery:group": [
        Look("coordinator", f"{LOCATION}group/"),
        Look("partner", f"{LOCATION}group/"),
        Look("neighbour", "/locations/redditch/group/"),
    ],
    "delivery:group-new": [
        Look("coordinator", f"{LOCATION}group/new/"),
        Look("neighbour", "/locations/redditch/group/new/?kind=delivery"),
    ],
    "delivery:group-detail": [Look("coordinator", WORKING), Look("leader", WORKING)],
    "delivery:group-edit": [Look("coordinator", f"{GROUP}edit/")],
    "delivery:group-history": [Look("coordinator", f"{GROUP}history/")],
    "delivery:seat-new": [Look("coordinator", f"{GROUP}seats/new/")],
    "delivery:seat-edit": [Look("coordinator", SEAT)],
    "delivery:member-new": [
        Look("coordinator", f"{GROUP}members/new/?as={way}")
        for way in ("account", "community", "agency", "unnamed")
    ],
    "delivery:member-edit": [Look("coordinator", MEMBER)],
    "delivery:member-end": [Look("coordinator", f"{MEMBER}end/")],
    "delivery:training-list": [
        Look("coordinator", f"{LOCATION}training/"),
        Look("verifier", f"{LOCATION}training/"),
        Look("neighbour", "/locations/redditch/training/"),
    ],
    "delivery:training-new": [Look("coordinator", f"{LOCATION}training/new/")],
    "delivery:training-detail": [Look("coordinator", TRAINING)],
    "delivery:training-edit": [Look("coordinator", f"{TRAINING}edit/")],
    "delivery:training-history": [Look("coordinator", f"{TRAINING}history/")],
    "delivery:log": [
        Look("coordinator", f"{LOCATION}log/"),
        Look("community", f"{LOCATION}log/?kind=visit"),
        Look("verifier", f"{LOCATION}log/"),
        Look("neighbour", "/locations/redditch/log/"),
    ],
    "delivery:log-new": [
        Look("community", f"{LOCATION}log/new/"),
        Look("coordinator", f"{LOCATION}log/new/"),
    ],
    "delivery:log-detail": [Look("coordinator", ENTRY)],
    "delivery:log-edit": [Look("community", f"{ENTRY}edit/")],
    "delivery:log-history": [Look("coordinator", f"{ENTRY}history/")],
}
NO_PAGE = {"delivery:member-chair", "delivery:log-photo"}
