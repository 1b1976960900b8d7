"""Monthly counts of many areas at once: two queries over the reports, however many areas there are.

The same figures as monthly_counts gives for each area alone. Reports are read once, by place (an
LSOA's code or a published point) and file; what the areas hold is then a product of two matrices,
areas by places and places by files. Areas that share places, as those of a county do, cost little
more.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Counts = npt.NDArray[np.int64]


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
    refusals = _refusals(list(wanted.values()), forces, first_month, last_month)
    by_forces: dict[tuple[int, ...], list[uuid.UUID]] = defaultdict(list)
    for pk in wanted.keys() - refusals.keys():
        by_forces[tuple(force.pk for force in forces[pk])].append(pk)
    ask = _question(category, first_month, last_month, set().union(*by_forces))
    asked = [one for pk, one in wanted.items() if pk not in refusals]
    sets = [one for one in asked if one.kind == DefinitionKind.LSOA_SET]
    drawn = [one for one in asked if one.kind != DefinitionKind.LSOA_SET]
    counts = _count_sets(sets, ask) | _count_drawn(drawn, ask)
    result = {pk: CountsOf((), refused) for pk, refused in refusals.items()}
    for key, pks in by_forces.items():
        statuses = coverage_of(forces[pks[0]], first_month, last_month)
        totals = _by_month([counts[pk] for pk in pks], ask, key, list(statuses))
        for pk, months in zip(pks, _monthly(totals, category, statuses), strict=True):
            result[pk] = CountsOf(months)
    return {pk: result[pk] for pk in wanted}


@dataclass(frozen=True, slots=True)
class _Question:
    """What is counted: categories, months, and month and force of each file that counts, by id."""

    category: list[int]
    first: dt.date
    last: dt.date
    files: dict[int, tuple[dt.date, int]]


def _question(
    category: str, first_month: dt.date, last_month: dt.date, forces: Collection[int]
) -> _Question:
    first, last = first_month.replace(day=1), last_month.replace(day=1)
    files = ForceMonth.objects.filter(force__in=forces, month__range=(first, last))
    months = files.values_list("pk", "month", "force")
    return _Question(
        category=list(Category.objects.filter(name=category).values_list("pk", flat=True)),
        first=first,
        last=last,
        files={pk: (month, force) for pk, month, force in months},
    )


def _by_month(
    counts: Sequence[Counts], ask: _Question, forces: Sequence[int], months: Sequence[dt.date]
) -> Counts:
    """Return areas by months from areas by files: what the files of these forces hold."""
    import numpy as np

    column = {month: number for number, month in enumerate(months)}
    counted = np.zeros((len(ask.files), len(months)), dtype=np.int64)
    for number, (month, force) in enumerate(ask.files.values()):
        counted[number, column[month]] = force in forces
    return np.stack(counts) @ counted


def _monthly(
    totals: Counts, category: str, statuses: Mapping[dt.date, str]
) -> Iterable[tuple[MonthlyCount, ...]]:
    """Return each area's months; equal ones are one object, as most of a month are."""
    columns = []
    for (month, status), column in zip(statuses.items(), totals.T.tolist(), strict=True):
        missing = status == Coverage.MISSING
        made = {
            count: MonthlyCount(month, category, None if missing else count, status)
            for count in set(column)
        }
        columns.append([made[count] for count in column])
    return zip(*columns, strict=True) if columns else [()] * len(totals)


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


def _count_sets(sets: Sequence[AreaDefinition], ask: _Question) -> dict[uuid.UUID, Counts]:
    """Count by code."""
    codes = codes_of_many(sets)
    numbers = {code: number for number, code in enumerate(set().union(*codes.values()))}
    reports = _read(
        """
        SELECT lsoa_code, force_month_id, count(*)
          FROM incidents_incident
         WHERE lsoa_code = ANY(%(codes)s) AND month BETWEEN %(first)s AND %(last)s
           AND category_id = ANY(%(category)s)
         GROUP BY lsoa_code, force_month_id
        """,
        ask,
        codes=list(numbers),
    )
    inside = [(area, numbers[code]) for area, one in enumerate(sets) for code in codes[one.pk]]
    held = [(numbers[code], file, count) for code, file, count in reports]
    return _counted(sets, inside, held, ask)


MANY = 100
"""From so many polygons on all reports in the box around them are read, not those around each."""

_BY_POINT = """
    SELECT ST_X(point), ST_Y(point), force_month_id, count(*)
      FROM ({reports}) reports
     GROUP BY point, force_month_id
"""
_AROUND_EACH = """
    SELECT DISTINCT i.id, i.point, i.force_month_id
      FROM (SELECT ST_Expand((ST_Dump(ST_Union(ST_Envelope(boundary)))).geom, 0.00001) AS part
              FROM places_areadefinition WHERE id = ANY(%(drawn)s)) ground
     CROSS JOIN LATERAL (
           SELECT * FROM incidents_incident
            WHERE point && ground.part AND month BETWEEN %(first)s AND %(last)s
              AND category_id = ANY(%(category)s) OFFSET 0) i
"""
_AROUND_ALL = """
    SELECT point, force_month_id
      FROM incidents_incident
     WHERE point && ST_Expand(ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326),
                              0.00001)
       AND month BETWEEN %(first)s AND %(last)s AND category_id = ANY(%(category)s)
"""


def _count_drawn(drawn: Sequence[AreaDefinition], ask: _Question) -> dict[uuid.UUID, Counts]:
    """Count by point.

    A few polygons take the reports from the index around them, so that reports elsewhere cost
    nothing; many would read the same reports again and again that way. Where to look is a little
    wide; whether a point is inside is asked of each polygon itself.
    """
    import shapely

    if not drawn:
        return {}
    shapes = shapely.from_wkb(_boundaries(drawn))
    around = _AROUND_ALL if len(drawn) >= MANY else _AROUND_EACH
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    reports = _read(
        _BY_POINT.format(reports=around),
        ask,
        drawn=[one.pk for one in drawn],
        west=west,
        south=south,
        east=east,
        north=north,
    )
    points = shapely.points([x for x, *__ in reports], [y for __, y, *__ in reports])
    inside = shapely.STRtree(points).query(shapes, predicate="intersects").T
    held = [(place, file, count) for place, (__, __, file, count) in enumerate(reports)]
    return _counted(drawn, inside, held, ask)


def _boundaries(drawn: Sequence[AreaDefinition]) -> list[bytes]:
    """Read the boundaries as well-known binary, in the order of the areas."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ST_AsBinary(d.boundary)
              FROM unnest(%s) WITH ORDINALITY o (id, number)
              JOIN places_areadefinition d ON d.id = o.id
             ORDER BY o.number
            """,
            [[one.pk for one in drawn]],
        )
        return [bytes(boundary) for (boundary,) in cursor.fetchall()]


def _read(sql: str, ask: _Question, **values: Any) -> list[tuple[Any, ...]]:
    """Run a query of (…, file, count); return the rows of the files that count."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql, {"first": ask.first, "last": ask.last, "category": ask.category, **values}
        )
        return [row for row in cursor.fetchall() if row[-2] in ask.files]


def _counted(
    areas: Sequence[AreaDefinition], inside: Any, held: Any, ask: _Question
) -> dict[uuid.UUID, Counts]:
    """Return for each area its reports by file, in the order of the files.

    From pairs (number of an area, number of a place in it) and triples (number of a place, id of a
    file, reports).
    """
    import numpy as np
    from scipy.sparse import coo_array

    column = {file: number for number, file in enumerate(ask.files)}
    within = np.asarray(inside, dtype=np.int64).reshape(-1, 2)
    rows = np.asarray([(p, column[f], n) for p, f, n in held], dtype=np.int64).reshape(-1, 3)
    places = 1 + max(within[:, 1].max(initial=-1), rows[:, 0].max(initial=-1))
    by_place = coo_array((np.ones(len(within), dtype=np.int64), within.T), (len(areas), places))
    by_file = coo_array((rows[:, 2], rows[:, :2].T), (places, len(column)))
    counts = (by_place.tocsr() @ by_file.tocsr()).toarray()
    return {one.pk: counts[number] for number, one in enumerate(areas)}
