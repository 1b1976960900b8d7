"""Lists of problems, interventions and pictures; what stands where."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from problems.choices import InterventionState, PictureKind, ProblemState
from problems.models import Baseline, Evaluation, EvaluationArea, Intervention, Problem, RichPicture
from programmes.counting import CountedRows
from programmes.models import Location


def problems_of(location: Location, reader: Any) -> QuerySet[Problem]:
    """Return the problems of a location that a reader may see, open ones first."""
    rows: Any = Problem.objects.filter(location=location).visible_to(reader)
    running = Q(interventions__state=InterventionState.RUNNING)
    return (
        rows.select_related("plan", "target_place", "owner", "location")
        .annotate(running=Count("interventions", filter=running, distinct=True))
        .order_by("-state", "-opened_on", "title")
    )


def pictures_of(location: Location, reader: Any) -> QuerySet[RichPicture]:
    """Return the latest pictures of a location that a reader may see."""
    rows: Any = RichPicture.objects.filter(location=location, followed_by__isnull=True)
    return (
        rows.visible_to(reader)
        .select_related("location", "problem", "file")
        .annotate(themes_found=Count("themes", distinct=True))
        .order_by("-drawn_on", "title")
    )


def open_problems(location: Location, reader: Any) -> QuerySet[Problem]:
    """Return the open ones among the problems of a location."""
    return problems_of(location, reader).filter(state=ProblemState.OPEN)


def with_verdicts(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """Add to each problem the verdict of the newest evaluation of its interventions, and its day.

    Whoever sees a problem sees what came of it.
    """
    newest = Evaluation.objects.filter(intervention__problem=OuterRef("pk"))
    newest = newest.order_by("-as_of", "-created_at")
    return problems.annotate(
        verdict=Subquery(newest.values("verdict")[:1]),
        verdict_on=Subquery(newest.values("as_of")[:1]),
    )


def running_interventions(location: Location, reader: Any) -> QuerySet[Intervention]:
    """Return the interventions that run at a location, as far as a reader may see them."""
    rows: Any = Intervention.objects.filter(
        problem__location=location, state=InterventionState.RUNNING
    )
    return rows.visible_to(reader).select_related("owner", "problem__location")


def _counted(
    key: str, rows: Any, *, at: str, latest: str, singular: str, plural: str
) -> CountedRows:
    """Count one kind of record as evidence of a step; problems that ended count too."""
    make, label = NEXT.get(key, ("problems:problem-list", _("Open the problems")))
    return CountedRows(
        key=key,
        rows=rows,
        location=at,
        date=latest,
        words=lambda count: ngettext(singular, plural, count) % {"count": count},
        url_name="problems:problem-list",
        make_url_name=make,
        make_label=label,
        make_permission=Permission.PROBLEM_RECORD,
    )


NEXT = {
    "problem-rich-pictures": ("problems:picture-new", _("Add a rich picture")),
    "solution-rich-pictures": ("problems:picture-new", _("Add a rich picture")),
}


def _locked() -> QuerySet[Any]:
    return Baseline.objects.filter(locked_on__isnull=False)


def providers() -> list[CountedRows]:
    """Return what problems count for steps."""
    picture = ("%(count)d rich picture", "%(count)d rich pictures")
    planned = Intervention.objects.exclude(state=InterventionState.DROPPED)
    return [
        *(
            _counted(
                f"{kind}-rich-pictures",
                lambda kind=kind: RichPicture.objects.filter(kind=kind),
                at="location",
                latest="drawn_on",
                singular=picture[0],
                plural=picture[1],
            )
            for kind in (PictureKind.PROBLEM.value, PictureKind.SOLUTION.value)
        ),
        _counted(
            "interventions",
            planned.exclude(technique="").all,
            at="problem__location",
            latest="starts_on",
            singular="%(count)d intervention",
            plural="%(count)d interventions",
        ),
        _counted(
            "success-measures",
            _locked,
            at="intervention__problem__location",
            latest="locked_on",
            singular="%(count)d success measure locked",
            plural="%(count)d success measures locked",
        ),
        _counted(
            "baselines",
            _locked,
            at="intervention__problem__location",
            latest="locked_on",
            singular="%(count)d baseline locked",
            plural="%(count)d baselines locked",
        ),
        _counted(
            "comparison-areas",
            lambda: EvaluationArea.objects.filter(
                role="comparison", baseline__locked_on__isnull=False
            ),
            at="baseline__intervention__problem__location",
            latest="baseline__locked_on",
            singular="%(count)d comparison area chosen",
            plural="%(count)d comparison areas chosen",
        ),
    ]
