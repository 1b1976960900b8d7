"""The log: what somebody did at a location, noted in a minute."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import files
from core.choices import Marking
from core.errors import NotAllowed, Refused
from core.history import because
from core.marking import refuse_unhandled
from delivery.models import LogEntry
from delivery.selectors.log import opens_photo, opens_text
from programmes import policy
from programmes.models import Location, StepRecord, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future
from programmes.sharing import shared_with

RECORD = Permission.DELIVERY_RECORD
MOST = 5000  # people met on one occasion


@transaction.atomic
def log_entry(
    *,
    location: Location,
    kind: str,
    done_on: dt.date,
    text: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    target_place: TargetPlace | None = None,
    step: StepRecord | None = None,
    where: str = "",
    people: int | None = None,
    photo: UploadedFile | None = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> LogEntry:
    """Note a visit, a briefing, a talk. It is the information of the recorder's agency.

    Harmless to repeat with the same ``id``; the photo of the first sending stands. Raises
    core.errors.NotAllowed, Refused (future date, no text, a place or step of another location, too
    many people, OFFICIAL-SENSITIVE without handling, conflicting repeat, a photo that cannot be
    taken).
    """
    policy.require(by, RECORD, location)
    same = {
        "location": location,
        "target_place": target_place,
        "step": step,
        "kind": kind,
        "done_on": done_on,
        "where": where.strip(),
        "text": text.strip(),
        "people": people,
        "recorded_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(LogEntry, id, same)
    if repeat is not None:
        return repeat
    _refuse(location, done_on, text, target_place, step=step, people=people)
    refuse_unhandled(marking, handling)
    with because(by=by):
        entry, _new = create_once(
            LogEntry,
            id,
            same,
            photo=_stored(photo),
            agency_id=getattr(by, "agency_id", None) or location.programme.lead_agency_id,
            is_demonstration=is_demonstration(demonstration),
        )
    return entry


@transaction.atomic
def change_log_entry(
    *,
    entry: LogEntry,
    kind: str,
    done_on: dt.date,
    text: str,
    version: int,
    by: Any,
    target_place: TargetPlace | None = None,
    step: StepRecord | None = None,
    where: str = "",
    people: int | None = None,
    photo: UploadedFile | None = None,
    remove_photo: bool = False,
    marking: str | None = None,
    handling: str | None = None,
) -> LogEntry:
    """Change what was noted; a new photo takes the place of the old one.

    Raises core.errors.NotAllowed (also for what is withheld from the person), Refused as
    ``log_entry``, Conflict.
    """
    policy.require(by, RECORD, entry)
    require_open(by, entry)
    _refuse(entry.location, done_on, text, target_place, step=step, people=people)
    entry.kind, entry.done_on, entry.text = kind, done_on, text.strip()
    entry.target_place, entry.step = target_place, step
    entry.where, entry.people = where.strip(), people
    if marking is not None:
        entry.marking = marking
    if handling is not None:
        entry.handling = handling
    refuse_unhandled(entry.marking, entry.handling)
    if photo is not None or remove_photo:
        entry.photo = _stored(photo)
    with because(by=by):
        entry.save_version(version)
    return entry


def require_open(by: Any, entry: LogEntry) -> None:
    """Raise core.errors.NotAllowed for an entry of which something is withheld from a person."""
    shared = shared_with(by, entry.location.programme)
    if not (opens_text(shared, entry) and (entry.photo_id is None or opens_photo(shared, entry))):
        raise NotAllowed(_("No sharing agreement opens this entry to your agency."))


def _refuse(
    location: Location,
    done_on: dt.date,
    text: str,
    target_place: TargetPlace | None,
    *,
    step: StepRecord | None,
    people: int | None,
) -> None:
    refuse_future(done_on)
    if not text.strip():
        raise Refused(_("Say in a line what happened."))
    if target_place is not None and target_place.location_id != location.pk:
        raise Refused(_("Choose a target place of this location."))
    if step is not None and step.location_id != location.pk:
        raise Refused(_("Choose a step of this location."))
    if people is not None and people > MOST:
        raise Refused(_("At most %(most)d people can be met at once.") % {"most": MOST})


def _stored(photo: UploadedFile | None) -> Any:
    if photo is None:
        return None
    return files.store(photo, name=photo.name or "photo.jpg", accept=files.Kinds.IMAGES)
