"""Places ranked by their reports: where they cluster, and how few places make how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min

from incidents.selectors.base import forces_of, incidents_in
from incidents.selectors.coverage import check_street_data, redraw_within
from places.models import AreaDefinition


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """One anonymous point with its street; ``share`` and ``cumulative_share`` go from 0 to 1.

    Shares are of all reports with a point; the point is not where anything happened.
    """

    rank: int
    street: str
    longitude: float
    latitude: float
    lsoa_code: str
    count: int
    share: float
    cumulative_share: float


@dataclass(frozen=True, slots=True)
class PlaceRanking:
    """Places by falling count, over months that use one list of points.

    ``narrowed`` says that earlier months were left out, because the points were redrawn since;
    ``first_month`` is then the first month that counts. ``without_location`` are reports in the
    area's LSOAs that have no point.
    """

    first_month: dt.date
    last_month: dt.date
    narrowed: bool
    reports: int
    without_location: int
    places: tuple[RankedPlace, ...]

    def __iter__(self) -> Iterator[RankedPlace]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def places_ranked(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    categories: Iterable[str] | None = None,
) -> PlaceRanking:
    """Rank the points of an area by their reports.

    For a set of LSOAs a period across a redraw of the points is narrowed to the months since; a
    drawn boundary is refused (core.errors.Refused), as everywhere.
    """
    forces = forces_of(definition)
    check_street_data(definition, first_month, last_month, forces=forces)
    redraw = redraw_within(forces, first_month, last_month)
    first = redraw[1] if redraw else first_month.replace(day=1)
    rows = incidents_in(definition, first, last_month, categories=categories, forces=forces)
    located = list(
        rows.filter(point__isnull=False)
        .values("point", "street")
        .annotate(n=Count("*"), code=Min("lsoa_code"))
    )
    total = sum(row["n"] for row in located)
    located.sort(key=lambda row: (-row["n"], row["street"], _xy(row["point"])))
    places, running = [], 0
    for rank, row in enumerate(located, start=1):
        running += row["n"]
        longitude, latitude = _xy(row["point"])
        places.append(
            RankedPlace(
                rank,
                row["street"],
                longitude,
                latitude,
                row["code"],
                row["n"],
                row["n"] / total,
                running / total,
            )
        )
    return PlaceRanking(
        first,
        last_month.replace(day=1),
        redraw is not None,
        total,
        rows.filter(point__isnull=True).count(),
        tuple(places),
    )


def _xy(point: Any) -> tuple[float, float]:
    return (round(point.x, 6), round(point.y, 6))
