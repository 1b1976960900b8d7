"""Shares of a number of people: how sure we are of one, and of the difference between two."""

from __future__ import annotations

import math
from statistics import NormalDist

from core.statistics.counts import Interval


def wilson_interval(found: int, base: int, level: float = 0.95) -> Interval:
    """Return the confidence interval of a share: ``found`` of ``base``.

    Wilson's score interval, which stays within 0 and 1 and holds for none and for all. Source:
    Wilson (1927), Journal of the American Statistical Association 22, 209-212; as Newcombe (1998),
    Statistics in Medicine 17, 857-872, method 3. Raises ValueError for an empty base, a count
    outside 0 to ``base`` or a level outside 0 to 1.
    """
    if base <= 0 or not 0 <= found <= base:
        raise ValueError(f"Not a share: {found} of {base}")
    z = _z(level)
    share = found / base
    middle = 2 * found + z * z
    half = z * math.sqrt(z * z + 4 * found * (1 - share))
    below = 2 * (base + z * z)
    low, high = (middle - half) / below, (middle + half) / below
    return Interval(0.0 if found == 0 else low, 1.0 if found == base else high)


def newcombe_interval(
    found: int, base: int, other_found: int, other_base: int, level: float = 0.95
) -> Interval:
    """Return the confidence interval of the difference of two independent shares, first less other.

    The hybrid score interval: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    Raises ValueError as ``wilson_interval``.
    """
    share, other = found / base if base else 0.0, other_found / other_base if other_base else 0.0
    one = wilson_interval(found, base, level)
    two = wilson_interval(other_found, other_base, level)
    difference = share - other
    return Interval(
        difference - math.hypot(share - one.low, two.high - other),
        difference + math.hypot(one.high - share, other - two.low),
    )


def share_ratio(
    found: int, base: int, other_found: int, other_base: int, level: float = 0.95
) -> tuple[float, Interval] | None:
    """Return how many times the other share the first is, with its interval.

    None where either count is 0, for which the interval is not defined. The interval of the
    logarithm: Katz, Baptista, Azen and Pike (1978), Biometrics 34, 469-474, method C, variance
    1/a − 1/m + 1/b − 1/n. Raises ValueError as ``wilson_interval``.
    """
    for count, of in ((found, base), (other_found, other_base)):
        if of <= 0 or not 0 <= count <= of:
            raise ValueError(f"Not a share: {count} of {of}")
    z = _z(level)
    if not found or not other_found:
        return None
    ratio = (found / base) / (other_found / other_base)
    error = math.sqrt(max(0.0, 1 / found - 1 / base) + max(0.0, 1 / other_found - 1 / other_base))
    return ratio, Interval(ratio * math.exp(-z * error), ratio * math.exp(z * error))


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"The level must lie between 0 and 1: {level}")
    return NormalDist().inv_cdf(1 - (1 - level) / 2)
