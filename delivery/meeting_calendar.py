"""Meetings for calendars: invitations and single entries as iCalendar (RFC 5545, RFC 5546).

A meeting has one UID for ever and a SEQUENCE that grows with every change people are told of, so
that a calendar moves or strikes the entry it has instead of adding a second one.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from accounts.mail import address_of
from core import clock
from delivery.choices import MeetingState
from delivery.meeting_templates import TEMPLATES
from delivery.models import Meeting

PRODUCT = "-//Intensive Engagement//Meetings//EN"
CONTENT_TYPE = "text/calendar"


def uid_of(meeting: Meeting) -> str:
    """Return the name of a meeting in every calendar."""
    return f"meeting-{meeting.pk}@intensive-engagement"


def times_of(meeting: Meeting) -> tuple[dt.datetime | dt.date, dt.datetime | dt.date]:
    """Return when a meeting begins and ends, in local time; whole days where no time is set.

    Without an end it lasts as long as meetings of its kind usually do. The last day of a whole-day
    entry is the first on which it is over, as calendars have it.
    """
    if meeting.starts_at is None:
        return meeting.held_on, meeting.held_on + dt.timedelta(days=1)
    zone = ZoneInfo(settings.TIME_ZONE)
    start = dt.datetime.combine(meeting.held_on, meeting.starts_at, tzinfo=zone)
    if meeting.ends_at is not None:
        return start, dt.datetime.combine(meeting.held_on, meeting.ends_at, tzinfo=zone)
    return start, start + dt.timedelta(minutes=TEMPLATES[meeting.kind].minutes)  # type: ignore[index]  # the column holds a MeetingKind


def event_of(meeting: Meeting, *, link: bool = True) -> Event:
    """Return a meeting as an entry of a calendar; without people.

    ``link`` leads to its page: for those who may open it.
    """
    start, end = times_of(meeting)
    cancelled = meeting.state == MeetingState.CANCELLED
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{meeting.location.name}: {meeting.title}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if meeting.where:
        event.add("location", meeting.where)
    lines = [f"{number}. {point}" for number, point in enumerate(meeting.agenda_points(), 1)]
    if link:
        address = address_of(meeting.get_absolute_url())
        event.add("url", address)
        lines += ["", address] if lines else [address]
    if lines:
        event.add("description", "\n".join(lines))
    return event


def calendar_of(*events: Event, method: str = "") -> bytes:
    """Return entries as a calendar file, with the time zones they need."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    years = [clock.today().year]
    for event in events:
        calendar.add_component(event)
        years.append(event.start.year)
    # Only the years around the entries: the whole history of summer time is long.
    calendar.add_missing_timezones(
        first_date=dt.date(min(years), 1, 1), last_date=dt.date(max(years) + 2, 1, 1)
    )
    return bytes(calendar.to_ical())


def invitation_to(meeting: Meeting, *, email: str, name: str, link: bool, cancel: bool) -> bytes:
    """Return what makes the recipient's calendar ask, move or strike the entry.

    Whoever called the meeting is named, and the recipient: nobody else who was invited.
    """
    event = event_of(meeting, link=link)
    organiser = vCalAddress(f"mailto:{meeting.called_by.email}")
    organiser.params["CN"] = vText(str(meeting.called_by))
    event["organizer"] = organiser
    attendee = vCalAddress(f"mailto:{email}")
    attendee.params["CN"] = vText(name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE" if cancel else "TRUE")
    event.add("attendee", attendee, encode=False)
    if cancel:
        event["status"] = vText("CANCELLED")
    return calendar_of(event, method="CANCEL" if cancel else "REQUEST")
