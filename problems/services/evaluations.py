"""Asking for an evaluation, and keeping what it comes to."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.policy import require
from core import clock
from core.errors import Refused
from core.history import because
from core.jobs import request_job
from core.models import JobRun
from core.records import digest, to_plain
from problems.choices import AreaRole, MeasureKind
from problems.evaluation.figures import Figures, MonthCount
from problems.evaluation.words import sentence
from problems.models import Baseline, Evaluation, Intervention
from problems.services.common import P

KIND = "problems.evaluate_intervention"


def locked_baseline(intervention: Intervention) -> Baseline | None:
    """Return the newest locked version of what is compared."""
    found: Baseline | None = (
        intervention.baselines.filter(locked_on__isnull=False).order_by("-number").first()
    )
    return found


def request_evaluation(
    *, intervention: Intervention, by: Any, as_of: dt.date | None = None, deliver: bool = True
) -> JobRun:
    """Ask for an evaluation and return its job; the same while one is open returns that one.

    ``by`` is None for the command line. Raises core.errors.NotAllowed, Refused (nothing locked, not
    begun, a future day).
    """
    require(by, P.PROBLEM_RECORD, intervention)
    on = as_of or clock.today()
    if on > clock.today():
        raise Refused(_("An evaluation is of a day up to the business date."))
    baseline = locked_baseline(intervention)
    if baseline is None:
        raise Refused(_("Lock first what is to be compared. There is nothing to evaluate by yet."))
    if intervention.started_on is None:
        raise Refused(_("The work has not begun, so there is nothing to evaluate yet."))
    return request_job(
        kind=KIND,
        key=f"{intervention.pk}:{baseline.pk}:{on}",
        params={
            "intervention": str(intervention.pk),
            "baseline": str(baseline.pk),
            "as_of": on.isoformat(),
        },
        by=by,
        title=_("Evaluation: %(title)s") % {"title": intervention.title},
        deliver=deliver,
    )


def evaluate(*, baseline: Baseline, as_of: dt.date) -> Figures:
    """Return the figures of a baseline on a day; reads only, published sources only."""
    from problems.evaluation.gather import months_of
    from problems.evaluation.judge import judge
    from problems.evaluation.survey import judge_survey
    from problems.services.baselines import area_key

    late = baseline.locked_late or (baseline.number > 1 and bool(baseline.reason))
    if baseline.measure == MeasureKind.SURVEY:
        return judge_survey(baseline=baseline, as_of=as_of, late=late)
    rows = baseline.areas.select_related("location__area", "target_place__area", "definition")
    areas = sorted(rows, key=lambda one: list(AreaRole.values).index(one.role))
    changed = [
        area
        for area in areas
        if area.area is None or area_key(area.area) != baseline.frozen.get(area.role)
    ]
    refused = ""
    months: tuple[MonthCount, ...] = ()
    if changed:
        refused = _("“%(role)s” was changed since it was locked; make another version.") % {
            "role": changed[0].get_role_display()
        }
    else:
        try:
            months = months_of(baseline, as_of)
        except Refused as error:
            refused = str(error)
    return judge(
        months=months,
        roles=[area.role for area in areas],
        windows=(
            baseline.before_first,
            baseline.before_last,
            baseline.after_first,
            baseline.after_last,
        ),
        as_of=as_of,
        version=baseline.number,
        late=late,
        refused=refused,
    )


@transaction.atomic
def keep_evaluation(
    *,
    baseline: Baseline,
    figures: Figures,
    by: Any,
    job_id: UUID | None = None,
    demonstration: bool | None = None,
) -> Evaluation:
    """Store an evaluation for good. The same figures of the same day are kept once."""
    from programmes.services.repeats import is_demonstration

    fingerprint = digest(figures)
    found: Evaluation | None = Evaluation.objects.filter(
        baseline=baseline, as_of=figures.as_of, fingerprint=fingerprint
    ).first()
    if found is not None:
        return found
    intervention = baseline.intervention
    with because(by=by):
        return Evaluation.objects.create(
            intervention=intervention,
            baseline=baseline,
            as_of=figures.as_of,
            verdict=figures.verdict,
            sentence=sentence(figures),
            figures=to_plain(figures),
            fingerprint=fingerprint,
            job_id=job_id,
            made_by=by,
            is_demonstration=is_demonstration(demonstration),
        )
