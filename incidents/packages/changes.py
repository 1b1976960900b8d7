"""Whether ASB changed: the latest months beside the same months of an earlier year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.errors import Refused
from core.statistics import change_status, percent_change, poisson_z
from incidents import selectors
from incidents.choices import Coverage
from incidents.packages.figures import ASB, Change
from incidents.packages.recipe import month_start, month_text, shifted
from incidents.selectors import MonthlyCount
from incidents.selectors.coverage import redraw_within
from places.models import AreaDefinition

EARLIER_YEARS = 5  # how far back like months are looked for
LEAST_LIKE_MONTHS = 3
RECENT_MONTHS = 12  # what is set beside earlier months: at most the last year of what is asked for


def change_of(definition: AreaDefinition, months: Sequence[str]) -> Change:
    """Set the latest complete months (of the last twelve of ``months``) beside earlier ones."""
    return change_from(months[-RECENT_MONTHS:], comparable(definition, *span(months)))


def span(months: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last month that change_from looks at for these months."""
    window = months[-RECENT_MONTHS:]
    return shifted(window[0], -12 * EARLIER_YEARS), window[-1]


def comparable(definition: AreaDefinition, first: str, last: str) -> list[MonthlyCount]:
    """Count ASB by month; for a drawn boundary from the last redraw of the map points on.

    Counts by point do not compare across a redraw, so months before it are left out. Raises
    core.errors.Refused where a drawn boundary has too few residents.
    """
    start, end = month_start(first), month_start(last)
    forces = selectors.forces_of(definition)
    try:
        return selectors.monthly_counts(definition, start, end, categories=[ASB], forces=forces)
    except Refused:
        redraw = redraw_within(forces, start, end)
        if redraw is None:
            raise
        return selectors.monthly_counts(definition, redraw[1], end, categories=[ASB], forces=forces)


def change_from(window: Sequence[str], rows: Iterable[MonthlyCount]) -> Change:
    """Set the complete months of a window of at most a year beside the same of an earlier year.

    Of the five years before, the one that holds the most of them is taken, the later of two that
    hold as many; at least three months, all of them complete. ``rows`` are of ASB, of the window
    and of as many earlier months as compare with it.
    """
    held = {
        month_text(row.month): row.count
        for row in rows
        if row.count is not None and row.status == Coverage.OBSERVED
    }
    like: list[tuple[str, str]] = []  # each month with that of the earlier year
    for years in range(1, EARLIER_YEARS + 1):
        pairs = [(month, shifted(month, -12 * years)) for month in window]
        both = [(now, then) for now, then in pairs if now in held and then in held]
        if len(both) >= LEAST_LIKE_MONTHS and len(both) > len(like):
            like = both
    if not like:
        return Change("too_early", (), (), None, None, None, None)
    before = sum(held[then] for __, then in like)
    after = sum(held[now] for now, __ in like)
    percent = percent_change(before, after)
    return Change(
        status=change_status(before, after),
        months=tuple(now for now, __ in like),
        earlier=tuple(then for __, then in like),
        now=after,
        before=before,
        z=round(poisson_z(before, after), 2),
        percent=None if percent is None else round(percent, 1),
    )
