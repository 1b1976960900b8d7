"""An evaluation by a question of a survey, asked before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core import clock
from core.statistics.proportions import newcombe_interval
from problems.choices import EvaluationVerdict, MeasureKind
from problems.evaluation.figures import Figures, Share
from problems.models import Baseline
from surveys.models import Wave
from surveys.selectors.results import results_of

V = EvaluationVerdict


def judge_survey(*, baseline: Baseline, as_of: dt.date, late: bool) -> Figures:
    """Compare the last wave that closed before the work with the first that opened after.

    Waves count by the months of the baseline. A share is compared as counted by the survey's own
    selector, hidden where that hides it; a change is clear where the 95% interval of the
    difference (Newcombe) leaves out zero. Nobody is asked at a similar place, so the sentence never
    says why it changed.
    """
    end = (baseline.before_last.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    waves = Wave.objects.filter(survey=baseline.survey).select_related("survey__location")
    with clock.business_date(as_of):
        first = _share(waves.filter(closes_on__lt=end).order_by("-closes_on"), baseline.question)
        later = waves.filter(opens_on__gte=baseline.after_first, closes_on__lt=as_of)
        second = _share(later.order_by("opens_on"), baseline.question)
    verdict, reason = _verdict(first, second)
    caveats = ["one_group", "other_people", *(["late"] if late else [])]
    return Figures(
        measure=MeasureKind.SURVEY,
        as_of=as_of,
        version=baseline.number,
        before_first=baseline.before_first,
        before_last=baseline.before_last,
        after_first=baseline.after_first,
        after_last=baseline.after_last,
        months=(),
        matching="",
        months_before=0,
        months_after=0,
        counts=(),
        dispersion=1.0,
        dispersion_known=False,
        difference=None,
        ratio=None,
        expected=None,
        quotient=None,
        e_test=None,
        shares=tuple(one for one in (first, second) if one is not None),
        verdict=verdict,
        reason=reason,
        caveats=tuple(caveats),
    )


def _share(waves: Iterable[Wave], question: str) -> Share | None:
    """Return the answer in the first of these waves that has one to show."""
    for wave in waves:
        measure = results_of(wave).measure(question)
        if measure is not None and measure.figure.state == "shown":
            figure = measure.figure
            return Share(str(wave), str(measure.title), figure.count, figure.base)
    return None


def _verdict(first: Share | None, second: Share | None) -> tuple[str, str]:
    if first is None:
        return V.CANNOT_TELL, "no_wave"
    if second is None:
        return V.TOO_EARLY, "one_wave"
    interval = newcombe_interval(second.count or 0, second.base, first.count or 0, first.base)
    if interval.high < 0 or interval.low > 0:
        return V.CLEAR, "survey_clear"
    return V.NO_CLEAR, "survey_chance"
