"""What the history leaves out for a reader: the words of what is withheld from them now.

A record counts as marked if it is now, or was in one of the changes told: taking a marking off does
not open what was written while it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from core.choices import Marking
from core.selectors import register_veil
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import (
    Evidence,
    Location,
    Programme,
    SignOff,
    StepRecord,
    TargetPlace,
    Verification,
)
from programmes.sharing import Shared, opens_area, opens_evidence, opens_step, shared_over

EVIDENCE = frozenset(
    {"title", "note", "link", "file", "handling", "recorded_by", "withdrawn_by", "withdrawn_reason"}
)
STEP = frozenset({"notes", "out_of_order_reason", "handling"})
SIGN_OFF = frozenset({"statement", "reopened_reason", "handling"})
VERIFICATION = frozenset({"text", "handling"})
AREA = frozenset({"boundary", "note", "residents", "residents_source"})
NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)


def _shared(reader: Any, programmes: Iterable[Programme]) -> Callable[[Programme], Shared]:
    """Return what a reader is covered for, by programme; nobody in particular for nothing."""
    if reader is None:
        return lambda _programme: NOBODY
    known = shared_over(reader, programmes)
    return lambda programme: known[programme.pk]


def _marked(events: Sequence[Any]) -> set[UUID]:
    return {one.pgh_obj_id for one in events if one.marking == Marking.OFFICIAL_SENSITIVE}


def _veil(
    rows: Iterable[Any],
    events: Sequence[Any],
    reader: Any,
    *,
    programme_of: Callable[[Any], Programme],
    opens: Callable[[Shared, Any], bool],
    names: frozenset[str],
) -> Mapping[UUID, frozenset[str]]:
    """Veil each row that is marked, or was, unless it is open; deleted ones that were marked."""
    found = {row.pk: row for row in rows}
    marked = _marked(events)
    shared = _shared(reader, {programme_of(row) for row in found.values()})
    veiled = {}
    for key in {one.pgh_obj_id for one in events}:
        row = found.get(key)
        if row is None:
            is_open = key not in marked
        else:
            if key in marked:
                row.marking = Marking.OFFICIAL_SENSITIVE
            is_open = opens(shared(programme_of(row)), row)
        if not is_open:
            veiled[key] = names
    return veiled


def _ids(events: Sequence[Any]) -> set[UUID]:
    return {one.pgh_obj_id for one in events}


def evidence(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil evidence whose content no agreement opens."""
    rows = Evidence.objects.filter(pk__in=_ids(events))
    rows = rows.select_related("step_record__location__programme")
    return _veil(
        rows,
        events,
        reader,
        programme_of=lambda row: row.step_record.location.programme,
        opens=opens_evidence,
        names=EVIDENCE,
    )


def step(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil the notes of marked steps."""
    rows = StepRecord.objects.filter(pk__in=_ids(events)).select_related("location__programme")
    return _veil(
        rows,
        events,
        reader,
        programme_of=lambda row: row.location.programme,
        opens=opens_step,
        names=STEP,
    )


def sign_off(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil the statements on marked steps."""
    rows = SignOff.objects.filter(pk__in=_ids(events))
    rows = rows.select_related("step_record__location__programme")

    def opens(shared: Shared, row: Any) -> bool:
        return opens_step(shared, row) and opens_step(shared, row.step_record)

    return _veil(
        rows,
        events,
        reader,
        programme_of=lambda row: row.step_record.location.programme,
        opens=opens,
        names=SIGN_OFF,
    )


def verification(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil what was said in the verification of marked steps."""
    rows = Verification.objects.filter(pk__in=_ids(events))
    rows = rows.select_related("step_record__location__programme")

    def opens(shared: Shared, row: Any) -> bool:
        return opens_step(shared, row) and opens_step(shared, row.step_record)

    return _veil(
        rows,
        events,
        reader,
        programme_of=lambda row: row.step_record.location.programme,
        opens=opens,
        names=VERIFICATION,
    )


def area(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil drawn boundaries; one that belongs to nothing is veiled, an LSOA set never was drawn."""
    drawn = {one.pgh_obj_id for one in events if one.kind == DefinitionKind.DRAWN}
    owners: dict[UUID, Programme] = {}
    for place in TargetPlace.objects.filter(area__in=drawn).select_related("location__programme"):
        owners[place.area_id] = place.location.programme
    for location in Location.objects.filter(area__in=drawn).select_related("programme"):
        owners[location.area_id] = location.programme
    shared = _shared(reader, set(owners.values()))
    pattern = AreaDefinition(kind=DefinitionKind.DRAWN)
    return {
        key: AREA
        for key in drawn
        if not (key in owners and opens_area(shared(owners[key]), pattern))
    }


def register() -> None:
    """Tell the history what to leave out."""
    register_veil(Evidence, evidence)
    register_veil(StepRecord, step)
    register_veil(SignOff, sign_off)
    register_veil(Verification, verification)
    register_veil(AreaDefinition, area)
