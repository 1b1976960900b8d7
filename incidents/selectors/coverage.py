"""What is held of each force and month, and where street data must not be used."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused
from core.together import kept
from incidents.choices import Coverage, FileKind
from incidents.models import Force, ForceMonth, Incident
from incidents.selectors.base import STREET_SOURCE, forces_of, months_between
from places.choices import DefinitionKind
from places.models import AreaDefinition

# A month with fewer than half the rows that are usual for the force is flagged, not corrected.
# Usual is the median of those of the twelve held months before it that were not flagged
# themselves, so that one incomplete month does not make the next look complete. One earlier month
# is enough to judge: a whole force's rows do not halve from one month to the next (in West Mercia
# the greatest fall is by a tenth); the first month held cannot be judged.
USUAL_MONTHS, LEAST_SHARE = 12, 0.5
# From month to month about half of a force's points come back (West Mercia 0.41 to 0.51, its
# neighbours 0.43 to 0.49); between March 2022 and January 2024, 0.03 did. Months with few points
# say nothing either way and are taken to continue the list.
SAME_LIST_SHARE, ENOUGH_POINTS = 0.2, 500
LEAST_RESIDENTS = 1000


@dataclass(frozen=True, slots=True)
class MonthCoverage:
    """What is held of a force in a month.

    ``status`` is observed, partial (held, but under half the usual rows) or missing. ``rows`` are
    the rows stored, ``rows_read`` those of the file, ``rejected`` those left out; all are None,
    and ``sha256`` is empty, where nothing is held.
    """

    month: dt.date
    status: str
    rows: int | None
    without_location: int | None
    sha256: str
    rows_read: int | None = None
    rejected: int | None = None


@dataclass(frozen=True, slots=True)
class SnapPeriod:
    """A run of held months that use the same list of anonymous points."""

    first_month: dt.date
    last_month: dt.date


def _held(force: Force) -> list[ForceMonth]:
    """Return the months held, by month; within ``core.together`` each force's are read once."""
    known, key = kept(), (_held, force.pk)
    if key not in known:
        known[key] = _read_held(force)
    found: list[ForceMonth] = known[key]
    return found


def _read_held(force: Force) -> list[ForceMonth]:
    return list(
        ForceMonth.objects.filter(
            source__slug=STREET_SOURCE, force=force, kind=FileKind.STREET
        ).order_by("month")
    )


def first_held(forces: Sequence[Force]) -> dt.date | None:
    """Return the first month that is held of any of these forces; None if nothing is."""
    return min((row.month for force in forces for row in _held(force)), default=None)


def last_held(forces: Sequence[Force], until: dt.date) -> dt.date | None:
    """Return the last month held of any of these forces, none that begins after ``until``."""
    return max(
        (row.month for force in forces for row in _held(force) if row.month <= until), default=None
    )


def held_by_all(forces: Sequence[Force]) -> list[dt.date]:
    """Return the months that are held of every one of these forces, in order; none of no force."""
    each = [{row.month for row in _held(force)} for force in forces]
    return sorted(set.intersection(*each)) if each else []


def rows_held(
    first_month: dt.date,
    last_month: dt.date,
    categories: Iterable[int] | None,
    forces: Sequence[Force],
) -> QuerySet[Incident]:
    """Return the rows of these forces, months and categories (their ids, None for all).

    The same rows as ``rows_of``, but files and categories by ids that are read first, not joined:
    the database then knows how many rows to expect. With the joins it expects a handful, and
    walks the index of an area's LSOAs once for every file that is held.
    """
    rows = Incident.objects.filter(
        force_month__in=[row.pk for force in forces for row in _held(force)],
        month__range=(first_month.replace(day=1), last_month.replace(day=1)),
    )
    return rows if categories is None else rows.filter(category__in=list(categories))


def coverage(force: Force, first_month: dt.date, last_month: dt.date) -> list[MonthCoverage]:
    """Return one entry for each month asked for; one query."""
    held = {row.month: row for row in _held(force)}
    low = looks_incomplete([(row.month, row.rows_read) for row in held.values()])
    result = []
    for month in months_between(first_month, last_month):
        row = held.get(month)
        if row is None:
            result.append(MonthCoverage(month, Coverage.MISSING, None, None, ""))
            continue
        result.append(
            MonthCoverage(
                month,
                Coverage.PARTIAL if month in low else Coverage.OBSERVED,
                row.rows_stored,
                row.rows_without_location,
                row.sha256,
                row.rows_read,
                row.rows_rejected,
            )
        )
    return result


def looks_incomplete(
    held: Sequence[tuple[dt.date, int]], *, least_usual: float = 0
) -> set[dt.date]:
    """Return which of the held months, given with their rows in order, have under half the usual.

    Usual is the median of the previous twelve that did not look incomplete themselves. A usual
    number under ``least_usual`` is not judged by: few rows halve by chance.
    """
    low: set[dt.date] = set()
    for number, (month, rows) in enumerate(held):
        usual = [
            count
            for earlier, count in held[max(0, number - USUAL_MONTHS) : number]
            if earlier not in low
        ]
        median = statistics.median(usual) if usual else 0
        if median >= least_usual and rows < LEAST_SHARE * median:
            low.add(month)
    return low


def coverage_of(
    forces: Sequence[Force], first_month: dt.date, last_month: dt.date
) -> dict[dt.date, str]:
    """Return the status of each month over several forces: the worst of them.

    With no force at all every month is missing.
    """
    months = months_between(first_month, last_month)
    if not forces:
        return dict.fromkeys(months, Coverage.MISSING)
    order = (Coverage.MISSING, Coverage.PARTIAL, Coverage.OBSERVED)
    each = [
        {one.month: one.status for one in coverage(force, first_month, last_month)}
        for force in forces
    ]
    return {
        month: min((statuses[month] for statuses in each), key=lambda s: order.index(Coverage(s)))
        for month in months
    }


def snap_periods(force: Force) -> list[SnapPeriod]:
    """Return the runs of months with one list of points, oldest first."""
    periods: list[SnapPeriod] = []
    before: ForceMonth | None = None
    for row in _held(force):
        redrawn = (
            before is not None
            and row.points_shared is not None
            and row.points_shared < SAME_LIST_SHARE
            and min(before.points, row.points) >= ENOUGH_POINTS
        )
        if periods and not redrawn:
            periods[-1] = SnapPeriod(periods[-1].first_month, row.month)
        else:
            periods.append(SnapPeriod(row.month, row.month))
        before = row
    return periods


def redraw_within(
    forces: Sequence[Force], first_month: dt.date, last_month: dt.date
) -> tuple[dt.date, dt.date] | None:
    """Return the last redraw of the points inside a period.

    As (last held month before, first held month after); None if all held months of the period use
    one list.
    """
    latest: tuple[dt.date, dt.date] | None = None
    for force in forces:
        inside = [
            one
            for one in snap_periods(force)
            if one.last_month >= first_month.replace(day=1) and one.first_month <= last_month
        ]
        if len(inside) > 1:
            found = (inside[-2].last_month, inside[-1].first_month)
            latest = max(latest, found) if latest else found
    return latest


def check_street_data(
    definition: AreaDefinition,
    first_month: dt.date,
    last_month: dt.date,
    *,
    forces: Sequence[Force] | None = None,
) -> None:
    """Raise core.errors.Refused, with the reason, where street data cannot be used by point.

    Sets of LSOAs are counted by code and pass. A drawn boundary needs at least 1,000 residents
    (points are moved to the nearest of a fixed list, up to kilometres away) and a period within
    one list of points.
    """
    if definition.kind != DefinitionKind.DRAWN:
        return
    if definition.residents is None:
        raise Refused(
            _(
                "Street-level reports are not counted for this drawn area, because it is not "
                "known how many people live in it: no population figures are held for all of it."
            )
        )
    if definition.residents < LEAST_RESIDENTS:
        raise Refused(
            _(
                "Street-level reports are not counted for this drawn area: about %(residents)s "
                "people "
                "live in it, and at least 1,000 are needed. Reports are published at anonymous "
                "points, "
                "moved from where they happened, so a count for so small an area would mislead. "
                "Use a set of LSOAs or a larger shape."
            )
            % {"residents": definition.residents}
        )
    redraw = redraw_within(
        forces_of(definition) if forces is None else forces, first_month, last_month
    )
    if redraw:
        raise Refused(
            _(
                "Street-level reports are not counted for this drawn area over this period: the "
                "anonymous points at which they are published were redrawn between %(before)s and "
                "%(after)s, so counts by point do not compare. Choose months on one side, or use a "
                "set of LSOAs."
            )
            % {"before": date_format(redraw[0], "F Y"), "after": date_format(redraw[1], "F Y")}
        )
