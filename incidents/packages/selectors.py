"""Reads for the data page: what is held in words, which months can be asked for, what was built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.permissions import Permission
from core import clock
from core.choices import JobState
from core.errors import Refused
from core.models import JobRun
from incidents import selectors
from incidents.choices import Coverage
from incidents.models import DataPackage, Force
from incidents.packages.figures import ASB, SourceNote
from incidents.packages.findings import months_words
from incidents.packages.recipe import month_text
from incidents.packages.services import KIND
from places.models import AreaDefinition
from programmes.models import Location

DEFAULT_MONTHS = 6
SHOWN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the location's ASB, as the data page shows it."""

    month: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class ForceCoverage:
    """What is held for one force up to the business date, in words."""

    force: str
    held: str
    partial: str
    missing: str


@dataclass(frozen=True, slots=True)
class DataOverview:
    """What the data page shows before anything is built.

    ``months`` can be asked for; ``later`` is whether more is held after the business date;
    ``refused`` says why reports cannot be counted for this area.
    """

    forces: tuple[ForceCoverage, ...]
    recent: tuple[MonthLine, ...]
    months: tuple[dt.date, ...]
    first: dt.date | None
    last: dt.date | None
    later: bool
    refused: str
    sources: tuple[SourceNote, ...]


def data_overview(*, location: Location, include_later: bool = False) -> DataOverview:
    """Return what is held for a location and which months a package can cover."""
    today = clock.today().replace(day=1)
    definition = location.area
    source = selectors.source_of()
    sources = (
        (SourceNote(source.title, source.licence, source.attribution, source.url),)
        if source
        else ()
    )
    nothing = DataOverview((), (), (), None, None, False, "", sources)
    if definition is None:
        return nothing
    forces = selectors.forces_of(definition)
    held = sorted(
        {
            p
            for force in forces
            for s in selectors.snap_periods(force)
            for p in (s.first_month, s.last_month)
        }
    )
    if not held:
        return nothing
    last = max(today, held[-1]) if include_later else today
    months = tuple(selectors.months_between(held[0], last)) if held[0] <= last else ()
    recent, refused = _recent(definition, today, forces)
    return DataOverview(
        forces=tuple(_in_words(force, held[0], last) for force in forces),
        recent=recent,
        months=months,
        first=months[-DEFAULT_MONTHS:][0] if months else None,
        last=months[-1] if months else None,
        later=held[-1] > today,
        refused=refused,
        sources=sources,
    )


def _recent(
    definition: AreaDefinition, today: dt.date, forces: Sequence[Force]
) -> tuple[tuple[MonthLine, ...], str]:
    start = today.replace(year=today.year - 1)
    try:
        rows = selectors.monthly_counts(definition, start, today, categories=[ASB], forces=forces)
    except Refused as error:
        return (), str(error)
    lines = [MonthLine(month_text(row.month), row.count, str(row.status)) for row in rows]
    return tuple(lines[-SHOWN_MONTHS:]), ""


def _in_words(force: Any, first: dt.date, last: dt.date) -> ForceCoverage:
    by_status: dict[str, list[str]] = {status: [] for status in Coverage.values}
    for month in selectors.coverage(force, first, last):
        by_status[str(month.status)].append(month_text(month.month))
    return ForceCoverage(
        force.name,
        months_words(by_status[Coverage.OBSERVED]),
        months_words(by_status[Coverage.PARTIAL]),
        months_words(by_status[Coverage.MISSING]),
    )


def packages_of(*, location: Location, reader: Any) -> list[DataPackage]:
    """Return the packages of a location that a person may read, the latest first."""
    return list(
        DataPackage.objects.filter(location=location)
        .visible_to(reader, Permission.DATA_READ)
        .select_related("file", "briefing_pdf", "job__requested_by", "location")
        .order_by("-created_at")
    )


def open_jobs(*, location: Location) -> list[JobRun]:
    """Return the packages of a location that are being built."""
    return list(
        JobRun.objects.filter(
            kind=KIND, params__location=str(location.pk), state__in=JobState.open_states()
        ).order_by("created_at")
    )
