"""What is usual in a series of counts, and which of them are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

XMR_CONSTANT = 2.66
"""3 / 1.128: three standard deviations, estimated from the mean range between neighbours."""

LEAST_POINTS = 8
"""Fewer values give limits that mean nothing."""

LONG_RUN = 8
"""So many values in a row on one side of the centre are a shift."""


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """The centre of a series and the limits within which it varies by chance; its own unit.

    ``outside`` are the positions of values beyond a limit, ``shifted`` those in a run of eight or
    more on one side of the centre.
    """

    centre: float
    low: float
    high: float
    outside: tuple[int, ...]
    shifted: tuple[int, ...]


def control_limits(values: Sequence[float | None]) -> ControlLimits | None:
    """Return the limits of an individuals chart (XmR) of counts, or None with under eight values.

    None stands for a value that is not known: it has no range to its neighbours and ends a run. The
    lower limit of a count is never below 0. Source: Wheeler and Chambers (1992), Understanding
    Statistical Process Control, chapter 3.
    """
    known = [value for value in values if value is not None]
    if len(known) < LEAST_POINTS:
        return None
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    if not ranges:
        return None
    centre = sum(known) / len(known)
    reach = XMR_CONSTANT * sum(ranges) / len(ranges)
    low, high = max(0.0, centre - reach), centre + reach
    outside = tuple(
        place
        for place, value in enumerate(values)
        if value is not None and not low <= value <= high
    )
    return ControlLimits(centre, low, high, outside, _shifted(values, centre))


def _shifted(values: Sequence[float | None], centre: float) -> tuple[int, ...]:
    """Return the positions in long runs on one side; a value on the centre ends a run."""
    found: list[int] = []
    run: list[int] = []
    side = 0
    for place, value in enumerate([*values, None]):
        here = 0 if value is None else (value > centre) - (value < centre)
        if here == 0 or here != side:
            found += run if len(run) >= LONG_RUN else []
            run = []
        if here:
            run.append(place)
        side = here
    return tuple(found)
