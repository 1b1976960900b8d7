"""The list of locations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from core.exports import Column, Export
from core.personal import Personal
from programmes.exports.common import (
    NUMBER,
    SCOPES,
    YES_NO,
    locations_in,
    may_lead_sensitive,
    programme_of,
)
from programmes.models import Location
from programmes.selectors.people import coordinators_of
from programmes.sharing import opens_area, shared_with


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location with who coordinates it."""

    location: Location
    coordinators: str


def _with_coordinators(rows: list[Location]) -> Iterable[LocationRow]:
    names = coordinators_of(rows, clock.today())
    for row in rows:
        yield LocationRow(row, "; ".join(names.get(row.pk, ())))


def _area_withheld(user: Any, scope: Any) -> Callable[[Any], Collection[str]]:
    shared = shared_with(user, programme_of(scope))
    return lambda row: () if opens_area(shared, row.location.area) else ("residents",)


def _area_kind(row: LocationRow) -> str:
    area: Any = row.location.area
    return str(area.get_kind_display()) if area is not None else ""


LOCATIONS = Export(
    key="programmes.locations",
    title=_("Locations"),
    description=_("Each location with why it was chosen, its area and who coordinates it."),
    model=Location,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        locations_in(user, scope).select_related("programme", "area").order_by("name", "pk")
    ),
    prepare=_with_coordinators,
    marking=lambda row: row.location.marking,
    withheld=_area_withheld,
    may_sensitive=may_lead_sensitive,
    order=10,
    columns=(
        Column(
            key="programme",
            title=_("Programme"),
            description=_("The programme the location belongs to."),
            value="location.programme.name",
        ),
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="location.name",
        ),
        Column(
            key="summary",
            title=_("Why this location"),
            description=_("In a few sentences, why the programme works here."),
            value="location.summary",
        ),
        Column(
            key="area",
            title=_("Area"),
            description=_("How its area is given; empty while none is chosen."),
            value=_area_kind,
        ),
        Column(
            key="residents",
            title=_("Residents"),
            description=_("People living in the area, as far as known."),
            type=NUMBER,
            value="location.area.residents",
            category=Category.EXACT_COORDINATES,
        ),
        Column(
            key="coordinators",
            title=_("Coordinators"),
            description=_("Who is in post on the business date; empty for a vacancy."),
            value="coordinators",
            personal=Personal.IDENTITY,
        ),
        Column(
            key="demonstration",
            title=_("Invented"),
            description=_("Whether the record is invented for demonstration."),
            type=YES_NO,
            value="location.is_demonstration",
        ),
    ),
)
