"""Whose reports count for an area: its forces, its rows, its months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Count, QuerySet

from core.together import kept
from incidents.forces import FORCES, area_key
from incidents.models import Category, Force, Incident, Source
from places import selectors as places
from places.choices import AreaKind, DefinitionKind
from places.models import Area, AreaDefinition

STREET_SOURCE = "data-police-uk"


def source_of() -> Source | None:
    """Return the source of street data with licence and attribution; None before any import."""
    return Source.objects.filter(slug=STREET_SOURCE).first()


def months_between(first_month: dt.date, last_month: dt.date) -> list[dt.date]:
    """Return the first days of all months from one to the other, both included."""
    months = []
    year, month = first_month.year, first_month.month
    while (year, month) <= (last_month.year, last_month.month):
        months.append(dt.date(year, month, 1))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return months


def forces_of(definition: AreaDefinition) -> list[Force]:
    """Return the forces whose files count for a definition, usually one.

    By the lookup (LSOA to police force area); where no lookup is held, by the force boundary that
    holds a point of the area; where there is none either, the force that reports most from the
    LSOAs of the set. Empty if no file of the force was ever imported: then all months are missing.
    """
    found = places.hierarchy(definition).forces
    if found:
        return forces_at({ref.code for ref in found}, {ref.name for ref in found})
    if definition.boundary is not None:
        at = list(
            Area.objects.filter(
                kind=AreaKind.FORCE, boundary__intersects=definition.boundary.point_on_surface
            ).values_list("code", "name")
        )
        if at:
            return forces_at({code for code, __ in at}, {name for __, name in at})
    if definition.kind == DefinitionKind.LSOA_SET:
        most = (
            Incident.objects.filter(lsoa_code__in=places.codes_for_counting(definition).codes)
            .values("force_month__force")
            .annotate(n=Count("*"))
            .order_by("-n", "force_month__force")
            .first()
        )
        if most:
            return list(Force.objects.filter(pk=most["force_month__force"]))
    return []


def forces_at(codes: set[str], names: set[str]) -> list[Force]:
    """Return the forces whose areas have these codes or names."""
    keys = {area_key(name) for name in names}
    return [
        force
        for force in Force.objects.select_related("area").order_by("slug")
        if (force.area is not None and force.area.code in codes)
        or (force.slug in FORCES and area_key(FORCES[force.slug].area or "") in keys)
    ]


def incidents_in(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
    forces: Sequence[Force] | None = None,
) -> QuerySet[Incident]:
    """Return the rows that count: by code for a set of LSOAs, by point for a drawn boundary.

    ``categories`` are names as published ("Anti-social behaviour"), None for all fourteen.
    """
    rows = rows_of(
        first_month, last_month, categories, forces_of(definition) if forces is None else forces
    )
    if definition.kind == DefinitionKind.LSOA_SET:
        return rows.filter(lsoa_code__in=places.codes_for_counting(definition).codes)
    return rows.filter(point__intersects=definition.boundary)


def rows_of(
    first_month: dt.date,
    last_month: dt.date,
    categories: Iterable[str] | None,
    forces: Sequence[Force],
) -> QuerySet[Incident]:
    """Return the rows of these forces, months and categories."""
    rows = Incident.objects.filter(
        force_month__force__in=forces,
        month__range=(first_month.replace(day=1), last_month.replace(day=1)),
    )
    if categories is not None:
        rows = rows.filter(category__name__in=list(categories))
    return rows


def category_ids() -> dict[int, str]:
    """Return the names of categories as published by id; within ``core.together`` read once."""
    known = kept()
    if category_ids not in known:
        known[category_ids] = dict(Category.objects.values_list("pk", "name"))
    found: dict[int, str] = known[category_ids]
    return found


def category_names(categories: Iterable[str] | None) -> list[str]:
    """Return the categories asked for, or all that the source has, by name."""
    from incidents.ingest.layout import CRIME_TYPES

    return list(CRIME_TYPES) if categories is None else list(categories)
