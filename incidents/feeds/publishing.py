"""What of a feed may stand in a public version: counts by theme and quarter, small ones hidden.

Nothing else of what is not published leaves: no rows, places, hours or repeats, and no total but
that of the cells that are shown. Cells are whole calendar quarters whatever months a package asks
for, so that packages of overlapping months give nothing away together (core.disclosure).
"""

from __future__ import annotations

from dataclasses import dataclass

from core.disclosure import SMALL, public_table
from incidents.feeds.figures import FeedFigures


@dataclass(frozen=True, slots=True)
class PublicCell:
    """Incidents of a theme in a quarter; ``count`` is None where it is hidden."""

    theme: str
    quarter: str
    count: int | None


@dataclass(frozen=True, slots=True)
class PublicPool:
    """What several hidden cells make together: of one quarter, or of one theme in one year."""

    cells: tuple[tuple[str, str], ...]
    total: int


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """What a public version says of a feed. ``threshold``: counts below it, but 0, are hidden."""

    slug: str
    title: str
    agency: str
    kind: str
    terms: str
    threshold: int
    quarters: tuple[str, ...]
    cells: tuple[PublicCell, ...]
    pools: tuple[PublicPool, ...]

    @property
    def shown(self) -> int:
        """Return the sum of the cells that are shown."""
        return sum(one.count or 0 for one in self.cells)

    @property
    def hidden(self) -> int:
        """Return how many cells are hidden."""
        return sum(one.count is None for one in self.cells)


def public_feed(figures: FeedFigures) -> PublicFeed:
    """Return what may be published of a feed's figures. Raises ValueError if nothing may be."""
    if not figures.public_figures:
        raise ValueError(f"{figures.slug} has no part in public versions.")
    counts = {(one.theme, one.quarter): one.count for one in figures.quarters}
    quarters = tuple(sorted({one.quarter for one in figures.quarters}))
    table = public_table(counts, years=_complete_years(quarters))
    return PublicFeed(
        slug=figures.slug,
        title=figures.title,
        agency=figures.agency,
        kind=figures.kind,
        terms=figures.terms,
        threshold=SMALL,
        quarters=quarters,
        cells=tuple(PublicCell(*cell, table.shown.get(cell)) for cell in sorted(counts)),
        pools=tuple(PublicPool(tuple(sorted(one.cells)), one.total) for one in table.pooled),
    )


def _complete_years(quarters: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the financial years (April to March) of which all four quarters are there."""
    there = set(quarters)
    years: list[tuple[str, ...]] = []
    for year in sorted({int(quarter[:4]) for quarter in quarters}):
        wanted = (f"{year}-Q2", f"{year}-Q3", f"{year}-Q4", f"{year + 1}-Q1")
        if there.issuperset(wanted):
            years.append(wanted)
    return years
