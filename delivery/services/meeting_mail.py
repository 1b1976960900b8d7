"""Mail about meetings: asked to come, changed, cancelled, minutes there. Each with its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext as _

from accounts.mail import address_of, send
from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from delivery.choices import MeetingState
from delivery.meeting_calendar import CONTENT_TYPE, invitation_to
from delivery.models import Meeting, MeetingAttendance
from delivery.selectors.actions import people_to_ask
from delivery.selectors.meeting_people import mailbox_of
from programmes.policy import require


@dataclass(frozen=True, slots=True)
class Mailed:
    """How many were mailed, and how many are on the list whom no mail reaches."""

    sent: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to mail; ``link`` says whether they may open the meeting's page."""

    email: str
    name: str
    link: bool


@transaction.atomic
def send_invitations(*, meeting: Meeting, by: Any) -> Mailed:
    """Mail everybody on the list who has not been told of the meeting as it stands.

    Doing it twice mails nobody twice. Raises core.errors.NotAllowed, Refused (cancelled or held,
    nobody on the list).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    stored = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if stored.state != MeetingState.PLANNED:
        raise Refused(_("Only to a meeting that lies ahead can people be invited."))
    if not stored.attendance.exists():
        raise Refused(_("There is nobody on the list yet. Add people first."))
    with because(by=by):
        return mail_meeting(stored, by=by)


def mail_meeting(meeting: Meeting, *, by: Any, only_told: bool = False) -> Mailed:
    """Mail the meeting as it stands; for services, inside their transaction.

    ``only_told`` leaves out those who were not mailed before (of a change, or that it is off).
    """
    rows = _rows(meeting)
    here = set(people_to_ask(meeting.location).values_list("pk", flat=True))
    sent, unreachable = [], 0
    for row in rows:
        if row.told == meeting.sequence or (only_told and row.told is None):
            continue
        reader = reader_of(row, here)
        if reader is None:
            unreachable += 1
            continue
        _send(meeting, reader, first=row.told is None)
        sent.append(row.pk)
    MeetingAttendance.objects.filter(pk__in=sent).update(told=meeting.sequence)
    return Mailed(len(sent), unreachable)


def mail_withdrawn(attendance: MeetingAttendance) -> None:
    """Tell somebody who was asked that they need not come; their calendar strikes the entry."""
    meeting = _whole(attendance.meeting)
    reader = reader_of(attendance, set())
    if reader is None:
        return
    words = {"title": meeting.title, "when": when_words(meeting)}
    text = _("You no longer need to come to “%(title)s” on %(when)s.") % words
    subject = _("No longer needed: %(title)s, %(when)s") % words
    _post(meeting, reader, subject, text, cancel=True)


def mail_minutes(meeting: Meeting) -> int:
    """Tell those who were invited, and may open the page, that the minutes are there."""
    meeting = _whole(meeting)
    here = set(people_to_ask(meeting.location).values_list("pk", flat=True))
    sent = 0
    for row in _rows(meeting):
        reader = reader_of(row, here)
        if reader is None or not reader.link:
            continue
        words = {"title": meeting.title, "when": when_words(meeting)}
        address = address_of(f"{meeting.get_absolute_url()}minutes/")
        text = _("The minutes of “%(title)s” on %(when)s are there:") % words
        send(
            to=reader.email,
            subject=_("Minutes: %(title)s, %(when)s") % words,
            text=f"{text}\n\n{address}\n\n{_('You see there what your role and agency let you.')}",
        )
        sent += 1
    return sent


def reader_of(row: MeetingAttendance, here: set[Any]) -> Reader | None:
    """Return whom to mail for a place on the list; None where no mail reaches them."""
    found = mailbox_of(row)
    return Reader(*found, row.user_id in here) if found is not None else None


def when_words(meeting: Meeting) -> str:
    """Return day and time as people say them: "Wednesday 26 June 2024, 10:00 to 11:30"."""
    words = formats.date_format(meeting.held_on, "l j F Y")
    if meeting.starts_at is not None:
        words += f", {meeting.starts_at:%H:%M}"
        if meeting.ends_at is not None:
            words += " " + _("to %(end)s") % {"end": f"{meeting.ends_at:%H:%M}"}
    return words


def _rows(meeting: Meeting) -> Any:
    rows = meeting.attendance.select_related("user__agency", "member__consent", "member__user")
    return rows.order_by("created_at", "pk")


def _whole(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.select_related("location__programme", "called_by")
    return rows.get(pk=meeting.pk)


def _send(meeting: Meeting, reader: Reader, *, first: bool) -> None:
    cancel = meeting.state == MeetingState.CANCELLED
    words = {
        "title": meeting.title,
        "place": meeting.location.name,
        "when": when_words(meeting),
        "who": meeting.called_by,
    }
    if cancel:
        subject = _("Cancelled: %(title)s, %(place)s, %(when)s")
        opening = _("“%(title)s” in %(place)s on %(when)s is cancelled.") % words
        lines = [opening, "", meeting.cancelled_reason]
    else:
        subject = (
            _("Invitation: %(title)s, %(place)s, %(when)s")
            if first
            else _("Changed: %(title)s, %(place)s, %(when)s")
        )
        opening = (
            _("%(who)s invites you to “%(title)s” in %(place)s.")
            if first
            else _("“%(title)s” in %(place)s has changed. This is how it stands now.")
        ) % words
        lines = [opening, "", _("When: %(when)s") % words]
        if meeting.where:
            lines.append(_("Where: %(where)s") % {"where": meeting.where})
        points = meeting.agenda_points()
        if points:
            lines += ["", _("Agenda")]
            lines += [f"{number}. {point}" for number, point in enumerate(points, 1)]
        lines += ["", *_answer_lines(meeting, reader)]
    _post(meeting, reader, subject % words, "\n".join(lines), cancel=cancel)


def _answer_lines(meeting: Meeting, reader: Reader) -> list[str]:
    if reader.link:
        return [_("Say here whether you can come:"), address_of(meeting.get_absolute_url())]
    return [
        _("Tell %(who)s whether you can come: %(email)s")
        % {"who": meeting.called_by, "email": meeting.called_by.email}
    ]


def _post(meeting: Meeting, reader: Reader, subject: str, text: str, *, cancel: bool) -> None:
    with translation.override(None):
        content = invitation_to(
            meeting, email=reader.email, name=reader.name, link=reader.link, cancel=cancel
        )
    method = "CANCEL" if cancel else "REQUEST"
    send(
        to=reader.email,
        subject=subject,
        text=text,
        alternatives=[(content.decode(), f"{CONTENT_TYPE}; method={method}")],
        attachments=[("meeting.ics", content, "application/ics")],
    )
