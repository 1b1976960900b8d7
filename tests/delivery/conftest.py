"""What the tests of delivery share."""

import datetime as dt
import uuid

import pytest

from delivery.selectors.meeting_people import Invitee
from delivery.services import actions, meetings


@pytest.fixture
def ask(people):
    """Ask the partner for an action; what is given takes the place of what is usual."""

    def ask(**more):
        wanted = {
            "id": uuid.uuid4(),
            "location": people.location,
            "title": "Repair the light",
            "owner": people.partner,
            "due_on": dt.date(2024, 7, 2),
            "by": people.coordinator,
        }
        return actions.ask_action(**{**wanted, **more})

    return ask


@pytest.fixture
def plan_meeting(people):
    """Plan a meeting of tomorrow; what is given takes the place of what is usual."""

    def plan(**more):
        wanted = {
            "id": uuid.uuid4(),
            "location": people.location,
            "kind": "delivery_group",
            "title": "Delivery group meeting",
            "held_on": dt.date(2024, 6, 26),
            "starts_at": dt.time(18),
            "ends_at": dt.time(19, 30),
            "where": "Town hall",
            "agenda": "1. Welcome\n\n 2. Actions ",
            "invited": [Invitee(user=people.partner), Invitee(user=people.coordinator)],
            "by": people.coordinator,
        }
        return meetings.plan_meeting(**{**wanted, **more})

    return plan
