"""Monthly counts of many areas at once: two queries over the reports, however many areas there are.

The same figures as monthly_counts gives for each area alone. Sets of LSOAs are counted from one
table of reports by code, because the sets of a county share their LSOAs many
times over, and polygons their points.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.errors import Refused
from incidents.choices import Coverage
from incidents.models import Category, Force, ForceMonth
from incidents.selectors.base import forces_at, forces_of
from incidents.selectors.counts import MonthlyCount
from incidents.selectors.coverage import LEAST_RESIDENTS, check_street_data, coverage_of
from places import selectors as places
from places.choices import DefinitionKind
from places.many import codes_of_many, lsoas_near_many, lsoas_of_many
from places.models import AreaDefinition

Counts = dict[uuid.UUID, dict[tuple[dt.date, int], int]]


@dataclass(frozen=True, slots=True)
class CountsOf:
    """One area's months, or in ``refused`` why street data cannot serve it."""

    months: tuple[MonthlyCount, ...]
    refused: Refused | None = None


def monthly_counts_of(
    definitions: Iterable[AreaDefinition],
    first_month: dt.date,
    last_month: dt.date,
    *,
    category: str,
    forces: Mapping[uuid.UUID, Sequence[Force]] | None = None,
) -> dict[uuid.UUID, CountsOf]:
    """Count the reports of one category by month for each area, by the area's id.

    ``forces`` are those of each area (forces_of_each), where the caller has them already. As
    monthly_counts for each, but what that refuses is told with the area instead of raised.
    """
    wanted = {one.pk: one for one in definitions}
    forces = forces_of_each(list(wanted.values())) if forces is None else forces
    by_set = {tuple(force.pk for force in those): those for those in forces.values()}
    statuses = {key: coverage_of(those, first_month, last_month) for key, those in by_set.items()}
    refusals = _refusals(list(wanted.values()), forces, first_month, last_month)
    ask = _Question(
        category=list(Category.objects.filter(name=category).values_list("pk", flat=True)),
        first=first_month.replace(day=1),
        last=last_month.replace(day=1),
        months=_months_of({force for key in by_set for force in key}),
    )
    sets = [one for one in wanted.values() if one.kind == DefinitionKind.LSOA_SET]
    drawn = [
        pk
        for pk, one in wanted.items()
        if one.kind == DefinitionKind.DRAWN and pk not in refusals and forces[pk]
    ]
    counts = _count_sets(sets, ask) | _count_drawn(drawn, ask)
    # What is missing or zero is the same for all areas of the same forces.
    nothing = {
        key: {
            month: MonthlyCount(month, category, None if status == Coverage.MISSING else 0, status)
            for month, status in months.items()
        }
        for key, months in statuses.items()
    }
    result = {}
    for pk in wanted:
        if pk in refusals:
            result[pk] = CountsOf((), refusals[pk])
            continue
        key = tuple(force.pk for force in forces[pk])
        months = dict(nothing[key])
        for month, count in _of_forces(counts.get(pk, {}), key).items():
            if months[month].status != Coverage.MISSING:
                months[month] = MonthlyCount(month, category, count, months[month].status)
        result[pk] = CountsOf(tuple(months.values()))
    return result


def _of_forces(counts: dict[tuple[dt.date, int], int], forces: tuple[int, ...]) -> dict[Any, int]:
    """Sum by month what the files of these forces hold."""
    found: dict[dt.date, int] = {}
    for (month, force), count in counts.items():
        if force in forces:
            found[month] = found.get(month, 0) + count
    return found


@dataclass(frozen=True, slots=True)
class _Question:
    """What is counted: categories, months, and the files (force by force-month) that count."""

    category: list[int]
    first: dt.date
    last: dt.date
    months: dict[int, int]


def _months_of(forces: Collection[int]) -> dict[int, int]:
    """Return the force of each force-month whose rows count."""
    return dict(ForceMonth.objects.filter(force__in=forces).values_list("pk", "force"))


def forces_of_each(definitions: Sequence[AreaDefinition]) -> dict[uuid.UUID, list[Force]]:
    """Return forces_of for each: by the lookups in one go; without a lookup, one by one."""
    sets = [one for one in definitions if one.kind == DefinitionKind.LSOA_SET]
    drawn = [one for one in definitions if one.kind != DefinitionKind.LSOA_SET]
    lsoas = lsoas_of_many(sets) | lsoas_near_many(drawn)
    above = places.hierarchy_by_lsoa(set().union(*lsoas.values()) if lsoas else set())
    # Of the LSOAs near a polygon most belong to one force: then one that it touches will do, and
    # only polygons between forces are compared with every LSOA.
    between = [
        one
        for one in drawn
        if len({tuple(ref.id for ref in above[lsoa].forces) for lsoa in lsoas[one.pk]}) > 1
    ]
    mixed = {one.pk for one in between}
    lsoas |= lsoas_of_many([one for one in drawn if one.pk not in mixed], first=True)
    lsoas |= lsoas_of_many(between)
    known: dict[frozenset[Any], list[Force]] = {}
    result = {}
    for one in definitions:
        refs = frozenset(ref for lsoa in lsoas[one.pk] for ref in above[lsoa].forces)
        if not refs:
            result[one.pk] = forces_of(one)
            continue
        if refs not in known:
            known[refs] = forces_at({ref.code for ref in refs}, {ref.name for ref in refs})
        result[one.pk] = known[refs]
    return result


def _refusals(
    definitions: Sequence[AreaDefinition],
    forces: Mapping[uuid.UUID, Sequence[Force]],
    first_month: dt.date,
    last_month: dt.date,
) -> dict[uuid.UUID, Refused]:
    """Return why check_street_data refuses; a redraw is looked for once for the same forces."""
    found: dict[uuid.UUID, Refused] = {}
    redraws: dict[tuple[int, ...], Refused | None] = {}
    for one in definitions:
        if one.kind != DefinitionKind.DRAWN:
            continue
        key = tuple(force.pk for force in forces[one.pk])
        few = one.residents is None or one.residents < LEAST_RESIDENTS
        if few or key not in redraws:
            refused = None
            try:
                check_street_data(one, first_month, last_month, forces=forces[one.pk])
            except Refused as error:
                refused = error
            if not few:
                redraws[key] = refused
        else:
            refused = redraws[key]
        if refused is not None:
            found[one.pk] = refused
    return found


def _count_sets(sets: Sequence[AreaDefinition], ask: _Question) -> Counts:
    """Count by code: the reports once for each code, then the codes of each set."""
    codes = codes_of_many(sets)
    if not codes or not ask.months:
        return {}
    order = list(codes)
    rows = [(number, code) for number, pk in enumerate(order) for code in codes[pk]]
    return _read(
        """
        WITH wanted AS (
             SELECT * FROM unnest(%(definitions)s::int[], %(codes)s::text[]) w (definition, code)),
        counted AS MATERIALIZED (
             SELECT lsoa_code, month, force_month_id, count(*) AS n
               FROM incidents_incident
              WHERE lsoa_code = ANY(%(distinct)s) AND month BETWEEN %(first)s AND %(last)s
                AND category_id = ANY(%(category)s)
              GROUP BY lsoa_code, month, force_month_id)
        SELECT w.definition, c.month, c.force_month_id, sum(c.n)::bigint
          FROM wanted w JOIN counted c ON c.lsoa_code = w.code
         GROUP BY w.definition, c.month, c.force_month_id
        """,
        ask,
        order,
        definitions=[number for number, __ in rows],
        codes=[code for __, code in rows],
        distinct=sorted({code for __, code in rows}),
    )


MANY = 100
"""From so many polygons on all reports of the months are read, not those around each polygon."""

_AROUND = """
    SELECT DISTINCT i.id, i.point, i.month, i.force_month_id
      FROM (SELECT ST_Expand((ST_Dump(ST_Union(ST_Envelope(boundary)))).geom, 0.00001) AS part
              FROM places_areadefinition WHERE id = ANY(%(drawn)s)) ground
     CROSS JOIN LATERAL (
           SELECT * FROM incidents_incident
            WHERE point && ground.part AND month BETWEEN %(first)s AND %(last)s
              AND category_id = ANY(%(category)s) OFFSET 0) i
"""
_EVERYWHERE = """
    SELECT id, point, month, force_month_id
      FROM incidents_incident
     WHERE month BETWEEN %(first)s AND %(last)s AND category_id = ANY(%(category)s)
       AND point IS NOT NULL
"""


def _count_drawn(drawn: Sequence[uuid.UUID], ask: _Question) -> Counts:
    """Count by point: the reports of each point once, then the polygons of each point.

    A few polygons take the reports from the index around them, so that reports elsewhere cost
    nothing; many would read the same reports again and again that way. Where to look is a little
    wide; whether a point is inside is asked of each polygon itself.
    """
    if not drawn or not ask.months:
        return {}
    reports = _EVERYWHERE if len(drawn) >= MANY else _AROUND
    return _read(_INSIDE.format(reports=reports), ask, list(drawn), drawn=list(drawn))


_INSIDE = """
        WITH counted AS MATERIALIZED (
             SELECT point, month, force_month_id, count(*) AS n
               FROM ({reports}) reports
              GROUP BY point, month, force_month_id),
        inside AS MATERIALIZED (
             SELECT spot.point, d.id
               FROM (SELECT DISTINCT point FROM counted) spot
              CROSS JOIN LATERAL (
                    SELECT id FROM places_areadefinition
                     WHERE ST_Intersects(boundary, spot.point) AND id = ANY(%(drawn)s) OFFSET 0) d)
        SELECT (o.number - 1)::int, t.month, t.force_month_id, t.n
          FROM (SELECT inside.id, c.month, c.force_month_id, sum(c.n)::bigint AS n
                  FROM inside JOIN counted c ON c.point = inside.point
                 GROUP BY inside.id, c.month, c.force_month_id) t
          JOIN unnest(%(drawn)s::uuid[]) WITH ORDINALITY o (id, number) ON o.id = t.id
"""


def _read(sql: str, ask: _Question, order: Sequence[uuid.UUID], **values: Any) -> Counts:
    """Run a query of (place in the order of ids, month, force-month, count); sum by force."""
    counts: list[dict[tuple[dt.date, int], int]] = [{} for __ in order]
    with connection.cursor() as cursor:
        cursor.execute(
            sql, {"first": ask.first, "last": ask.last, "category": ask.category, **values}
        )
        for number, month, force_month, count in cursor.fetchall():
            force = ask.months.get(force_month)
            if force is not None:
                found, key = counts[number], (month, force)
                found[key] = found.get(key, 0) + count
    return dict(zip(order, counts, strict=True))
