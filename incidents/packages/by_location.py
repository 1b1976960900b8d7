"""Reports of ASB at many locations side by side: how many, for how many people, changing or not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.statistics import rate_per_1000
from core.statistics.counts import Rate
from core.together import together
from incidents import selectors
from incidents.models import Force
from incidents.packages.changes import RECENT_MONTHS, change_from, span
from incidents.packages.figures import ASB, Change
from incidents.packages.recipe import month_start, month_text, months_between, shifted
from incidents.selectors import CountsOf, MonthlyCount
from incidents.selectors.coverage import redraw_within
from places.models import AreaDefinition
from programmes.models import Location

DRAWN_MONTHS = 24
"""Months of the small drawing of each line: two of each, so that a season can be seen."""


@dataclass(frozen=True, slots=True)
class LocationLine:
    """One location: ``reports`` in the ``held`` months of the last twelve, and what changed.

    ``recent`` are the last two years by month, fewer for a drawn area whose points were redrawn
    meanwhile. ``refused`` says why its reports cannot be counted; ``reports`` is None there, where
    the location has no area and where no month is held. ``rate`` is None without residents.
    """

    location: Location
    reports: int | None
    held: int
    rate: Rate | None
    change: Change | None
    recent: tuple[MonthlyCount, ...]
    refused: str = ""

    @property
    def direction(self) -> str:
        """Return ``more``, ``fewer``, ``same`` (no clear change) or ``unknown``."""
        change = self.change
        if change is None or change.now is None or change.before is None:
            return "unknown"
        if change.status != "clear_change":
            return "same"
        return "more" if change.now > change.before else "fewer"


@dataclass(frozen=True, slots=True)
class ByLocation:
    """The lines in the order of the locations, and the twelve months they count."""

    lines: tuple[LocationLine, ...]
    first_month: dt.date | None
    last_month: dt.date | None

    def names(self, direction: str) -> list[str]:
        """Return the locations whose reports went that way."""
        return [line.location.name for line in self.lines if line.direction == direction]


def by_location(locations: Sequence[Location], today: dt.date) -> ByLocation:
    """Count the last twelve months held by a day, all of them at once.

    The months are the same for all locations: they end with the newest that any of their forces'
    files hold. ``locations`` come with their areas.
    """
    areas = [one.area for one in locations if one.area is not None]
    with together():
        forces = selectors.forces_of_each(areas)
        every = {force.pk: force for those in forces.values() for force in those}
        last = selectors.last_held(list(every.values()), today)
        if last is None:
            return ByLocation(tuple(_unknown(one) for one in locations), None, None)
        months = months_between(month_start(shifted(month_text(last), 1 - RECENT_MONTHS)), last)
        counts = _counts(areas, forces, *map(month_start, span(months)))
    return ByLocation(
        lines=tuple(
            _unknown(one) if one.area is None else _line(one, one.area, counts[one.area.pk], months)
            for one in locations
        ),
        first_month=month_start(months[0]),
        last_month=last,
    )


def _counts(
    areas: Sequence[AreaDefinition],
    forces: Mapping[UUID, Sequence[Force]],
    first: dt.date,
    last: dt.date,
) -> dict[UUID, CountsOf]:
    """Count each area; drawn ones whose points were redrawn meanwhile from there on."""
    found = selectors.monthly_counts_of(areas, first, last, category=ASB, forces=forces)
    later: dict[dt.date, list[AreaDefinition]] = defaultdict(list)
    for area in areas:
        if found[area.pk].refused:
            redraw = redraw_within(forces[area.pk], first, last)
            if redraw:
                later[redraw[1]].append(area)
    for start, those in later.items():
        found |= selectors.monthly_counts_of(those, start, last, category=ASB, forces=forces)
    return found


def _unknown(location: Location) -> LocationLine:
    return LocationLine(location, None, 0, None, None, ())


def _line(
    location: Location, area: AreaDefinition, counts: CountsOf, months: Sequence[str]
) -> LocationLine:
    if counts.refused:
        return LocationLine(location, None, 0, None, None, (), str(counts.refused))
    held = [
        row.count
        for row in counts.months
        if row.count is not None and month_text(row.month) in months
    ]
    return LocationLine(
        location=location,
        reports=sum(held) if held else None,
        held=len(held),
        rate=rate_per_1000(sum(held), area.residents) if held and area.residents else None,
        change=change_from(months, counts.months),
        recent=counts.months[-DRAWN_MONTHS:],
    )
