"""The residents' voice for the access matrix: one's own, and the neighbour's behind a closed page.

``concern_id`` waits to be read, ``open_concern_id`` is published, ``answer_id`` is a draft,
``message_id`` a safeguarding message. Nothing of it belongs to an agency: no other owns any.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from core import clock
from delivery.models import Concern, Decision
from tests.factories.actions import ActionFactory
from tests.factories.voice import (
    AnswerFactory,
    ConcernFactory,
    PriorityFactory,
    PublicPageFactory,
    SafeguardingMessageFactory,
)

COORDINATORS = {"coordinator", "other_agency", "lapsed", "covered", "teme", "token_reader"}
MODERATORS = COORDINATORS | {"manager", "community"}
TWINS = ("concern_id", "open_concern_id", "priority_id", "answer_id", "message_id")
SECRETS = {
    "own-unread-q7": MODERATORS,
    "own-words-q7": MODERATORS,
    "own-draft-q7": MODERATORS,
    "own-worry-q7": COORDINATORS | {"manager"},
    "own-worry-contact-q7": COORDINATORS | {"manager"},
    "neighbours-words-q7": {"neighbour"},
    "neighbours-public-q7": {"neighbour"},
    "neighbours-priority-q7": {"neighbour"},
    "neighbours-draft-q7": {"neighbour"},
    "neighbours-worry-q7": {"neighbour"},
}
OPEN = "open to all while the page is open, 404 otherwise"
UNSCOPED = {
    "PublicPageView": OPEN,
    "PublicAnswersView": OPEN,
    "TellView": OPEN,
    "SaidView": OPEN,
    "WorriedView": OPEN,
}
A_DATE = dt.date(2024, 6, 3)


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Open the page; hear two, read one of them, draft an answer, keep a worry."""
    ConcernFactory(location=people.location, open=True, text="own-words-q7", where="By the shops")
    concern = ConcernFactory(location=people.location, text="own-unread-q7")
    answered = ConcernFactory(location=people.location, open=True)
    return [
        PublicPageFactory(location=people.location),
        PriorityFactory(location=people.location, why="They asked."),
        concern,
        AnswerFactory(concern=answered, text="own-draft-q7", drafted_by=people.community),
        SafeguardingMessageFactory(
            location=people.location, text="own-worry-q7", contact="own-worry-contact-q7"
        ),
    ]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    concern = made["delivery.Concern"]
    published = Concern.objects.get(location=concern.location, text="own-words-q7")
    decision = Decision.objects.filter(location=concern.location).first() or _decision(
        concern.location, made["accounts.User"]
    )
    return {
        "public_slug": concern.location.slug,
        "closed_slug": "redditch-town",
        "concern_id": concern.pk,
        "open_concern_id": published.pk,
        "priority_id": made["delivery.Priority"].pk,
        "answer_id": made["delivery.Answer"].pk,
        "message_id": made["delivery.SafeguardingMessage"].pk,
        "voice_decision_id": decision.pk,
        "voice_action_id": made["delivery.Action"].pk,
    }


def _decision(location: Any, by: Any) -> Decision:
    return Decision.objects.create(
        location=location, text="Light first", decided_on=A_DATE, recorded_by=by
    )


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at the neighbour's, whose page is closed."""
    people, location = cast.people, cast.people.other_location
    PublicPageFactory(location=location, closed_on=clock.today())
    published = ConcernFactory(
        location=location,
        open=True,
        text="neighbours-words-q7",
        public_text="neighbours-public-q7",
    )
    return {
        "n_concern_id": ConcernFactory(location=location, text="neighbours-words-q7").pk,
        "n_open_concern_id": published.pk,
        "n_priority_id": PriorityFactory(location=location, title="neighbours-priority-q7").pk,
        "n_answer_id": AnswerFactory(concern=published, text="neighbours-draft-q7").pk,
        "n_message_id": SafeguardingMessageFactory(
            location=location, text="neighbours-worry-q7"
        ).pk,
        "n_voice_decision_id": _decision(location, people.neighbour).pk,
        "n_voice_action_id": ActionFactory(
            location=location, owner=people.neighbour, asked_by=people.neighbour
        ).pk,
    }


def grow(people: Any, size: int) -> None:
    """Hear, agree and answer as much as there are locations."""
    PublicPageFactory(location=people.location)
    for number in range(size):
        concern = ConcernFactory(location=people.location, open=True)
        ConcernFactory(location=people.location, answer_by=A_DATE + dt.timedelta(days=number % 30))
        AnswerFactory(concern=concern, published_on=A_DATE, approved_by=people.coordinator)
        AnswerFactory(concern=concern, drafted_by=people.community)
        priority = PriorityFactory(location=people.location)
        Concern.objects.filter(pk=concern.pk).update(priority=priority)
        SafeguardingMessageFactory(location=people.location)
