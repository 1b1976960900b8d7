"""Meetings: planned from a template, changed, cancelled, closed.

Who is asked to come: ``meeting_people``. What is written down while it runs: ``meeting_capture``.
What is mailed: ``meeting_mail``. The printed minutes: ``meeting_minutes``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Conflict, Refused
from core.history import because
from delivery.choices import Attended, MeetingState
from delivery.models import DeliveryGroup, Meeting
from delivery.selectors.meeting_people import Invitee
from delivery.services.meeting_capture import (
    change_decision,
    change_issue,
    raise_issue,
    record_decision,
)
from delivery.services.meeting_mail import mail_meeting
from delivery.services.meeting_people import add_people, checked
from programmes.models import Location
from programmes.policy import require
from programmes.services.repeats import create_once, is_demonstration

__all__ = [
    "cancel_meeting",
    "change_decision",
    "change_issue",
    "change_meeting",
    "close_meeting",
    "locked_meeting",
    "plan_meeting",
    "raise_issue",
    "record_decision",
]

EDITABLE = ("title", "held_on", "starts_at", "ends_at", "where", "agenda", "group", "summary")
# A change of these is a change of the appointment: whoever was invited is told.
APPOINTMENT = frozenset({"title", "held_on", "starts_at", "ends_at", "where", "agenda"})


@transaction.atomic
def plan_meeting(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    location: Location,
    kind: str,
    title: str,
    held_on: dt.date,
    by: Any,
    starts_at: dt.time | None = None,
    ends_at: dt.time | None = None,
    where: str = "",
    agenda: str = "",
    group: DeliveryGroup | None = None,
    invited: Iterable[Invitee] = (),
    demonstration: bool | None = None,
) -> Meeting:
    """Plan a meeting and put down who is to be asked; nobody is mailed yet.

    Sending the same ``id`` again with the same content is harmless. A day in the past is taken: it
    was held and is written up now. Raises core.errors.NotAllowed, Refused (no title, end before
    the beginning, a group of another location, conflicting repeat).
    """
    require(by, Permission.DELIVERY_RECORD, location)
    same = {
        "location": location,
        "kind": kind,
        "title": title.strip(),
        "held_on": held_on,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "where": where.strip(),
        "agenda": _clean(agenda),
        "group": group,
    }
    _check(location, same)
    people = checked(location, invited)
    with because(by=by):
        meeting, new = create_once(
            Meeting, id, same, called_by=by, is_demonstration=is_demonstration(demonstration)
        )
        if new:
            add_people(meeting, people)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, version: int, by: Any, **changes: Any) -> Meeting:
    """Change a meeting; ``changes`` holds fields of ``EDITABLE``.

    Where the appointment changes, those who were mailed are mailed the change: the same entry of
    their calendar, moved. Raises core.errors.Conflict if someone saved in between, NotAllowed,
    Refused (cancelled, as ``plan_meeting``).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    stored = locked_meeting(meeting, version)
    _refuse_cancelled(stored)
    before = {name: getattr(stored, name) for name in APPOINTMENT}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is no field that change_meeting changes")
        setattr(stored, name, value.strip() if isinstance(value, str) else value)
    stored.agenda = _clean(stored.agenda)
    _check(stored.location, {name: getattr(stored, name) for name in EDITABLE})
    moved = any(getattr(stored, name) != value for name, value in before.items())
    if moved:
        stored.sequence += 1
    with because(by=by):
        stored.save_version(version)
        if moved and stored.state == MeetingState.PLANNED:
            mail_meeting(stored, by=by, only_told=True)
    return stored


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, version: int, by: Any) -> Meeting:
    """Cancel a meeting that was not held, and tell those who were mailed.

    Raises core.errors.Conflict, NotAllowed, Refused (no reason, held already, cancelled already).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    stored = locked_meeting(meeting, version)
    _refuse_cancelled(stored)
    if stored.state == MeetingState.HELD:
        raise Refused(_("This meeting was held, so it cannot be cancelled."))
    if not reason.strip():
        raise Refused(_("Say why the meeting is cancelled."))
    stored.state, stored.cancelled_reason = MeetingState.CANCELLED, reason.strip()
    stored.sequence += 1
    with because(by=by, reason=stored.cancelled_reason):
        stored.save_version(version)
        mail_meeting(stored, by=by, only_told=True)
    return stored


@transaction.atomic
def close_meeting(*, meeting: Meeting, version: int, by: Any, summary: str = "") -> Meeting:
    """Close a meeting that was held: whoever was invited and did not come counts as absent.

    What was captured can be corrected afterwards; the minutes are then made anew. Raises
    core.errors.Conflict, NotAllowed, Refused (cancelled, closed already, its day is still to come,
    nobody marked as present).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    stored = locked_meeting(meeting, version)
    _refuse_cancelled(stored)
    if stored.state == MeetingState.HELD:
        raise Refused(_("This meeting is closed already."))
    if stored.held_on > clock.today():
        raise Refused(_("This meeting lies ahead. Close it on its day, or change the date."))
    if not stored.attendance.filter(state=Attended.PRESENT).exists():
        raise Refused(_("Nobody is marked as present. Tick who was there first."))
    stored.state, stored.closed_on = MeetingState.HELD, clock.today()
    stored.summary = summary.strip() or stored.summary
    with because(by=by):
        stored.save_version(version)
        for row in stored.attendance.filter(state=Attended.INVITED):
            row.state = Attended.ABSENT
            row.save_version(row.version, update_fields=["state", "version", "updated_at"])
    return stored


def locked_meeting(meeting: Meeting, version: int | None = None) -> Meeting:
    """Return the stored meeting, locked until the transaction ends. Raises core.errors.Conflict."""
    stored: Meeting = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("location__programme", "group")
        .get(pk=meeting.pk)
    )
    if version is not None and stored.version != version:
        raise Conflict(
            _("Someone else changed this meeting while you were reading it."), current=stored
        )
    return stored


def _refuse_cancelled(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled."))


def _clean(agenda: str) -> str:
    return "\n".join(line.strip() for line in agenda.splitlines() if line.strip())


def _check(location: Location, fields: dict[str, Any]) -> None:
    if not fields["title"]:
        raise Refused(_("Give the meeting a title."))
    start, end = fields["starts_at"], fields["ends_at"]
    if end is not None and start is None:
        raise Refused(_("Say when the meeting begins, too."))
    if start is not None and end is not None and end <= start:
        raise Refused(_("The meeting must end after it begins."))
    group = fields["group"]
    if group is not None and group.location_id != location.pk:
        raise Refused(_("That group belongs to another location."))
