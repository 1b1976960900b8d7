"""Which counts of a table are hidden, so that none of them can be found from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.exports.disclosure import hide_small
from core.exports.small_numbers import determined
from surveys.limits import LEAST_CELL

Totals = Sequence[tuple[str, Sequence[str]]]


def hidden_cells(
    counts: Mapping[str, int], totals: Totals, *, below: int = LEAST_CELL
) -> frozenset[str]:
    """Return the cells to hide: counts from 1 to ``below`` - 1, and what would give them away.

    ``hide_small`` keeps the hidden from being solved by subtraction. Here, besides, the hidden
    parts of a shown total add up to ``below`` at least: two hidden counts whose sum is 2 would both
    be known to be 1. Raises ValueError if a total is not the sum of its parts.
    """
    hidden = set(hide_small(counts, totals, below=below))
    while True:
        more = _too_little_hidden(hidden, counts, totals, below) or _exposed(hidden, counts, totals)
        if more is None:
            return frozenset(hidden)
        hidden.add(more)


def _too_little_hidden(
    hidden: set[str], counts: Mapping[str, int], totals: Totals, below: int
) -> str | None:
    """Return one more cell to hide where the hidden parts of a shown total sum to too little."""
    for total, parts in totals:
        inside = [part for part in parts if part in hidden]
        if not inside or total in hidden or sum(counts[part] for part in inside) >= below:
            continue
        shown = [part for part in parts if part not in hidden and counts[part] > 0]
        return _smallest(shown, counts) if shown else total
    return None


def _exposed(hidden: set[str], counts: Mapping[str, int], totals: Totals) -> str | None:
    """Return one more cell to hide where a hidden one can be solved for."""
    found = set(determined(hidden, totals))
    if not found:
        return None
    beside = {
        cell
        for total, parts in totals
        if found & {total, *parts}
        for cell in (total, *parts)
        if cell not in hidden and counts[cell] > 0
    }
    return _smallest(beside, counts) if beside else None


def _smallest(cells: Sequence[str] | set[str], counts: Mapping[str, int]) -> str:
    return min(cells, key=lambda cell: (counts[cell], cell))
