"""Where reports cluster: hexagons whose counts and neighbours' counts are high together.

Counted are the reports of one category in each hexagon that holds a published map point at all,
of whatever category: where no point is, no report could be published, so an empty field or a river
is no cold spot. A map point is not where something happened; a cluster says "around here".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import Polygon
from django.db.models import Count, Q

from core.statistics import clear_scores, local_g_star
from incidents.selectors.base import forces_of, incidents_in
from incidents.selectors.coverage import check_street_data, redraw_within
from places.hexagons import BRITISH_NATIONAL_GRID, Cell, around, cell_at, corners_of
from places.models import AreaDefinition

LEAST_CELLS = 10
"""With fewer hexagons than that nothing stands out from anything."""


@dataclass(frozen=True, slots=True)
class ClusterCell:
    """One hexagon with its reports and its score (Gi*, a z score; None where it says nothing).

    ``clear`` where the score is one that chance would not give among so many. ``ring`` are its
    corners as (longitude, latitude), the first again at the end; ``street`` names the map point
    with the most reports in it, of any category where it has none.
    """

    cell: Cell
    count: int
    score: float | None
    clear: bool
    street: str
    ring: tuple[tuple[float, float], ...]


def cluster_cells(
    definition: AreaDefinition, first_month: dt.date, last_month: dt.date, *, category: str
) -> tuple[ClusterCell, ...]:
    """Return every hexagon with a map point, the highest scores first.

    Months before a redraw of the map points are left out, as in the ranking of places. Raises
    core.errors.Refused for a drawn boundary that street data cannot serve.
    """
    forces = forces_of(definition)
    check_street_data(definition, first_month, last_month, forces=forces)
    redraw = redraw_within(forces, first_month, last_month)
    first = redraw[1] if redraw else first_month
    rows = (
        incidents_in(definition, first, last_month, forces=forces)
        .filter(point__isnull=False)
        .annotate(at=Transform("point", BRITISH_NATIONAL_GRID))
        .values("at", "street")
        .annotate(n=Count("*"), wanted=Count("pk", filter=Q(category__name=category)))
        .order_by()
    )
    counts: Counter[Cell] = Counter()
    streets: dict[Cell, Counter[tuple[bool, str]]] = defaultdict(Counter)
    for row in rows:
        cell = cell_at(row["at"].x, row["at"].y)
        counts[cell] += row["wanted"]
        streets[cell][(row["wanted"] > 0, row["street"])] += row["wanted"] or row["n"]
    if len(counts) < LEAST_CELLS:
        return ()
    cells = sorted(counts)
    places = {cell: place for place, cell in enumerate(cells)}
    scores = local_g_star(
        [counts[cell] for cell in cells],
        [[places[near] for near in around(cell) if near in places] for cell in cells],
    )
    found = [
        ClusterCell(cell, counts[cell], score, clear, _street(streets[cell]), _ring(cell))
        for cell, score, clear in zip(cells, scores, clear_scores(scores), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-(one.score or 0.0), one.cell)))


def _street(streets: Counter[tuple[bool, str]]) -> str:
    """Return the street with the most reports, of the category where there are any."""
    return min(streets, key=lambda key: (not key[0], -streets[key], key[1]))[1]


def _ring(cell: Cell) -> tuple[tuple[float, float], ...]:
    shape = Polygon(corners_of(cell), srid=BRITISH_NATIONAL_GRID)
    shape.transform(4326)
    return tuple((round(x, 6), round(y, 6)) for x, y in shape.exterior_ring.coords)
