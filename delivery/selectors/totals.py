"""The figures of the work at locations over a span of days: each is defined here, once.

Pages, reports, exports and the API take them from here, so that a figure is the same wherever it
is shown. They go by effective dates (held on, heard on, closed on), not by when they were typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from delivery.choices import ActionState, AnswerKind, HelpState, MeetingState, NotTaken
from delivery.models import (
    Action,
    Answer,
    Concern,
    Decision,
    HelpRequest,
    Meeting,
    TrainingAttendance,
    TrainingSession,
)
from programmes.models import Location

# Sent twice, or nothing said: nobody was heard by it.
HEARD = ~Q(not_taken__in=(NotTaken.SAME, NotTaken.EMPTY))


@dataclass(frozen=True, slots=True)
class Total:
    """How one figure is counted: which rows, by which day, at which location.

    ``adds`` names the field whose sum is the figure; empty where rows are counted.
    """

    key: str
    label: Any
    note: Any
    model: type[Any]
    day: str
    where: Q = field(default_factory=Q)
    location: str = "location"
    adds: str = ""

    def over(self, locations: Iterable[Location], first: dt.date, last: dt.date) -> dict[UUID, int]:
        """Return the figure by location, both days included; where it is none it is left out."""
        rows = self.model._base_manager.filter(
            self.where,
            **{f"{self.location}__in": list(locations), f"{self.day}__range": (first, last)},
        )
        counted = Sum(self.adds) if self.adds else Count("pk")
        grouped = rows.order_by().values(self.location).annotate(total=counted)
        return {row[self.location]: row["total"] for row in grouped}

    def so_far(self, locations: Iterable[Location], on: dt.date) -> dict[UUID, int]:
        """Return the figure by location of all that was recorded up to a day."""
        return self.over(locations, dt.date.min, on)


TOTALS: tuple[Total, ...] = (
    Total(
        "people_heard",
        _("Times people were heard"),
        _("concerns, ideas and offers, by the day they were heard"),
        Concern,
        "heard_on",
        HEARD,
    ),
    Total(
        "answers_did",
        _("Answered: “you said, we did”"),
        _("published answers"),
        Answer,
        "published_on",
        Q(kind=AnswerKind.DID, withdrawn_on__isnull=True),
    ),
    Total(
        "answers_could_not",
        _("Answered: “we could not, because”"),
        _("published answers"),
        Answer,
        "published_on",
        Q(kind=AnswerKind.COULD_NOT, withdrawn_on__isnull=True),
    ),
    Total(
        "meetings_held",
        _("Meetings held"),
        _("workshops, briefings and group meetings"),
        Meeting,
        "held_on",
        Q(state=MeetingState.HELD),
    ),
    Total("decisions", _("Decisions"), _("by the day they were taken"), Decision, "decided_on"),
    Total("training_sessions", _("Training sessions"), "", TrainingSession, "held_on"),
    Total(
        "people_trained",
        _("People at training"),
        _("attendances, of agencies and the community"),
        TrainingAttendance,
        "session__held_on",
        location="session__location",
        adds="people",
    ),
    Total(
        "actions_done",
        _("Actions done"),
        _("by the day they were finished"),
        Action,
        "closed_on",
        Q(state=ActionState.DONE),
    ),
    Total(
        "help_asked",
        _("Asked for help from above"),
        _("by the day it was sent; once, however often it is passed up"),
        HelpRequest,
        "sent_on",
        Q(passed_from__isnull=True) & ~Q(state=HelpState.WITHDRAWN),
    ),
)
BY_KEY: Mapping[str, Total] = {one.key: one for one in TOTALS}


def total(key: str, location: Location, first: dt.date, last: dt.date) -> int:
    """Return one figure of one location, both days included. Raises KeyError for no such key."""
    return BY_KEY[key].over([location], first, last).get(location.pk, 0)


def totals(
    locations: Iterable[Location], first: dt.date, last: dt.date
) -> dict[UUID, dict[str, int]]:
    """Return every figure of every location by its key; one query a figure, however many."""
    places = list(locations)
    found: dict[UUID, dict[str, int]] = {place.pk: dict.fromkeys(BY_KEY, 0) for place in places}
    for one in TOTALS:
        for location_id, value in one.over(places, first, last).items():
            found[location_id][one.key] = value
    return found
