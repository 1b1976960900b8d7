"""Differences between before and after, here and elsewhere: the weighted displacement difference.

Sources: Wheeler and Ratcliffe (2018), A simple weighted displacement difference test to evaluate
place based crime interventions, Crime Science 7:11; Wheeler, The WDD test with different pre/post
time periods (for periods of different length and for weights); Guerette (2009), Analyzing Crime
Displacement and Diffusion, POP Center Tool Guide 10, appendices B and C, after Bowers and Johnson
(2003), for the quotient.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from core.statistics.counts import Interval

Pair = tuple[float, float]
"""A count before and a count after."""


@dataclass(frozen=True, slots=True)
class DifferenceTest:
    """A weighted displacement difference: more (+) or fewer (−) than where nothing was done.

    ``local`` is the part of the treated area, ``displaced`` that of the area nearby (0 where none
    is given). ``standard_error`` includes the dispersion; ``z`` is the estimate over it. With
    periods of different length the unit is reports per unit of time.
    """

    estimate: float
    local: float
    displaced: float
    standard_error: float
    z: float
    interval: Interval


def difference_test(
    *,
    treated: Pair,
    control: Pair,
    displaced: Pair | None = None,
    displaced_control: Pair | None = None,
    periods: Pair = (1.0, 1.0),
    weights: Pair = (1.0, 1.0),
    dispersion: float = 1.0,
    level: float = 0.95,
) -> DifferenceTest:
    """Return the weighted displacement difference with its standard error, z and interval.

    WDD = (ΔT − ΔCt) + (ΔDt − ΔDc). Counts are taken as Poisson, so the variance is the sum of all
    counts, each over its period squared; ``dispersion`` multiplies it. ``periods`` are the lengths
    of before and after, ``weights`` divide the counts of treated and control areas (their size).
    Below zero is good. Raises ValueError for a negative count or a length, weight or dispersion
    that is not positive, or for a nearby area without its own control and the reverse.
    """
    if (displaced is None) != (displaced_control is None):
        raise ValueError("An area nearby needs a control area of its own, and the reverse.")
    pairs = [
        (treated, weights[0]),
        (control, weights[1]),
        (displaced or (0, 0), weights[0]),
        (displaced_control or (0, 0), weights[1]),
    ]
    if any(count < 0 for pair, __ in pairs for count in pair):
        raise ValueError("A count cannot be negative.")
    if min(*periods, *weights) <= 0 or dispersion <= 0:
        raise ValueError("Periods, weights and the dispersion must be positive.")
    changes, variance = [], 0.0
    for (before, after), weight in pairs:
        scaled = before / (periods[0] * weight), after / (periods[1] * weight)
        changes.append(scaled[1] - scaled[0])
        variance += before / (periods[0] * weight) ** 2 + after / (periods[1] * weight) ** 2
    local, moved = changes[0] - changes[1], changes[2] - changes[3]
    error = math.sqrt(variance * dispersion)
    estimate = local + moved
    reach = NormalDist().inv_cdf(0.5 + level / 2) * error
    return DifferenceTest(
        estimate=estimate,
        local=local,
        displaced=moved,
        standard_error=error,
        z=estimate / error if error else 0.0,
        interval=Interval(estimate - reach, estimate + reach),
    )


@dataclass(frozen=True, slots=True)
class DisplacementQuotient:
    """Whether a benefit moved: gross and net effect, success, buffer measure, quotient, total.

    ``success`` below zero means that the response area did better than its control. ``quotient``
    is None unless it did: displacement may be claimed only then. ``total_net_effect`` is in
    reports.
    """

    gross_effect: float
    net_effect: float
    success: float
    buffer: float
    quotient: float | None
    total_net_effect: float

    @property
    def reading(self) -> str:
        """How the quotient is read, as a key; empty where there is none."""
        if self.quotient is None:
            return ""
        if self.quotient > 1:
            return "diffusion_larger"
        if self.quotient > 0:
            return "diffusion"
        if self.quotient == 0:
            return "none"
        return "displacement_smaller" if self.quotient >= -1 else "gain_lost"


def displacement_quotient(
    *, response: Pair, buffer: Pair, control: Pair
) -> DisplacementQuotient | None:
    """Return the weighted displacement quotient and its parts; None with a control count of zero.

    GE = Rb − Ra; NE = Rb/Cb − Ra/Ca; success = Ra/Ca − Rb/Cb; buffer measure = Da/Ca − Db/Cb;
    WDQ = buffer measure ÷ success; TNE = [Rb(Ca/Cb) − Ra] + [Db(Ca/Cb) − Da].
    """
    (rb, ra), (db, da), (cb, ca) = response, buffer, control
    if min(rb, ra, db, da, cb, ca) < 0:
        raise ValueError("A count cannot be negative.")
    if cb == 0 or ca == 0:
        return None
    success, moved = ra / ca - rb / cb, da / ca - db / cb
    return DisplacementQuotient(
        gross_effect=rb - ra,
        net_effect=rb / cb - ra / ca,
        success=success,
        buffer=moved,
        quotient=moved / success if success < 0 else None,
        total_net_effect=(rb * ca / cb - ra) + (db * ca / cb - da),
    )
