"""Job kinds of problems."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.jobs import JobHandle, JobResult, job
from problems.models import Baseline, Evaluation
from problems.services import evaluations


@job(kind=evaluations.KIND, title=gettext_lazy("Evaluation"))
def evaluate_intervention(run: JobHandle) -> JobResult:
    """Count, judge, draw and keep; the words are in the house's language, whoever asked."""
    from core.charts import draw
    from problems.evaluation.chart import chart_of

    baselines = Baseline.objects.select_related("intervention__problem__location", "survey")
    if run.requested_by is not None:
        baselines = baselines.visible_to(run.requested_by, Permission.PROBLEM_RECORD)
    baseline = run.require(baselines.filter(pk=run.params["baseline"]))
    as_of = dt.date.fromisoformat(run.params["as_of"])
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, 3, _("Counting reports"))
        figures = evaluations.evaluate(baseline=baseline, as_of=as_of)
        run.progress(1, 3, _("Keeping the result"))
        key = run.once(
            "kept",
            lambda: str(
                evaluations.keep_evaluation(
                    baseline=baseline, figures=figures, by=run.requested_by, job_id=run.id
                ).pk
            ),
        )
        run.progress(2, 3, _("Drawing the chart"))
        chart = chart_of(figures)
        if chart is not None:
            draw(chart)
        run.progress(3, 3, _("Done"))
    kept = Evaluation.objects.select_related("intervention__problem__location").get(pk=key)
    return JobResult(summary=summary_of(kept), url=kept.get_absolute_url())


def summary_of(evaluation: Evaluation) -> dict[str, object]:
    """Return what a command prints of an evaluation."""
    figures = evaluation.figures
    return {
        "evaluation": str(evaluation.pk),
        "intervention": str(evaluation.intervention_id),
        "as_of": evaluation.as_of.isoformat(),
        "verdict": evaluation.verdict,
        "sentence": evaluation.sentence,
        "counts": figures["counts"],
        "difference": figures["difference"],
        "ratio": figures["ratio"],
        "expected": figures["expected"],
        "e_test": figures["e_test"],
        "dispersion": figures["dispersion"],
        "caveats": figures["caveats"],
        "fingerprint": evaluation.fingerprint,
    }
