"""What the history of groups, training and the log leaves out for a reader.

The same rules as on the pages: names by ``selectors.groups.Naming``, the log by what is open now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from accounts.sharing import Category
from core.choices import Marking
from delivery.models import GroupMember, LogEntry, TrainingAttendance, TrainingSession
from delivery.selectors.groups import MEMBERS, Naming, namings_for
from delivery.selectors.log import opens_photo, opens_text
from programmes.models import Location

MEMBER = frozenset({"user", "name", "contact", "consent"})
TRAINER = frozenset({"trainer", "recorded_by"})
LOG = frozenset({"text", "where", "people", "photo", "handling", "recorded_by"})


def _ids(events: Sequence[Any]) -> set[UUID]:
    return {one.pgh_obj_id for one in events}


def _namings(reader: Any, locations: Iterable[Location]) -> Callable[[Location], Naming | None]:
    """Return what a reader may know, by location; nothing for nobody."""
    if reader is None:
        return lambda _location: None
    known = namings_for(reader, locations)
    return lambda location: known[location.pk]


def member(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil who a member is, unless the reader may know them; those who were deleted, always."""
    rows: dict[UUID, GroupMember] = {row.pk: row for row in MEMBERS.filter(pk__in=_ids(events))}
    of = _namings(reader, [row.group.location for row in rows.values()])
    return {key: MEMBER for key in _ids(events) if not _open(rows.get(key), of)}


def _open(row: GroupMember | None, of: Callable[[Location], Naming | None]) -> bool:
    naming = of(row.group.location) if row else None
    if row is None or naming is None:
        return False
    named = row.user or row.name or row.consent
    return not named or naming.opens(row)


def attendance(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil whom an attendance is about, unless the reader may know them."""
    rows = {
        row.pk: row
        for row in TrainingAttendance.objects.filter(pk__in=_ids(events)).select_related(
            "session__location__programme",
            "member__user__agency",
            "member__agency",
            "member__consent",
            "member__group__location__programme__lead_agency",
        )
    }
    of = _namings(reader, [row.session.location for row in rows.values()])
    veiled = {}
    for key in _ids(events):
        row = rows.get(key)
        anybody = row is None or row.user_id or row.member_id
        if anybody and (row is None or row.member is None or not _open(row.member, of)):
            veiled[key] = frozenset({"user", "member"})
    return veiled


def session(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil who trained, where the noter's agency does not share people with the reader."""
    rows = {
        row.pk: row
        for row in TrainingSession.objects.filter(pk__in=_ids(events)).select_related(
            "location__programme", "recorded_by"
        )
    }
    of = _namings(reader, [row.location for row in rows.values()])
    veiled = {}
    for key in _ids(events):
        row = rows.get(key)
        naming = of(row.location) if row else None
        if (
            row is None
            or naming is None
            or not naming.shared.covers(
                Category.PEOPLE, row.recorded_by.agency_id, row.recorded_by_id
            )
        ):
            veiled[key] = TRAINER
    return veiled


def log_entry(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil what a marked entry says, or one that was; the photo where people are not open."""
    rows = {
        row.pk: row
        for row in LogEntry.objects.filter(pk__in=_ids(events)).select_related(
            "location__programme"
        )
    }
    marked = {one.pgh_obj_id for one in events if one.marking == Marking.OFFICIAL_SENSITIVE}
    of = _namings(reader, [row.location for row in rows.values()])
    veiled = {}
    for key in _ids(events):
        row = rows.get(key)
        naming = of(row.location) if row else None
        if row is None or naming is None:
            veiled[key] = LOG
            continue
        if key in marked:
            row.marking = Marking.OFFICIAL_SENSITIVE
        if not opens_text(naming.shared, row):
            veiled[key] = LOG
        elif not opens_photo(naming.shared, row):
            veiled[key] = frozenset({"photo"})
    return veiled
