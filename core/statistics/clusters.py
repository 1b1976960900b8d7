"""Where high counts lie beside high counts: the local statistic of Getis and Ord."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist


def local_g_star(
    values: Sequence[float], neighbours: Sequence[Sequence[int]]
) -> list[float | None]:
    """Return Gi* of each place, as a z score: positive where it and its neighbours are high.

    ``neighbours`` holds for each place the positions of the others that count as near, each with
    weight 1 (binary weights); the place itself is always among them and need not be named. None
    where it says nothing: all values are equal, or everything is everybody's neighbour. Source:
    Ord and Getis (1995), Local spatial autocorrelation statistics, Geographical Analysis 27:286,
    formula 14.

    Raises ValueError if the two sequences differ in length or name a place that is not there.
    """
    size = len(values)
    if len(neighbours) != size:
        raise ValueError(f"{size} values, but neighbours of {len(neighbours)}.")
    if size < 2:
        return [None] * size
    mean = math.fsum(values) / size
    # The standard deviation of the population, as in the formula.
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / size)
    found: list[float | None] = []
    for place, near in enumerate(neighbours):
        inside = {place, *near}
        if min(inside) < 0 or max(inside) >= size:
            raise ValueError(f"Place {place} names a neighbour that is not there.")
        weight = len(inside)
        spread = deviation * math.sqrt((size * weight - weight**2) / (size - 1))
        high = math.fsum(values[one] for one in inside) - mean * weight
        found.append(high / spread if spread else None)
    return found


def clear_scores(scores: Sequence[float | None], *, rate: float = 0.05) -> list[bool]:
    """Say which z scores are clear when many are looked at together.

    Of those called clear, a share of ``rate`` at most is expected to be so by chance. Source:
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289; for local
    statistics Caldas de Castro and Singer (2006), Geographical Analysis 38:180.
    """
    chances = sorted(
        (2 * (1 - NormalDist().cdf(abs(score))), place)
        for place, score in enumerate(scores)
        if score is not None
    )
    last = max(
        (n for n, (chance, __) in enumerate(chances, 1) if chance <= rate * n / len(chances)),
        default=0,
    )
    clear = {place for __, place in chances[:last]}
    return [place in clear for place in range(len(scores))]
