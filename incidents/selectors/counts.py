"""Counts by month, by area and for comparison, and the rows behind them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from incidents.choices import Coverage
from incidents.models import Force, Incident
from incidents.selectors.base import category_names, forces_of, incidents_in, rows_of
from incidents.selectors.coverage import check_street_data, coverage_of
from places import selectors as places
from places.choices import DefinitionKind, LinkKind
from places.models import AreaDefinition, AreaLink


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """Reports of a category in a month; ``count`` is None exactly where ``status`` is missing."""

    month: dt.date
    category: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class AreaCount:
    """Reports of a category in a month in one LSOA of the set; None where missing."""

    month: dt.date
    code: str
    name: str
    category: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class ComparisonCount:
    """Reports of a category in a month in a larger area, with its residents for a rate.

    ``kind`` is rest_of_district (the district without the location; for a drawn boundary, whose
    counts by point cannot be taken off counts by code, district), csp or force; the last two are
    whole areas. Districts and partnerships count by LSOA code from the location's own force's
    files; a force counts all rows of its files.
    """

    month: dt.date
    kind: str
    code: str
    name: str
    category: str
    count: int | None
    status: str
    residents: int | None
    residents_source: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One published row: month only, an anonymous point, the LSOA code of that point."""

    id: str
    month: dt.date
    category: str
    street: str
    longitude: float | None
    latitude: float | None
    lsoa_code: str
    lsoa_name: str
    crime_id: str
    last_outcome: str
    reported_by: str
    falls_within: str


def monthly_counts(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
    forces: Sequence[Force] | None = None,
) -> list[MonthlyCount]:
    """Count reports by month and category: one entry for every month and category asked for.

    ``forces`` are those of the definition, where the caller has them already.
    A held month without a report is 0; a month that is not held is missing. Raises
    core.errors.Refused for a drawn boundary that street data cannot serve (check_street_data).
    """
    names = category_names(categories)
    forces = forces_of(definition) if forces is None else forces
    check_street_data(definition, first_month, last_month, forces=forces)
    counts = _by_month_and_category(
        incidents_in(definition, first_month, last_month, categories=names, forces=forces)
    )
    return [
        MonthlyCount(month, name, _count(counts, (month, name), status), status)
        for month, status in coverage_of(forces, first_month, last_month).items()
        for name in names
    ]


def _by_month_and_category(rows: QuerySet[Incident]) -> dict[tuple[dt.date, str], int]:
    grouped = rows.values("month", name=F("category__name")).annotate(n=Count("*")).order_by()
    return {(row["month"], row["name"]): row["n"] for row in grouped}


def _count(counts: dict[Any, int], key: tuple[Any, ...], status: str) -> int | None:
    return None if status == Coverage.MISSING else counts.get(key, 0)


def counts_by_area(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
) -> list[AreaCount]:
    """Count reports of a set by LSOA, month and category, on ground that stays the same.

    Where all months carry codes of the set's own vintage, the areas are its LSOAs. Where some
    months carry older codes, LSOAs that came from a split one are counted together under the older
    code, which covers them all, and merged ones under the newer code. Months, codes and categories
    are complete. Empty for a drawn boundary, which has no codes.
    """
    if definition.kind != DefinitionKind.LSOA_SET:
        return []
    names = category_names(categories)
    forces = forces_of(definition)
    rows = incidents_in(definition, first_month, last_month, categories=names, forces=forces)
    grouped = (
        rows.values("month", "lsoa_code", name=F("category__name"))
        .annotate(n=Count("*"))
        .order_by()
    )
    ground = _ground(definition, forces, first_month, last_month)
    counts: dict[tuple[dt.date, str, str], int] = defaultdict(int)
    for row in grouped:
        code, __ = ground[row["lsoa_code"]]
        counts[(row["month"], code, row["name"])] += row["n"]
    areas = sorted(set(ground.values()))
    return [
        AreaCount(month, code, title, name, _count(counts, (month, code, name), status), status)
        for month, status in coverage_of(forces, first_month, last_month).items()
        for code, title in areas
        for name in names
    ]


def _ground(
    definition: AreaDefinition, forces: Sequence[Force], first: dt.date, last: dt.date
) -> dict[str, tuple[str, str]]:
    """Return for every code that counts the area (code, name) under which it is counted."""
    own = places.lsoas_of(definition)
    codes = places.codes_for_counting(definition)
    links = list(
        AreaLink.objects.filter(
            kind=LinkKind.SUCCESSOR, source__code__in=codes.codes, target__code__in=codes.codes
        ).values_list("source__code", "source__name", "target__code", "target__name")
    )
    names = {ref.code: ref.name for ref in own}
    for source, source_name, target, target_name in links:
        names.setdefault(source, source_name)
        names.setdefault(target, target_name)
    if not _carries_other_codes({ref.code for ref in own}, forces, first, last):
        kept = {ref.code: (ref.code, ref.name) for ref in own}
        return {code: kept.get(code, (code, names.get(code, code))) for code in kept}
    together: dict[str, set[str]] = {code: {code} for code in codes.codes}
    reach: dict[str, int] = defaultdict(int)
    for source, __, target, __ in links:
        reach[source] += 1
        reach[target] += 1
        joined = together[source] | together[target]
        for code in joined:
            together[code] = joined
    ground = {}
    for code, joined in together.items():
        # The area that covers the others is the one linked to all of them.
        widest = min(joined, key=lambda one: (-reach[one], one))
        ground[code] = (widest, names.get(widest, widest))
    return ground


def _carries_other_codes(
    own: set[str], forces: Sequence[Force], first: dt.date, last: dt.date
) -> bool:
    """Say whether files of this period carry codes of another vintage than the set's.

    Only LSOAs that changed tell vintages apart; any changed LSOA of the lookup will do.
    """
    changed = AreaLink.objects.filter(kind=LinkKind.SUCCESSOR).exclude(
        source__code=F("target__code")
    )
    newer = changed.filter(target__code__in=own).exists()
    older = changed.filter(source__code__in=own).exists()
    others: set[str] = set()
    if newer:
        others |= set(changed.values_list("source__code", flat=True))
    if older:
        others |= set(changed.values_list("target__code", flat=True))
    return (
        bool(others - own)
        and rows_of(first, last, None, forces).filter(lsoa_code__in=others - own).exists()
    )


def comparison_counts(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
) -> list[ComparisonCount]:
    """Count reports of the larger areas in which a definition lies, by month and category."""
    names = category_names(categories)
    forces = forces_of(definition)
    larger = places.hierarchy(definition)
    statuses = coverage_of(forces, first_month, last_month)
    by_code = definition.kind == DefinitionKind.LSOA_SET
    own = {ref.id for ref in places.lsoas_of(definition)} if by_code else set()
    everything = rows_of(first_month, last_month, names, forces)
    result: list[ComparisonCount] = []
    kinds = [
        *(("rest_of_district" if by_code else "district", ref) for ref in larger.districts),
        *(("csp", ref) for ref in larger.csps),
        *(("force", ref) for ref in larger.forces),
    ]
    for kind, ref in kinds:
        inside = places.lsoas_under(ref.id)
        if kind == "rest_of_district":
            inside -= own
        people = places.residents_of_lsoas(inside)
        rows = everything
        if kind != "force":
            codes = set(places.bridge(inside).codes)
            if kind == "rest_of_district":
                codes -= set(places.bridge(own).codes)
            rows = everything.filter(lsoa_code__in=codes)
        elif len(larger.forces) > 1:
            rows = everything.filter(force_month__force__area__code=ref.code)
        counts = _by_month_and_category(rows)
        result += [
            ComparisonCount(
                month,
                kind,
                ref.code,
                ref.name,
                name,
                _count(counts, (month, name), status),
                status,
                people.count,
                people.source,
            )
            for month, status in statuses.items()
            for name in names
        ]
    return result


def incident_rows(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
) -> Iterator[IncidentRow]:
    """Yield the rows that count, in an order that does not depend on the database.

    Raises core.errors.Refused at the call as the counts do.
    """
    forces = forces_of(definition)
    check_street_data(definition, first_month, last_month, forces=forces)
    rows = (
        incidents_in(definition, first_month, last_month, categories=categories, forces=forces)
        .select_related("category")
        .order_by("month", "lsoa_code", "street", "id")
    )
    return map(_as_row, rows.iterator(chunk_size=5000))


def _as_row(row: Incident) -> IncidentRow:
    return IncidentRow(
        id=str(row.pk),
        month=row.month,
        category=row.category.name,
        street=row.street,
        longitude=None if row.point is None else round(row.point.x, 6),
        latitude=None if row.point is None else round(row.point.y, 6),
        lsoa_code=row.lsoa_code,
        lsoa_name=row.lsoa_name,
        crime_id=row.crime_id,
        last_outcome=row.last_outcome,
        reported_by=row.reported_by,
        falls_within=row.falls_within,
    )
