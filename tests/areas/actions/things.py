"""Actions for the access matrix: the partner's own, the neighbour's, and a sensitive one of Teme's.

The partner owns ``action_id`` and the persona of the mail's link helps with it; ``done_action_id``
is finished and can become evidence.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models.invitation import digest_of
from delivery.models import Action, CalendarFeed
from tests.factories.actions import ActionCommentFactory, ActionFactory
from tests.factories.core import StoredFileFactory
from tests.factories.programmes import TargetPlaceFactory

SECRET = "the-calendar-secret-of-the-partner-0123456789"
TWINS = ("action_id",)
OTHERS = ("action_id",)
SECRETS = {
    "x-action-details-q7": {"covered", "teme"},
    "x-action-blocked-q7": {"covered", "teme"},
    "x-action-photo-q7": {"covered", "teme"},
    "x-action-comment-q7": {"covered", "teme"},
    "neighbours-action-q7": {"neighbour"},
    "neighbours-photo-q7": {"neighbour"},
}
UNSCOPED = {
    "NoticesView": "one's own mail and calendar",
    "CalendarView": "opened by the secret in its address",
}


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make the partner's action with a comment, and the partner's calendar address."""
    CalendarFeed.objects.create(user=people.partner, digest=digest_of(SECRET))
    action = ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        title="Repair the light",
        details="Two lamps are out.",
        closing_note="Half of it so far.",
        handling="As usual.",
        photo=StoredFileFactory(name="light.png", content_type="image/png"),
    )
    return [action, ActionCommentFactory(action=action, said_by=people.partner)]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    action = made["delivery.Action"]
    return {"action_id": action.pk, "owner_id": action.owner_id, "calendar_secret": SECRET}


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the neighbour's own action."""
    people = cast.people
    TargetPlaceFactory(location=people.other_location, slug="n-place-alone", name="Alone")
    action = ActionFactory(
        location=people.other_location,
        owner=people.neighbour,
        asked_by=people.neighbour,
        title="neighbours-action-q7",
        photo=StoredFileFactory(
            name="light.png", content_type="image/png", content=b"neighbours-photo-q7\n"
        ),
    )
    return {"n_action_id": action.pk}


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make a sensitive action of Teme's, and a finished one of the police's."""
    people, teme = cast.people, cast.users["teme"]
    Action.objects.get(pk=known["action_id"]).helpers.add(cast.users["link_session"])
    action = ActionFactory(
        location=people.location,
        owner=teme,
        asked_by=teme,
        title="Teme’s action",
        details="x-action-details-q7",
        state="blocked",
        blocked_on=dt.date(2024, 6, 12),
        blocked_reason="x-action-blocked-q7",
        closing_note="x-action-details-q7",
        photo=StoredFileFactory(
            name="light.png", content_type="image/png", content=b"x-action-photo-q7\n"
        ),
        marking="official-sensitive",
        handling="Only as agreed.",
    )
    ActionCommentFactory(action=action, said_by=teme, text="x-action-comment-q7")
    done = ActionFactory(
        location=people.location,
        owner=people.partner,
        asked_by=people.coordinator,
        title="Cut the hedge",
        state="done",
        closed_on=dt.date(2024, 6, 20),
        closing_note="Cut.",
    )
    return {
        "x_action_id": action.pk,
        "done_action_id": done.pk,
        "colleague_id": cast.users["link_session"].pk,
    }


def grow(people: Any, size: int) -> None:
    """Ask for as many actions as there are locations, of several people."""
    owners = [people.partner, people.coordinator, people.leader, people.community]
    for number in range(size):
        action = ActionFactory(
            location=people.location,
            owner=owners[number % len(owners)],
            asked_by=people.coordinator,
            due_on=dt.date(2024, 6, 10) + dt.timedelta(days=number % 30),
        )
        action.helpers.add(people.verifier)
        ActionCommentFactory(action=action, said_by=people.partner)
