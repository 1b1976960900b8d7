"""The work of a quarter at locations in figures, and what is known of its effect."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.screen import day
from delivery.selectors.totals import TOTALS, totals
from problems.models import Evaluation
from programmes.models import Location
from reports.figures import Finding, WorkFigure
from surveys.models import Wave
from surveys.selectors.comparison import compare
from surveys.selectors.figures import Measure, WaveResults
from surveys.selectors.results import results_of

CHANGES = {
    "clear_change": gettext_lazy("Clear change since the wave before."),
    "no_clear_change": gettext_lazy("No clear change since the wave before."),
    "too_early": gettext_lazy("Too early to tell whether it changed."),
    "not_comparable": gettext_lazy(
        "It cannot be compared with the wave before: the question was worded differently."
    ),
}
"""What a measure of a wave comes to beside the wave before."""


def work_of(
    locations: Sequence[Location], first: dt.date, last: dt.date
) -> dict[UUID, tuple[WorkFigure, ...]]:
    """Return the figures of the work at each location between two days, both included."""
    counted = totals(locations, first, last)
    return {
        location_id: tuple(
            WorkFigure(one.key, str(one.label), values[one.key], str(one.note)) for one in TOTALS
        )
        for location_id, values in counted.items()
    }


def perceptions_of(location: Location, on: dt.date) -> tuple[Finding, ...]:
    """Return what residents answered in the latest finished wave of each survey by a day.

    Each measure with its share, base and 95% interval; compared with the wave before it, where
    there is one. What is hidden to protect privacy stays hidden here.
    """
    waves = Wave.objects.filter(survey__location=location, closes_on__lte=on)
    by_survey = defaultdict(list)
    for wave in waves.select_related("survey__location").order_by("number"):
        by_survey[wave.survey_id].append(wave)
    found: list[Finding] = []
    for several in by_survey.values():
        results = [results_of(wave) for wave in several[-2:]]
        latest = results[-1]
        if latest.state != "ready":
            continue
        before = results[0] if len(results) > 1 and results[0].state == "ready" else None
        found += [_perception(measure, latest, before) for measure in latest.measures]
    return tuple(found)


def _perception(measure: Measure, latest: WaveResults, before: WaveResults | None) -> Finding:
    figure = measure.figure
    if figure.share is None or figure.low is None or figure.high is None:
        words = _("Hidden to protect privacy, or too few answered.")
    else:
        words = _("%(count)s of %(base)s (%(share)s, 95%% interval %(low)s to %(high)s).") % {
            "count": figure.count,
            "base": figure.base,
            "share": f"{figure.share:.0%}",
            "low": f"{figure.low:.0%}",
            "high": f"{figure.high:.0%}",
        }
    verdict = "too_early"
    if before is not None:
        changes = {change.code: change for change in compare(before, latest).changes}
        change = changes.get(measure.code)
        if change is not None:
            verdict = change.verdict
    return Finding(
        key=measure.code,
        title=measure.title,
        status=verdict,
        words=words if before is None else f"{words} {CHANGES[verdict]}",
        base=_("%(survey)s, wave %(number)s, %(first)s to %(last)s.")
        % {
            "survey": latest.title,
            "number": latest.number,
            "first": day(latest.opens_on),
            "last": day(latest.closes_on),
        },
    )


def evaluations_of(location: Location, on: dt.date) -> tuple[Finding, ...]:
    """Return the latest evaluation, by a day, of each intervention at a location."""
    rows = (
        Evaluation.objects.filter(intervention__problem__location=location, as_of__lte=on)
        .select_related("intervention")
        .order_by("intervention_id", "-as_of", "-created_at")
        .distinct("intervention")
    )
    return tuple(
        Finding(
            title=row.intervention.title,
            status=row.verdict,
            words=row.sentence,
            base=_("As at %(date)s.") % {"date": day(row.as_of)},
        )
        for row in rows
    )
