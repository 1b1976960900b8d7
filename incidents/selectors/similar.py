"""The LSOAs most like an area, and their reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from incidents.choices import Coverage
from incidents.selectors.base import forces_of, rows_of
from incidents.selectors.coverage import coverage_of
from places import selectors as places
from places.models import AreaDefinition
from places.similar import Likeness, similar_areas


@dataclass(frozen=True, slots=True)
class SimilarCount:
    """Reports of one category in all similar LSOAs together; None where the month is missing."""

    month: dt.date
    count: int | None
    status: str


def similar_to(definition: AreaDefinition) -> Likeness:
    """Return the LSOAs most like an area, among those of its police forces' areas.

    Others' reports come from other files, which may be held for other months.
    """
    own = {ref.id for ref in places.lsoas_of(definition)}
    among: set[int] = set()
    for force in places.hierarchy(definition).forces:
        among |= places.lsoas_under(force.id)
    return similar_areas(own, among)


def similar_counts(
    definition: AreaDefinition,
    likeness: Likeness,
    first_month: dt.date,
    last_month: dt.date,
    *,
    category: str,
) -> list[SimilarCount]:
    """Count the reports in the similar LSOAs by month, without those of codes that the area has."""
    forces = forces_of(definition)
    own = {ref.id for ref in places.lsoas_of(definition)}
    codes = set(places.bridge({area.id for area in likeness.areas}).codes)
    codes -= set(places.bridge(own).codes)
    rows = rows_of(first_month, last_month, [category], forces).filter(lsoa_code__in=codes)
    counts = dict(rows.values_list("month").annotate(n=Count("*")).order_by())
    return [
        SimilarCount(month, None if status == Coverage.MISSING else counts.get(month, 0), status)
        for month, status in coverage_of(forces, first_month, last_month).items()
    ]
