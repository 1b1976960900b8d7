"""A person's calendar: the due dates of their own actions, and their meetings (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Event

from accounts.mail import address_of
from core import clock
from delivery import meeting_calendar
from delivery.models import Action
from delivery.selectors.actions import own_actions
from delivery.selectors.meetings import meetings_for

BACK, AHEAD = dt.timedelta(days=31), dt.timedelta(days=366)


def calendar_of(user: Any, on: dt.date | None = None) -> bytes:
    """Return a person's calendar file: what they see now, and nobody else's doings.

    Open actions whatever their date, meetings from a month back to a year ahead.
    """
    on = on or clock.today()
    events = [action_event(action, on) for action in own_actions(user).open()]
    events += [
        meeting_calendar.event_of(meeting) for meeting in meetings_for(user, on - BACK, on + AHEAD)
    ]
    return meeting_calendar.calendar_of(*events)


def action_event(action: Action, on: dt.date) -> Event:
    """Return the due date of an action as a whole day that leaves the person free."""
    event = Event()
    event.add("uid", f"action-{action.pk}@intensive-engagement")
    event.add("sequence", action.version)
    event.add("dtstamp", clock.now())
    event.add("dtstart", action.due_on)
    event.add("dtend", action.due_on + dt.timedelta(days=1))
    late = f" ({_('overdue')})" if action.days_late(on) else ""
    event.add("summary", _("Due: %(title)s") % {"title": f"{action.title}{late}"})
    event.add("location", str(action.target_place or action.location))
    event.add("transp", "TRANSPARENT")
    address = address_of(action.own_url())
    event.add("url", address)
    event.add("description", address)
    return event
