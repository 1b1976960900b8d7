"""Reading the months of an evaluation from what is stored: missing stays missing."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count

from incidents import selectors
from incidents.choices import Coverage
from incidents.models import Force
from incidents.selectors.base import rows_of
from problems.choices import AreaRole
from problems.evaluation.figures import FORCE, MonthCount
from problems.models import Baseline

ASB = "Anti-social behaviour"
LEAST_PAIRS = 3
"""Fewer months than this on either side are not compared."""


def last_whole_month(on: dt.date) -> dt.date:
    """Return the first day of the last month that is over on a day."""
    ends = calendar.monthrange(on.year, on.month)[1]
    this = on.replace(day=1)
    return this if on.day == ends else (this - dt.timedelta(days=1)).replace(day=1)


def months_of(baseline: Baseline, as_of: dt.date) -> tuple[MonthCount, ...]:
    """Return every month of both windows with its count in each area, published sources only.

    Beside the areas of the baseline the whole police force area is counted, from the same files.
    Months that are not over on ``as_of`` are missing. Raises core.errors.Refused, with the reason,
    where street data cannot serve an area.
    """
    limit = last_whole_month(as_of)
    counts: dict[dt.date, dict[str, int | None]] = defaultdict(dict)
    statuses: dict[dt.date, list[str]] = defaultdict(list)
    windows = (
        ("before", baseline.before_first, baseline.before_last),
        ("after", baseline.after_first, baseline.after_last),
    )
    order: list[tuple[str, dt.date]] = [
        (name, month)
        for name, first, last in windows
        for month in selectors.months_between(first, last)
    ]
    forces: list[Force] = []
    for area in baseline.areas.select_related("location__area", "target_place__area", "definition"):
        definition = area.area
        if definition is not None and area.role == AreaRole.RESPONSE:
            forces = selectors.forces_of(definition)
        if definition is None:
            for __, month in order:
                counts[month][area.role] = None
                statuses[month].append(Coverage.MISSING)
            continue
        wanted = {month for __, month in order}
        first, last = min(wanted), max(wanted)
        for row in selectors.monthly_counts(definition, first, last, categories=[ASB]):
            if row.month in wanted:
                later = row.month > limit
                counts[row.month][area.role] = None if later else row.count
                statuses[row.month].append(Coverage.MISSING if later else row.status)
    whole = _of_forces(forces, [month for __, month in order])
    for month, found in counts.items():
        found[FORCE] = None if None in found.values() else whole.get(month, 0)
    return tuple(
        MonthCount(month, name, _worst(statuses[month]), counts[month]) for name, month in order
    )


def _of_forces(forces: Sequence[Force], months: Sequence[dt.date]) -> dict[dt.date, int]:
    """Return the reports of the whole police force area by month; held months only are asked."""
    if not forces or not months:
        return {}
    rows = rows_of(min(months), max(months), [ASB], forces).values("month")
    return {row["month"]: row["n"] for row in rows.annotate(n=Count("*")).order_by()}


def _worst(statuses: Sequence[str]) -> str:
    ranked = (Coverage.MISSING, Coverage.PARTIAL, Coverage.OBSERVED)
    found = min((ranked.index(Coverage(one)) for one in statuses), default=0)
    return str(ranked[found].value)


def choose(months: Sequence[MonthCount]) -> tuple[str, frozenset[tuple[str, dt.date]]]:
    """Return how the months are compared and which (window, month) take part.

    Each month of the year that is held on both sides is compared with itself, equally often in
    every month of the year. Where fewer than three can be, all held months are taken, if there are
    three on each side. Months that look incomplete never take part.
    """
    held = [one for one in months if one.status == Coverage.OBSERVED]
    sides: dict[str, dict[int, list[dt.date]]] = {
        "before": defaultdict(list),
        "after": defaultdict(list),
    }
    for one in held:
        sides[one.window][one.month.month].append(one.month)
    both = sorted(set(sides["before"]) & set(sides["after"]))
    if len(both) >= LEAST_PAIRS:
        used = set()
        for window, found in sides.items():
            often = min(len(found[number]) for number in both)
            used |= {(window, month) for number in both for month in sorted(found[number])[-often:]}
        return "same_months", frozenset(used)
    for window in sides:
        if sum(one.window == window for one in held) < LEAST_PAIRS:
            return "", frozenset()
    return "all_months", frozenset((one.window, one.month) for one in held)
