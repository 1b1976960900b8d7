"""An intervention's page, and a result with its working, for whoever reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.records import from_plain
from core.screen import month_name
from delivery.models import Action
from incidents.selectors import source_of
from problems.choices import AreaRole, MeasureKind
from problems.evaluation.figures import Figures
from problems.evaluation.outlook import outlook_words
from problems.evaluation.words import CAVEATS, READINGS, many, role_label, span
from problems.models import Baseline, Evaluation, EvaluationArea, Intervention
from programmes.models import Location, TargetPlace


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One version of what is compared, in words."""

    number: int
    measure: str
    success: str
    before: str
    after: str
    areas: tuple[tuple[str, str], ...]
    reason: str
    locked_on: dt.date | None
    locked_by: str
    locked_late: bool
    outlook: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class InterventionPage:
    """All of an intervention as a reader sees it; ``draft`` is the version not locked yet."""

    locked: ComparedLine | None
    draft: ComparedLine | None
    earlier: tuple[ComparedLine, ...]
    results: tuple[Evaluation, ...]
    actions: tuple[Action, ...]
    more_actions: int
    hypotheses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A result as a page prints it."""

    figures: Figures
    counts: tuple[tuple[str, str, str], ...]
    working: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]
    months: tuple[tuple[str, ...], ...]
    month_heads: tuple[str, ...]
    interval: str
    before: str
    after: str
    attributions: tuple[str, ...]
    compared: ComparedLine


def intervention_page(intervention: Intervention, reader: Any) -> InterventionPage:
    """Return an intervention's page; a fixed number of queries."""
    rows = list(
        intervention.baselines.select_related("locked_by")
        .prefetch_related("areas__location", "areas__target_place__location")
        .order_by("number")
    )
    seen = _seen([area for row in rows for area in row.areas.all()], reader)
    lines = [_compared(row, seen) for row in rows]
    locked = [line for line in lines if line.locked_on is not None]
    actions: Any = intervention.actions.all()
    visible = list(
        actions.visible_to(reader).select_related("owner", "location").order_by("due_on", "title")
    )
    return InterventionPage(
        locked=locked[-1] if locked else None,
        draft=next((line for line in lines if line.locked_on is None), None),
        earlier=tuple(locked[:-1]),
        results=tuple(intervention.evaluations.select_related("intervention__problem__location")),
        actions=tuple(visible),
        more_actions=actions.count() - len(visible),
        hypotheses=tuple(one.statement for one in intervention.hypotheses.all()),
    )


def _seen(areas: list[EvaluationArea], reader: Any) -> set[Any]:
    """Return the ids of the locations and places among these that a reader may see."""
    found: set[Any] = set()
    towns = {area.location_id for area in areas if area.location_id}
    spots = {area.target_place_id for area in areas if area.target_place_id}
    if towns:
        rows: Any = Location.objects.filter(pk__in=towns)
        found |= set(rows.visible_to(reader).values_list("pk", flat=True))
    if spots:
        rows = TargetPlace.objects.filter(pk__in=spots)
        found |= set(rows.visible_to(reader).values_list("pk", flat=True))
    return found


def _compared(row: Baseline, seen: set[Any]) -> ComparedLine:
    return ComparedLine(
        number=row.number,
        measure=row.get_measure_display(),
        success=row.success_words,
        before=span(row.before_first, row.before_last),
        after=span(row.after_first, row.after_last),
        areas=tuple(
            (str(AreaRole(area.role).label), _area_words(area, seen))
            for area in sorted(row.areas.all(), key=lambda one: list(AreaRole).index(one.role))
        ),
        reason=row.reason,
        locked_on=row.locked_on,
        locked_by=str(row.locked_by) if row.locked_by else "",
        locked_late=row.locked_late,
        outlook=tuple(outlook_words(row)),
        version=row.version,
    )


def _area_words(area: EvaluationArea, seen: set[Any]) -> str:
    if area.location is not None:
        return area.location.name if area.location_id in seen else _("Another location (withheld)")
    if area.target_place is not None:
        if area.target_place_id not in seen:
            return _("A place at another location (withheld)")
        return f"{area.target_place.location.name}: {area.target_place.name}"
    return _("A set of LSOAs chosen for this comparison")


def result_page(evaluation: Evaluation, reader: Any) -> ResultPage:
    """Return a result with its working, from the figures kept with it."""
    figures = from_plain(Figures, evaluation.figures)
    baseline = evaluation.baseline
    areas = list(baseline.areas.select_related("location", "target_place__location"))
    source = source_of() if figures.measure == MeasureKind.ASB_REPORTS else None
    roles = [one.role for one in figures.counts] or [area.role for area in areas]
    return ResultPage(
        figures=figures,
        counts=tuple(
            (
                role_label(one.role),
                _of_months(one.before, figures.months_before),
                _of_months(one.after, figures.months_after),
            )
            for one in figures.counts
        ),
        working=tuple(working_of(figures)),
        caveats=tuple(str(CAVEATS[key]) for key in figures.caveats),
        months=tuple(_month_rows(figures, roles)),
        month_heads=tuple(role_label(role) for role in roles),
        interval=interval_words(figures),
        before=span(figures.before_first, figures.before_last),
        after=span(figures.after_first, figures.after_last),
        attributions=(source.attribution,) if source else (),
        compared=_compared(baseline, _seen(areas, reader)),
    )


def _of_months(count: int, months: int) -> str:
    return _("%(count)s in %(months)d months (%(rate)s a month)") % {
        "count": f"{count:,}",
        "months": months,
        "rate": f"{count / months:,.1f}",
    }


def interval_words(figures: Figures) -> str:
    """Return the one interval, in reports; empty where there is none."""
    found = figures.expected
    if found is None:
        return ""
    return _("%(fewer)s (95%% interval: %(low)s to %(high)s)") % {
        "fewer": _fewer(found.fewer),
        "low": _fewer(found.low),
        "high": _fewer(found.high),
    }


def _fewer(number: float) -> str:
    word = _("%(n)s fewer than expected") if number >= 0 else _("%(n)s more than expected")
    return word % {"n": many(abs(number))}


def working_of(figures: Figures) -> list[tuple[str, str]]:
    """Return the statistics one by one: what it is called, and what it came to."""
    found: list[tuple[str, str]] = []
    if figures.difference is not None:
        one = figures.difference
        found += [
            (
                _("Weighted displacement difference (reports; below zero is good)"),
                _("%(estimate).1f, standard error %(error).1f, z %(z).2f, 95%% %(low)s to %(high)s")
                % {
                    "estimate": one.estimate,
                    "error": one.standard_error,
                    "z": one.z,
                    "low": f"{one.low:.0f}",
                    "high": f"{one.high:.0f}",
                },
            )
        ]
        if figures.of(AreaRole.BUFFER):
            found.append(
                (
                    _("Of that, here and nearby"),
                    _("%(local).1f here, %(displaced).1f nearby")
                    % {"local": one.local, "displaced": one.displaced},
                )
            )
    if figures.ratio is not None:
        ratio = figures.ratio
        found += [
            (
                _("Rate ratio to the similar place (below 1 is good)"),
                _(
                    "%(ratio).3f, 95%% %(low).3f to %(high).3f; logarithm %(log).4f, standard "
                    "error %(error).4f"
                )
                % {
                    "ratio": ratio.ratio,
                    "low": ratio.low,
                    "high": ratio.high,
                    "log": ratio.log_ratio,
                    "error": ratio.standard_error,
                },
            ),
            (_("Relative effect size (above 1 is good)"), f"{ratio.relative_effect:.3f}"),
            (
                _("Dispersion (how many times more than by chance counts vary)"),
                f"{figures.dispersion:.2f}"
                if figures.dispersion_known
                else _("not known, taken as 1"),
            ),
        ]
    if figures.force_ratio is not None:
        force = figures.force_ratio
        found.append(
            (
                _("Rate ratio to the whole police force area (below 1 is good)"),
                _("%(ratio).3f, 95%% %(low).3f to %(high).3f")
                % {"ratio": force.ratio, "low": force.low, "high": force.high},
            )
        )
    if figures.quotient is not None and figures.quotient.quotient is not None:
        quotient = figures.quotient
        found.append(
            (
                _("Weighted displacement quotient"),
                f"{quotient.quotient:.3f}. {READINGS[quotient.reading]}",
            )
        )
    if figures.e_test is not None:
        found.append((_("E-test of the two counts here alone (p)"), f"{figures.e_test:.4f}"))
    return found


def _month_rows(figures: Figures, roles: list[str]) -> list[tuple[str, ...]]:
    words = {"before": _("before"), "after": _("after")}
    return [
        (
            month_name(one.month),
            words[one.window],
            *(
                _("missing") if one.counts.get(role) is None else f"{one.counts[role]:,}"
                for role in roles
            ),
            _("yes") if one.used else _("no"),
        )
        for one in figures.months
    ]
