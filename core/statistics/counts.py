"""Small statistics for counts: intervals, rates, and whether two counts differ clearly.

Each function names its source. Larger methods (evaluation, surveys) live with what they measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CLEAR_Z = 3.0
"""A change is flagged when Poisson z reaches 3 either way (Wheeler 2016)."""

SMALL_COUNT = 50
"""Below this count a percentage change misleads more than it tells, and is not printed."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval; same unit as the estimate it belongs to."""

    low: float
    high: float


def byar_interval(count: int, level: float = 0.95) -> Interval:
    """Return a confidence interval for a count that is taken as Poisson.

    From 10 upwards Byar's approximation, below it the exact limits from the chi-squared
    distribution. Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69;
    the rule at 10 is that of the Association of Public Health Observatories' technical briefing 3.

    ``level`` is the coverage (0.95 gives a 95% interval). Raises ValueError for a negative count
    or a level outside 0 to 1.
    """
    if count < 0:
        raise ValueError(f"A count cannot be negative: {count}")
    if not 0 < level < 1:
        raise ValueError(f"The level must lie between 0 and 1: {level}")
    alpha = 1 - level
    if count < 10:
        from scipy.stats import chi2

        low = 0.0 if count == 0 else float(chi2.ppf(alpha / 2, 2 * count)) / 2
        return Interval(low, float(chi2.ppf(1 - alpha / 2, 2 * count + 2)) / 2)
    z = NormalDist().inv_cdf(1 - alpha / 2)
    above = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    return Interval(low, high)


def poisson_z(before: int, now: int, *, dispersion: float = 1.0) -> float:
    """Return 2(√now − √before): how many standard errors two Poisson counts lie apart.

    Both counts must cover equally long periods. Source: Wheeler (2016), Tables and graphs for
    monitoring temporal crime trends. Real counts vary more than Poisson: ``dispersion`` (variance
    over mean, 1 for Poisson) divides the score by its square root.
    Raises ValueError for a negative count or a dispersion that is not positive.
    """
    if before < 0 or now < 0:
        raise ValueError(f"A count cannot be negative: {before}, {now}")
    if dispersion <= 0:
        raise ValueError(f"The dispersion must be positive: {dispersion}")
    return 2 * (math.sqrt(now) - math.sqrt(before)) / math.sqrt(dispersion)


def change_status(before: int | None, now: int | None) -> str:
    """Return ``clear_change``, ``no_clear_change`` or ``too_early`` for two equally long periods.

    None means that a period is not held in full: then it is too early to tell.
    """
    if before is None or now is None:
        return "too_early"
    return "clear_change" if abs(poisson_z(before, now)) >= CLEAR_Z else "no_clear_change"


def percent_change(before: int, now: int) -> float | None:
    """Return the percentage change, or None where the counts are too small for it to mean much."""
    if before < SMALL_COUNT or now < SMALL_COUNT:
        return None
    return 100 * (now - before) / before


@dataclass(frozen=True, slots=True)
class Rate:
    """A count per 1,000 residents with its interval; ``base`` is the number of residents."""

    count: int
    base: int
    value: float
    low: float
    high: float


def rate_per_1000(count: int, base: int, level: float = 0.95) -> Rate:
    """Return a count per 1,000 of ``base`` with the interval of ``byar_interval`` scaled alike.

    The base is treated as known without error. Raises ValueError if the base is not positive.
    """
    if base <= 0:
        raise ValueError(f"A rate needs a positive base: {base}")
    interval = byar_interval(count, level)
    scale = 1000 / base
    return Rate(count, base, count * scale, interval.low * scale, interval.high * scale)
