"""Ratios between before and after, here and elsewhere; two small counts; how much counts vary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from core.statistics.counts import Interval
from core.statistics.displacement import Pair

E_TEST_MOST = 100
"""Above this count the E-test is not used: it takes long and says what the ratio says."""


@dataclass(frozen=True, slots=True)
class RatioTest:
    """The change of a treated area relative to that of a comparison area.

    ``ratio`` below 1 means that it did better; ``log_ratio`` is its natural logarithm with
    ``standard_error``. ``relative_effect`` is the same upside down (above 1 is good), with its own
    interval. ``corrected`` says that 0.5 was added to each count because one was zero.
    """

    log_ratio: float
    standard_error: float
    z: float
    ratio: float
    interval: Interval
    relative_effect: float
    relative_interval: Interval
    corrected: bool


def rate_ratio(
    *,
    treated: Pair,
    control: Pair,
    periods: Pair = (1.0, 1.0),
    dispersion: float = 1.0,
    level: float = 0.95,
) -> RatioTest:
    """Return ln b − ln a − (ln d − ln c) for treated a, b and control c, d, with its interval.

    The variance of the logarithm is 1/a + 1/b + 1/c + 1/d (Poisson), times ``dispersion``. Sources:
    Wheeler and Piza (2021) on the log of the rate ratio; Welsh and Farrington (2009) for the
    relative effect size (a·d)/(b·c), which is its inverse. The lengths of ``periods`` (before,
    after) are the same in both areas and drop out. Raises ValueError for negative counts.
    """
    counts = [*treated, *control]
    if min(counts) < 0:
        raise ValueError("A count cannot be negative.")
    if dispersion <= 0 or min(periods) <= 0:
        raise ValueError("Periods and the dispersion must be positive.")
    corrected = 0 in counts
    a, b, c, d = (count + 0.5 for count in counts) if corrected else counts
    log = math.log(b) - math.log(a) - (math.log(d) - math.log(c))
    error = math.sqrt(dispersion * (1 / a + 1 / b + 1 / c + 1 / d))
    reach = NormalDist().inv_cdf(0.5 + level / 2) * error
    low, high = math.exp(log - reach), math.exp(log + reach)
    return RatioTest(
        log_ratio=log,
        standard_error=error,
        z=log / error,
        ratio=math.exp(log),
        interval=Interval(low, high),
        relative_effect=math.exp(-log),
        relative_interval=Interval(1 / high, 1 / low),
        corrected=corrected,
    )


def e_test(first: int, second: int, *, periods: Pair = (1.0, 1.0)) -> float:
    """Return the two-sided p of two Poisson counts having one rate, by the E-test.

    Source: Krishnamoorthy and Thomson (2004), A more powerful test for comparing two Poisson
    means, as in scipy.stats.poisson_means_test. Raises ValueError for a negative count or one
    above 100, for which it is not meant.
    """
    if min(first, second) < 0:
        raise ValueError("A count cannot be negative.")
    if max(first, second) > E_TEST_MOST:
        raise ValueError(f"The E-test is for counts up to {E_TEST_MOST}.")
    if first == second == 0:
        return 1.0
    from scipy.stats import poisson_means_test

    return float(poisson_means_test(first, periods[0], second, periods[1]).pvalue)


def pearson_dispersion(windows: Sequence[Sequence[Sequence[float]]]) -> float | None:
    """Return how many times more than Poisson counts vary, never below 1; None with too few months.

    Each window (before, after) is a table of months by areas. Within a window the share of each
    area is taken as constant: Pearson's chi-squared of the table over its degrees of freedom, added
    up over the windows, is the dispersion (McCullagh and Nelder 1989, section 4.5). What all areas
    have in common (season, the whole force) drops out, as it does in the comparison itself. With a
    single area the same gives variance over mean. At least five degrees of freedom are wanted.
    """
    found, degrees = 0.0, 0
    for table in windows:
        rows = [list(row) for row in table if sum(row) > 0]
        if len(rows) < 2:
            continue
        if len(rows[0]) == 1:
            mean = sum(row[0] for row in rows) / len(rows)
            found += sum((row[0] - mean) ** 2 / mean for row in rows)
            degrees += len(rows) - 1
            continue
        columns = [sum(row[n] for row in rows) for n in range(len(rows[0]))]
        used = [n for n, total in enumerate(columns) if total > 0]
        total = sum(columns)
        for row in rows:
            for n in used:
                expected = sum(row) * columns[n] / total
                found += (row[n] - expected) ** 2 / expected
        degrees += (len(rows) - 1) * (len(used) - 1)
    return max(1.0, found / degrees) if degrees >= 5 else None


def reports_to_prevent(
    treated: float, control: float | None = None, *, dispersion: float = 1.0, level: float = 0.95
) -> int:
    """Return the least number of reports to be prevented for an interval that excludes zero.

    ``treated`` and ``control`` are the counts expected in a period without any change. The least x
    with x ≥ z·√(dispersion · variance), where the treated area's second count falls by x; without a
    control area its two counts are left out. Source: the variance of the weighted displacement
    difference; compare Wheeler and Ratcliffe (2018), who want about 30 of 100 prevented for weak
    evidence (z about 1.6). Never more than the count itself.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    total = 2 * treated + (2 * control if control is not None else 0)
    # x² = z²φ(total − x) solved for x.
    spread = z * z * dispersion
    least = (-spread + math.sqrt(spread * spread + 4 * spread * total)) / 2
    return math.ceil(round(least, 9))
