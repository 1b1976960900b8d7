"""What falls due about actions when the business date changes."""

from __future__ import annotations

import datetime as dt

from core.due import due
from delivery.services import reminders


@due("action-reminders", order=60)
def remind(on: dt.date) -> str:
    """Remind the owners of actions."""
    return f"{reminders.send_reminders(on)} reminders sent"


@due("weekly-digest", order=70)
def digest(on: dt.date) -> str:
    """Send the weekly mail."""
    return f"{reminders.send_digests(on)} weekly mails sent"
