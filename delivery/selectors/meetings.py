"""Reads of meetings and decisions: lists, calendars, what is coming, what may be raised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from core import clock
from delivery.choices import Attended, ConcernState, MeetingState
from delivery.models import Action, Concern, Decision, Issue, Meeting, MeetingAttendance
from programmes.models import Location


@dataclass(frozen=True, slots=True)
class Meetings:
    """The meetings of a location on a day, as its list shows them.

    ``ahead`` come, the next first; ``open`` are past their day and not closed; ``past`` were held
    or cancelled, the latest first.
    """

    ahead: tuple[Meeting, ...]
    open: tuple[Meeting, ...]
    past: Any

    @property
    def is_empty(self) -> bool:
        """Whether there is none at all."""
        return not (self.ahead or self.open or self.past)


def _number_of(model: type[Any], **more: Any) -> Any:
    rows = model._default_manager.filter(meeting=OuterRef("pk"), **more).order_by()
    counted = rows.values("meeting").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_numbers(rows: Any) -> Any:
    """Annotate meetings with how many were there, and what came out of them."""
    return rows.annotate(
        present_count=_number_of(MeetingAttendance, state=Attended.PRESENT),
        invited_count=_number_of(MeetingAttendance),
        issue_count=_number_of(Issue),
        decision_count=_number_of(Decision),
        action_count=_number_of(Action),
    )


def meetings_of(location: Location, reader: Any, on: dt.date | None = None) -> Meetings:
    """Return the meetings of a location that a reader may see. Two queries, and one for a page."""
    on = on or clock.today()
    rows = Meeting.objects.filter(location=location).visible_to(reader)
    rows = with_numbers(rows.select_related("location", "group"))
    planned = rows.filter(state=MeetingState.PLANNED)
    return Meetings(
        ahead=tuple(planned.filter(held_on__gte=on).order_by("held_on", "starts_at", "pk")),
        open=tuple(planned.filter(held_on__lt=on).order_by("held_on", "starts_at", "pk")),
        past=rows.exclude(state=MeetingState.PLANNED).order_by("-held_on", "-starts_at", "pk"),
    )


def meetings_ahead(location: Location, reader: Any, on: dt.date | None = None) -> list[Meeting]:
    """Return the planned meetings from a day on, the next first. One query."""
    rows = Meeting.objects.filter(
        location=location, state=MeetingState.PLANNED, held_on__gte=on or clock.today()
    )
    rows = rows.visible_to(reader).select_related("location")
    return list(rows.order_by("held_on", "starts_at", "pk"))


def meetings_for(user: Any, first: dt.date, last: dt.date) -> list[Meeting]:
    """Return the meetings of a person's own calendar on these days, both included. One query.

    Those to which they are asked or which they called, at locations that they still see; not those
    for which they sent apologies. Cancelled ones are among them, so that a calendar strikes them:
    ``delivery.meeting_calendar.event_of`` makes the entry.
    """
    return list(_own(user, first, last).order_by("held_on", "starts_at", "pk"))


def _own(user: Any, first: dt.date, last: dt.date) -> Any:
    mine = MeetingAttendance.objects.filter(user=user)
    asked = mine.exclude(state=Attended.APOLOGIES).values("meeting")
    declined = mine.filter(state=Attended.APOLOGIES).values("meeting")
    rows = Meeting.objects.all().visible_to(user).filter(held_on__range=(first, last))
    rows = rows.filter(Q(pk__in=asked) | Q(called_by=user)).exclude(pk__in=declined)
    return rows.select_related("location__programme", "called_by")


@dataclass(frozen=True, slots=True)
class MyMeetings:
    """What a person's week holds of meetings: those to go to, and those still to be closed."""

    ahead: tuple[Meeting, ...]
    to_close: tuple[Meeting, ...]

    def __bool__(self) -> bool:
        return bool(self.ahead or self.to_close)


def my_meetings(user: Any, on: dt.date | None = None) -> MyMeetings:
    """Return a person's meetings from a day to the end of next week, and those to be closed.

    ``to_close`` are past their day, where the person keeps the record of meetings. One query.
    """
    on = on or clock.today()
    last = on + dt.timedelta(days=13 - on.weekday())
    ahead = _own(user, on, last).filter(state=MeetingState.PLANNED).order_by()
    kept = Meeting.objects.all().visible_to(user, Permission.DELIVERY_RECORD)
    past = kept.filter(state=MeetingState.PLANNED, held_on__lt=on)
    past = past.select_related("location__programme", "called_by").order_by("held_on", "pk")
    rows = list(ahead.union(past[:10], all=True).order_by("held_on", "starts_at", "pk"))
    return MyMeetings(
        tuple(row for row in rows if row.held_on >= on),
        tuple(row for row in rows if row.held_on < on),
    )


def decisions_of(
    location: Location,
    reader: Any,
    *,
    words: str = "",
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Any:
    """Return the decisions of a location that a reader may see, the latest first.

    ``words`` must occur in the text; ``first`` and ``last`` are included.
    """
    rows = Decision.objects.filter(location=location).visible_to(reader)
    if words.strip():
        rows = rows.filter(text__icontains=words.strip())
    if first is not None:
        rows = rows.filter(decided_on__gte=first)
    if last is not None:
        rows = rows.filter(decided_on__lte=last)
    rows = rows.select_related("location", "meeting__location", "issue", "recorded_by__agency")
    return rows.annotate(action_count=Count("actions")).order_by("-decided_on", "-created_at")


def concerns_to_raise(location: Location, reader: Any) -> list[Concern]:
    """Return what residents brought and still waits, as far as a reader finds it. One query.

    Those who moderate find all of it; others what is published, in its published words.
    """
    rows = Concern.objects.filter(location=location, state=ConcernState.OPEN)
    return list(rows.visible_to(reader).order_by("answer_by", "heard_on", "created_at"))
