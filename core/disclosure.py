"""Small counts in what is published: what must be hidden, and what a reader could work out.

A count of 1 to 4 could be one household's; it is hidden. A hidden count that follows from what is
shown is not hidden. A reader of a published table knows that what is hidden is a count from 1 to 4,
and every sum that stands beside it; whether that fixes a hidden count is a question about whole
numbers with bounds, and is put to a solver of such systems as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)

SMALL = 5
"""Counts from 1 to SMALL - 1 are hidden; 0 and SMALL or more are shown."""


@dataclass(frozen=True, slots=True)
class KnownSum(Generic[Cell]):
    """A published sum over hidden cells: ``cells`` together make ``total``."""

    cells: frozenset[Cell]
    total: int


def is_small(count: int) -> bool:
    """Say whether a count has to be hidden."""
    return 0 < count < SMALL


def worked_out(sums: Iterable[KnownSum[Cell]]) -> set[Cell]:
    """Return the hidden cells that the sums give away: only one whole number from 1 to 4 fits.

    Raises ValueError for sums that no such numbers fulfil: they are not sums of hidden counts.
    """
    known = list(sums)
    return {
        cell
        for group in _groups(known)
        for cell, (low, high) in _bounds(group).items()
        if low == high
    }


def _groups(sums: list[KnownSum[Cell]]) -> list[list[KnownSum[Cell]]]:
    """Part the sums into those that share no cell with each other: each is solved by itself."""
    groups: list[tuple[set[Cell], list[KnownSum[Cell]]]] = []
    for one in sums:
        joined = [group for group in groups if group[0] & one.cells]
        cells, members = set(one.cells), [one]
        for group in joined:
            cells |= group[0]
            members += group[1]
            groups.remove(group)
        groups.append((cells, members))
    return [members for __, members in groups]


def _bounds(sums: list[KnownSum[Cell]]) -> dict[Cell, tuple[int, int]]:
    """Return the least and the greatest count that each cell can have."""
    # Imported here: the solver takes half a second to load and only builders of tables need it.
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = sorted({cell for one in sums for cell in one.cells}, key=repr)
    place = {cell: number for number, cell in enumerate(cells)}
    rows = np.zeros((len(sums), len(cells)))
    for number, one in enumerate(sums):
        rows[number, [place[cell] for cell in one.cells]] = 1
    totals = np.array([one.total for one in sums], dtype=float)
    given: dict[str, Any] = {
        "constraints": LinearConstraint(rows, totals, totals),
        "bounds": Bounds(1, SMALL - 1),
        "integrality": np.ones(len(cells)),
    }

    def extreme(number: int, sign: int) -> int:
        wanted = np.zeros(len(cells))
        wanted[number] = sign
        found = milp(wanted, **given)
        if found.x is None:
            raise ValueError("No hidden counts from 1 to 4 fulfil these sums.")
        return round(found.x[number])

    return {cell: (extreme(number, 1), extreme(number, -1)) for cell, number in place.items()}


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table of counts by row and period as it may be published.

    ``shown`` holds the cells that are 0 or at least 5, ``hidden`` names the others. ``pooled`` are
    sums over several hidden cells of one row or one period that may stand beside them.
    """

    shown: Mapping[tuple[str, str], int]
    hidden: frozenset[tuple[str, str]]
    pooled: tuple[KnownSum[tuple[str, str]], ...]

    @property
    def total(self) -> int:
        """The sum of the cells that are shown; what is hidden is not in it."""
        return sum(self.shown.values())


def public_table(
    counts: Mapping[tuple[str, str], int], *, years: Iterable[Collection[str]]
) -> PublicTable:
    """Return what may be published of counts by (row, period).

    Nothing depends on which periods are asked for together: a cell is shown or hidden by itself
    alone, what is hidden in one period is pooled over the rows of that period by that period
    alone, and over the periods of a year only where all of that year's periods are there. So two
    tables of overlapping times, made on different days, say no more together than the longer one.
    Every total that is published beside them must be made of shown cells.

    ``years`` are complete years, each as its periods. A pool holds at least two cells and 5
    reports, and is left out where it would give a hidden cell away (``worked_out``); pools of a
    period go first, because they may have been published before the year was complete.
    """
    hidden = {cell for cell, count in counts.items() if is_small(count)}
    pools: list[KnownSum[tuple[str, str]]] = []
    periods = sorted({period for __, period in counts})
    for period in periods:
        _add(pools, {cell for cell in hidden if cell[1] == period}, counts)
    for year in years:
        for row in sorted({row for row, __ in counts}):
            _add(pools, {(row, period) for period in year} & hidden, counts)
    return PublicTable(
        {cell: counts[cell] for cell in sorted(counts) if cell not in hidden},
        frozenset(hidden),
        tuple(pools),
    )


def _add(
    pools: list[KnownSum[tuple[str, str]]],
    cells: set[tuple[str, str]],
    counts: Mapping[tuple[str, str], int],
) -> None:
    """Publish the sum of some hidden cells, unless it or what is published already says too much.

    A sum of hidden counts must not be a small count itself, and none of them may follow from it.
    """
    total = sum(counts[cell] for cell in cells)
    if len(cells) < 2 or total < SMALL:
        return
    pool = KnownSum(frozenset(cells), total)
    if not worked_out([*pools, pool]):
        pools.append(pool)
