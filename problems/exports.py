"""The lists that problems give: problems, interventions, evaluations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import exports
from core.exports import Column, ColumnType, Export
from core.personal import Personal
from problems.models import Evaluation, Intervention, Problem
from problems.selectors.plan import when_words
from programmes.exports.common import may_lead_sensitive
from programmes.models import Location, Programme

FREE, AUTHOR = Personal.FREE_TEXT, Personal.AUTHOR


def _rows(model: type[Any], path: str, *related: str) -> Callable[[Any, Any], Any]:
    """Return the rows that a person may see and whose list they may take."""

    def rows(user: Any, scope: Programme | Location) -> Any:
        found = model._default_manager.all().visible_to(user)
        allowed = Location.objects.all().visible_to(user, Permission.EXPORT)
        found = found.filter(**{f"{path}__in": allowed})
        key = path if isinstance(scope, Location) else f"{path}__programme"
        return found.filter(**{key: scope}).select_related(path, *related)

    return rows


def _tests_met(problem: Problem) -> int:
    return 6 - len(problem.unmet)


PROBLEMS = Export(
    key="problems.problems",
    title=_("Problems"),
    description=_("Which problems are worked on, at which stage, and how they ended."),
    model=Problem,
    scopes=(Programme, Location),
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: _rows(Problem, "location", "plan", "target_place", "owner")(
        user, scope
    ).order_by("location__name", "opened_on", "pk"),
    may_sensitive=may_lead_sensitive,
    date="opened_on",
    date_label=_("taken up on"),
    order=60,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="location.name",
        ),
        Column(
            key="title",
            title=_("Problem"),
            description=_("In a few words."),
            personal=FREE,
        ),
        Column(
            key="stage",
            title=_("Stage"),
            description=_("Scanning, analysis, response or assessment."),
            value="plan.get_stage_display",
        ),
        Column(
            key="tests",
            title=_("Tests met"),
            description=_("Of the six tests of a problem (CHEERS), how many are answered yes."),
            type=ColumnType.INTEGER,
            value=_tests_met,
        ),
        Column(
            key="opened_on",
            title=_("Taken up"),
            description=_("Business date."),
            type=ColumnType.DATE,
        ),
        Column(
            key="closed_on",
            title=_("Closed"),
            description=_("Business date; empty while it is open."),
            type=ColumnType.DATE,
        ),
        Column(
            key="outcome",
            title=_("How it ended"),
            description=_("Empty while it is open."),
            value="get_outcome_display",
        ),
        Column(
            key="owner",
            title=_("Led by"),
            description=_("Who leads the work."),
            value="owner.name",
            personal=AUTHOR,
        ),
    ),
)

INTERVENTIONS = Export(
    key="problems.interventions",
    title=_("Interventions"),
    description=_("What is done about problems, by which technique, and since when."),
    model=Intervention,
    scopes=(Programme, Location),
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: _rows(Intervention, "problem__location", "problem", "owner")(
        user, scope
    ).order_by("problem__location__name", "starts_on", "pk"),
    may_sensitive=may_lead_sensitive,
    date="starts_on",
    date_label=_("planned start"),
    order=61,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="problem.location.name",
        ),
        Column(
            key="problem",
            title=_("Problem"),
            description=_("The problem it is for."),
            value="problem.title",
            personal=FREE,
        ),
        Column(key="title", title=_("Intervention"), description=_("In a few words.")),
        Column(
            key="technique",
            title=_("Technique"),
            description=_("One of the 25 techniques of situational prevention."),
            value="get_technique_display",
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("Planned, running, ended or not going ahead."),
            value="get_state_display",
        ),
        Column(
            key="when",
            title=_("When"),
            description=_("When it began, ended or is planned, in words."),
            value=when_words,
        ),
        Column(
            key="starts_on",
            title=_("Planned start"),
            description=_("As planned."),
            type=ColumnType.DATE,
        ),
        Column(
            key="started_on",
            title=_("Begun"),
            description=_("Business date; empty until it has begun."),
            type=ColumnType.DATE,
        ),
        Column(
            key="ended_on",
            title=_("Ended"),
            description=_("Business date; empty until it has ended."),
            type=ColumnType.DATE,
        ),
        Column(
            key="owner",
            title=_("Owner"),
            description=_("Who sees to it."),
            value="owner.name",
            personal=AUTHOR,
        ),
    ),
)


def _figure(name: str, part: str) -> Callable[[Evaluation], Any]:
    return lambda row: (row.figures.get(name) or {}).get(part)


EVALUATIONS = Export(
    key="problems.evaluations",
    title=_("Evaluations"),
    description=_("What came out of interventions: the sentence and the figures behind it."),
    model=Evaluation,
    scopes=(Programme, Location),
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=lambda user, scope: _rows(
        Evaluation, "intervention__problem__location", "intervention__problem", "baseline"
    )(user, scope).order_by("intervention__problem__location__name", "as_of", "pk"),
    may_sensitive=may_lead_sensitive,
    date="as_of",
    date_label=_("as at"),
    order=62,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="intervention.problem.location.name",
        ),
        Column(
            key="intervention",
            title=_("Intervention"),
            description=_("In a few words."),
            value="intervention.title",
        ),
        Column(
            key="as_of",
            title=_("As at"),
            description=_("Business date of the evaluation."),
            type=ColumnType.DATE,
        ),
        Column(
            key="verdict",
            title=_("Verdict"),
            description=_("Clear change, no clear change, too early to tell or cannot tell."),
            value="get_verdict_display",
        ),
        Column(key="sentence", title=_("Sentence"), description=_("What may be said.")),
        Column(
            key="expected",
            title=_("Expected reports"),
            description=_("From how reports moved at the similar place."),
            type=ColumnType.DECIMAL,
            value=_figure("expected", "reports"),
        ),
        Column(
            key="ratio",
            title=_("Rate ratio"),
            description=_("To the similar place; below 1 is good."),
            type=ColumnType.DECIMAL,
            value=_figure("ratio", "ratio"),
        ),
        Column(
            key="difference",
            title=_("Weighted displacement difference"),
            description=_("In reports; below zero is good."),
            type=ColumnType.DECIMAL,
            value=_figure("difference", "estimate"),
        ),
        Column(
            key="baseline",
            title=_("Version"),
            description=_("Which version of what is compared."),
            type=ColumnType.INTEGER,
            value="baseline.number",
        ),
        Column(
            key="fingerprint",
            title=_("Fingerprint"),
            description=_("Sha-256 of the figures."),
        ),
    ),
)


def register() -> None:
    """Make the lists known."""
    for export in (PROBLEMS, INTERVENTIONS, EVALUATIONS):
        exports.register(export)
