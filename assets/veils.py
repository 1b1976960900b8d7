"""What the history leaves out for a reader of assets, stakeholders, links and walks.

Of a person whose consent does not stand any more nothing is told, to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from assets.choices import AssetKind
from assets.models import Asset, Connection, Observation, Stakeholder
from assets.sight import FIELDS, location_of, sight_of
from core.choices import Marking
from core.selectors import register_veil

PERSON = frozenset(
    {
        "name",
        "theme",
        "offers",
        "role",
        "contact",
        "website",
        "address",
        "point",
        "target_place",
        "consent",
        "handling",
        "withdrawn_reason",
    }
)


def _veil(model: Any, rows: Any, events: Sequence[Any], reader: Any) -> dict[UUID, frozenset[str]]:
    """Veil what is withheld of each row now, or would be if it were marked as it once was."""
    every = frozenset(name for names in FIELDS[model].values() for name in names)
    every |= {"handling", "withdrawn_reason"}
    found = {row.pk: row for row in rows.filter(pk__in={one.pgh_obj_id for one in events})}
    marked = {one.pgh_obj_id for one in events if one.marking == Marking.OFFICIAL_SENSITIVE}
    sight = (
        sight_of(reader, {location_of(row) for row in found.values()})
        if reader is not None
        else None
    )
    veiled: dict[UUID, frozenset[str]] = {}
    for key in {one.pgh_obj_id for one in events}:
        row = found.get(key)
        if row is None or sight is None:
            veiled[key] = every
            continue
        if key in marked:
            row.marking = Marking.OFFICIAL_SENSITIVE
        withheld = sight.withheld(row)
        if withheld:
            veiled[key] = withheld | {"handling", "withdrawn_reason"}
    return veiled


def asset(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil an asset; a person wholly, unless the reader sees them now."""
    rows = Asset.objects.select_related("location__programme__lead_agency", "agency", "consent")
    veiled = _veil(Asset, rows, events, reader)
    people = {one.pgh_obj_id for one in events if one.kind == AssetKind.PERSON}
    seen = set(Asset.objects.filter(pk__in=people).visible_to(reader).values_list("pk", flat=True))
    return {**veiled, **dict.fromkeys(people - seen, PERSON)}


def connection(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil a connection whose ends the reader does not both see."""
    keys = {one.pgh_obj_id for one in events}
    seen = set(
        Connection.objects.filter(pk__in=keys).visible_to(reader).values_list("pk", flat=True)
    )
    return dict.fromkeys(keys - seen, frozenset({"source", "target", "how"}))


def stakeholder(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil a stakeholder."""
    rows = Stakeholder.objects.select_related("location__programme__lead_agency", "agency")
    return _veil(Stakeholder, rows, events, reader)


def observation(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil an observation."""
    rows = Observation.objects.select_related("audit__location__programme__lead_agency", "agency")
    return _veil(Observation, rows, events, reader)


def register() -> None:
    """Tell the history what to leave out."""
    register_veil(Asset, asset)
    register_veil(Connection, connection)
    register_veil(Stakeholder, stakeholder)
    register_veil(Observation, observation)
