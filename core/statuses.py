"""The statuses that the screen knows: one colour and one wording each.

Colours never stand alone: every tag, step and grid cell shows the words too. Apps use these names
for their own statuses where they mean the same, so that a colour means one thing everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class Status(NamedTuple):
    """How one status looks and reads."""

    colour: str
    label: str | Promise


STATUSES: dict[str, Status] = {
    # Work: steps, tasks, actions
    "not_started": Status("grey", _("Not started")),
    "cannot_start": Status("grey", _("Cannot start yet")),
    "in_progress": Status("blue", _("In progress")),
    "ready": Status("teal", _("Ready to sign off")),
    "done": Status("green", _("Done")),
    "signed_off": Status("green", _("Signed off")),
    "verified": Status("green", _("Verified")),
    "on_track": Status("green", _("On track")),
    "at_risk": Status("yellow", _("At risk")),
    "due_soon": Status("yellow", _("Due soon")),
    "late": Status("red", _("Late")),
    "blocked": Status("red", _("Blocked")),
    "out_of_order": Status("purple", _("Out of order")),
    "open": Status("blue", _("Open")),
    "closed": Status("grey", _("Closed")),
    # Jobs
    "queued": Status("grey", _("Waiting")),
    "running": Status("blue", _("Running")),
    "succeeded": Status("green", _("Finished")),
    "failed": Status("red", _("Failed")),
    "cancelled": Status("grey", _("Cancelled")),
    "denied": Status("red", _("Denied")),
    # Data
    "observed": Status("green", _("Complete")),
    "partial": Status("yellow", _("Partial")),
    "missing": Status("orange", _("Missing")),
    "hidden": Status("grey", _("Hidden to protect privacy")),
    # Publishing
    "draft": Status("grey", _("Draft")),
    "published": Status("green", _("Published")),
    # Results
    "clear_change": Status("green", _("Clear change")),
    "no_clear_change": Status("grey", _("No clear change")),
    "too_early": Status("yellow", _("Too early to tell")),
    "cannot_tell": Status("grey", _("Cannot tell")),
    "not_comparable": Status("grey", _("Worded differently")),
}


def status_look(name: object, label: object = "") -> Status:
    """Return colour and words of a status; an unknown one is grey and reads as its own name."""
    key = str(name or "")
    known = STATUSES.get(key)
    if known is None:
        known = Status("grey", capfirst(key.replace("_", " ").replace("-", " ")))
    return Status(known.colour, str(label)) if label else known
