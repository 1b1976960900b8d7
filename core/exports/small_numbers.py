"""Small numbers: counts of 1 to 4 are hidden, and with them as many others as betray them.

A hidden count can be found by subtraction wherever all other parts of a published total are
published, and by solving several such sums together. So totals and parts are taken as a system of
linear equations whose unknowns are the hidden counts: while it determines any of them, one more
count is hidden. 0 is published: it says that there was nobody.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)

SMALLEST_SHOWN = 5
HIDDEN = "[c]"  # confidential: the mark of official statistics


def hide_small(
    counts: Mapping[Cell, int],
    totals: Sequence[tuple[Cell, Sequence[Cell]]],
    *,
    below: int = SMALLEST_SHOWN,
) -> frozenset[Cell]:
    """Return the cells to hide.

    ``counts`` holds every count that would be published, totals included; ``totals`` pairs each
    published total with the parts it is the sum of; a total that is broken down in two ways stands
    twice. Hidden are counts from 1 to ``below`` - 1, and whatever has to be so that none of the
    hidden can be found from the published ones by linear equations.

    Raises ValueError if a total is not the sum of its parts.
    """
    for total, parts in totals:
        if counts[total] != sum(counts[part] for part in parts):
            raise ValueError(f"The total {total!r} is not the sum of its parts.")
    hidden = {cell for cell, count in counts.items() if 0 < count < below}
    lines = [[total, *parts] for total, parts in totals]
    while exposed := determined(hidden, totals):
        chosen = _cheapest(exposed, hidden, lines, counts)
        if chosen is None:  # nothing else is left in its sums: hide what holds the sums together
            return frozenset(hidden | set(exposed) | {cell for line in lines for cell in line})
        hidden.add(chosen)
    return frozenset(hidden)


def determined(hidden: set[Cell], totals: Sequence[tuple[Cell, Sequence[Cell]]]) -> list[Cell]:
    """Return the hidden cells whose count follows from the published ones, by exact elimination."""
    unknowns = sorted(hidden, key=repr)
    column = {cell: place for place, cell in enumerate(unknowns)}
    rows = []
    for total, parts in totals:
        row = [Fraction(0)] * len(unknowns)
        for cell, sign in [(total, -1), *((part, 1) for part in parts)]:
            if cell in column:
                row[column[cell]] += sign
        if any(row):
            rows.append(row)
    return [unknowns[place] for place in _fixed(rows, len(unknowns))]


def _fixed(rows: list[list[Fraction]], width: int) -> list[int]:
    """Return the unknowns that stand alone in a row of the reduced system."""
    done = 0
    for place in range(width):
        pivot = next((n for n in range(done, len(rows)) if rows[n][place]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        factor = rows[done][place]
        rows[done] = [value / factor for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[place]:
                by = row[place]
                rows[n] = [a - by * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return [
        next(place for place, value in enumerate(row) if value)
        for row in rows[:done]
        if sum(bool(value) for value in row) == 1
    ]


def _cheapest(
    exposed: Sequence[Cell],
    hidden: set[Cell],
    lines: Sequence[Sequence[Cell]],
    counts: Mapping[Cell, int],
) -> Cell | None:
    """Return the smallest count, not 0, that stands in a sum with an exposed cell; None if none."""
    wanted = set(exposed)
    beside = {
        cell
        for line in lines
        if wanted & set(line)
        for cell in line
        if cell not in hidden and counts[cell] > 0
    }
    return min(beside, key=lambda cell: (counts[cell], repr(cell)), default=None)
