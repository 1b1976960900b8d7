"""What the figures allow to be said, by five rules in this order.

1. Without a similar place nothing is claimed: a fall here may be a fall everywhere.
2. Until the months after the start are over and received, it is too early to tell.
3. Each month is compared with the same month; months that are missing are left out, never zero.
4. A change is clear only if the 95% interval of the ratio to the similar place leaves out "no
   change", widened by how much counts really vary; and, where the two areas are of like size, the
   weighted displacement difference says the same; and it goes beyond what the whole police force
   area saw in the same months. Where other months are compared than the same ones, no change is
   called clear: two places need not share a season.
5. Displacement is spoken of only where the area itself gained.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from core.statistics import (
    RatioTest,
    difference_test,
    displacement_quotient,
    e_test,
    pearson_dispersion,
    rate_ratio,
)
from core.statistics.ratios import E_TEST_MOST
from incidents.choices import Coverage
from problems.choices import AreaRole, EvaluationVerdict, MeasureKind
from problems.evaluation.figures import (
    FORCE,
    AreaCounts,
    Difference,
    Expected,
    Figures,
    MonthCount,
    Quotient,
    Ratio,
)
from problems.evaluation.gather import choose, last_whole_month

SIMILAR_SIZE = 2.0
"""Areas whose counts before differ by more than this factor are not of like size."""
SMALL = 30
"""Below this many reports before, here, a result says little."""
PEAK = 1.25
"""A before period whose last third lies this much above the rest was chosen at a peak."""
WANTED_MONTHS = 24

V = EvaluationVerdict
RESPONSE, COMPARISON = str(AreaRole.RESPONSE), str(AreaRole.COMPARISON)
BUFFER, BUFFER_COMPARISON = str(AreaRole.BUFFER), str(AreaRole.BUFFER_COMPARISON)


def judge(
    *,
    months: Sequence[MonthCount],
    roles: Sequence[str],
    windows: tuple[dt.date, dt.date, dt.date, dt.date],
    as_of: dt.date,
    version: int,
    late: bool,
    refused: str = "",
) -> Figures:
    """Return the figures with their verdict; ``refused`` is why reports cannot be counted."""
    matching, used = choose(months)
    months = [replace(one, used=(one.window, one.month) in used) for one in months]
    counted = [*roles, *([FORCE] if any(FORCE in one.counts for one in months) else [])]
    counts = tuple(_counts(months, role) for role in counted) if matching else ()
    empty = Figures(
        measure=MeasureKind.ASB_REPORTS,
        as_of=as_of,
        version=version,
        before_first=windows[0],
        before_last=windows[1],
        after_first=windows[2],
        after_last=windows[3],
        months=tuple(months),
        matching=matching,
        months_before=sum(one.used and one.window == "before" for one in months),
        months_after=sum(one.used and one.window == "after" for one in months),
        counts=counts,
        dispersion=1.0,
        dispersion_known=False,
        difference=None,
        ratio=None,
        expected=None,
        quotient=None,
        e_test=None,
        shares=(),
        verdict=V.CANNOT_TELL,
        reason="refused",
        caveats=(),
        refused=refused,
    )
    if refused:
        return empty
    figures = _measured(empty)
    verdict, reason = _verdict(figures)
    return replace(
        figures, verdict=verdict, reason=reason, caveats=tuple(_caveats(figures, late=late))
    )


def _counts(months: Sequence[MonthCount], role: str) -> AreaCounts:
    sums = {"before": 0, "after": 0}
    for one in months:
        if one.used:
            sums[one.window] += one.counts[role] or 0
    return AreaCounts(role, sums["before"], sums["after"])


def _measured(figures: Figures) -> Figures:
    """Add what can be computed from the counts that are there."""
    here, there = figures.of(RESPONSE), figures.of(COMPARISON)
    if not figures.matching or here is None:
        return figures
    periods = (float(figures.months_before), float(figures.months_after))
    small = max(here.before, here.after) <= E_TEST_MOST
    p = e_test(here.before, here.after, periods=periods) if small else None
    if there is None:
        return replace(figures, e_test=p)
    spread = _dispersion(figures)
    dispersion = spread or 1.0
    near, near_there = figures.of(BUFFER), figures.of(BUFFER_COMPARISON)
    both = near is not None and near_there is not None
    tested = difference_test(
        treated=(here.before, here.after),
        control=(there.before, there.after),
        displaced=(near.before, near.after) if both and near else None,
        displaced_control=(near_there.before, near_there.after) if both and near_there else None,
        # In reports over the months after: the months before are brought to the same length.
        periods=(periods[0] / periods[1], 1.0),
        dispersion=dispersion,
    )
    ratio = rate_ratio(
        treated=(here.before, here.after),
        control=(there.before, there.after),
        dispersion=dispersion,
    )
    whole = figures.of(FORCE)
    to_force = (
        rate_ratio(
            treated=(here.before, here.after),
            control=(whole.before, whole.after),
            dispersion=dispersion,
        )
        if whole is not None and min(whole.before, whole.after) > 0
        else None
    )
    quotient = (
        displacement_quotient(
            response=(here.before, here.after),
            buffer=(near.before, near.after),
            control=(there.before, there.after),
        )
        if near is not None
        else None
    )
    return replace(
        figures,
        e_test=p,
        dispersion=dispersion,
        dispersion_known=spread is not None,
        difference=Difference(
            tested.estimate,
            tested.local,
            tested.displaced,
            tested.standard_error,
            tested.z,
            tested.interval.low,
            tested.interval.high,
        ),
        ratio=_as_ratio(ratio),
        force_ratio=_as_ratio(to_force) if to_force is not None else None,
        expected=_expected(here.after, ratio.ratio, ratio.interval.low, ratio.interval.high),
        quotient=Quotient(
            quotient.success,
            quotient.buffer,
            quotient.quotient,
            quotient.total_net_effect,
            quotient.reading,
        )
        if quotient is not None
        else None,
    )


def _as_ratio(found: RatioTest) -> Ratio:
    return Ratio(
        found.log_ratio,
        found.standard_error,
        found.ratio,
        found.interval.low,
        found.interval.high,
        found.relative_effect,
        found.corrected,
    )


def _expected(after: int, ratio: float, low: float, high: float) -> Expected:
    seen = after or 0.5  # as the ratio corrects a zero
    return Expected(seen / ratio, seen / ratio - after, seen / high - after, seen / low - after)


def _dispersion(figures: Figures) -> float | None:
    """Return how much the share of the area varies from month to month, within each window."""
    return pearson_dispersion(
        [
            [
                (one.counts[RESPONSE] or 0, one.counts[COMPARISON] or 0)
                for one in figures.months
                if one.window == window and one.status == Coverage.OBSERVED
            ]
            for window in ("before", "after")
        ]
    )


def _verdict(figures: Figures) -> tuple[str, str]:  # noqa: PLR0911  # one return a rule
    limit = last_whole_month(figures.as_of)
    if figures.after_last > limit:
        return V.TOO_EARLY, "window_open"
    if _waiting(figures):
        return V.TOO_EARLY, "not_received"
    if figures.of(COMPARISON) is None and figures.matching:
        return V.CANNOT_TELL, "no_comparison"
    if not figures.matching:
        return V.CANNOT_TELL, "months_missing"
    assert figures.ratio is not None
    assert figures.difference is not None
    low, high = figures.ratio.low, figures.ratio.high
    better, worse = high < 1, low > 1
    if similar_size(figures):
        better = better and figures.difference.high < 0
        worse = worse and figures.difference.low > 0
    if (better or worse) and figures.matching != "same_months":
        return V.CANNOT_TELL, "other_season"
    if better and not _beyond_force(figures, better=True):
        return V.NO_CLEAR, "as_force"
    if worse and not _beyond_force(figures, better=False):
        return V.NO_CLEAR, "as_force"
    if better or worse:
        return V.CLEAR, "better" if better else "worse"
    return V.NO_CLEAR, "as_elsewhere" if fell_everywhere(figures) else "within_chance"


def _beyond_force(figures: Figures, *, better: bool) -> bool:
    """Say whether a change goes beyond that of the whole police force area."""
    found = figures.force_ratio
    if found is None:
        return False
    return found.high < 1 if better else found.low > 1


def _waiting(figures: Figures) -> bool:
    """Say whether the last months after are not received yet, and fewer than half are."""
    after = [one for one in figures.months if one.window == "after"]
    held = [one for one in after if one.status != Coverage.MISSING]
    if 2 * len(held) >= len(after):
        return False
    # Months may still come while the window ended less than half a year ago.
    last = last_whole_month(figures.as_of)
    gap = (last.year - figures.after_last.year) * 12 + last.month - figures.after_last.month
    return after[-1].status == Coverage.MISSING and gap < 6


def similar_size(figures: Figures) -> bool:
    """Say whether the two areas had like counts before."""
    here, there = figures.of(RESPONSE), figures.of(COMPARISON)
    if here is None or there is None:
        return False
    low, high = sorted((here.before, there.before))
    return low > 0 and high / low <= SIMILAR_SIZE


def fell_everywhere(figures: Figures) -> bool:
    """Say whether reports fell clearly here, and at the similar place too."""
    falls = []
    for role in (RESPONSE, COMPARISON):
        one = figures.of(role)
        if one is None:
            return False
        before = one.before / figures.months_before
        after = one.after / figures.months_after
        error = (one.before / figures.months_before**2 + one.after / figures.months_after**2) ** 0.5
        falls.append(error > 0 and (before - after) / error > 1.96)
    return all(falls)


def at_a_peak(before: Sequence[MonthCount]) -> bool:
    """Say whether the last third of the months before lies well above the rest of them."""
    held = [
        one.counts.get(RESPONSE) or 0
        for one in sorted(before, key=lambda one: one.month)
        if one.counts.get(RESPONSE) is not None
    ]
    third = len(held) // 3
    if third < 2:
        return False
    late, rest = held[-third:], held[:-third]
    mean = sum(rest) / len(rest)
    return mean > 0 and sum(late) / third >= PEAK * mean


def _caveats(figures: Figures, *, late: bool) -> list[str]:
    before = [one for one in figures.months if one.window == "before"]
    here = figures.of(RESPONSE)
    quotient = figures.quotient
    found = {
        "late": late,
        "months_differ": figures.matching == "all_months",
        "some_missing": any(one.status == Coverage.MISSING for one in figures.months),
        "some_partial": any(one.status == Coverage.PARTIAL for one in figures.months),
        "short_baseline": len(before) < WANTED_MONTHS,
        "peak": at_a_peak(before),
        "unlike_size": figures.ratio is not None and not similar_size(figures),
        "small_counts": here is not None and min(here.before, here.after) < SMALL,
        "dispersion_unknown": figures.ratio is not None and not figures.dispersion_known,
        "zero": figures.ratio is not None and figures.ratio.corrected,
        "no_displacement_claim": quotient is not None and quotient.quotient is None,
        "force_wide": _crosses_2021(figures),
    }
    return [key for key, holds in found.items() if holds]


def _crosses_2021(figures: Figures) -> bool:
    """Say whether the comparison spans the end of pandemic-rule reports (autumn 2021)."""
    return figures.before_first < dt.date(2021, 9, 1) <= figures.after_last
