"""A plan on one page: where it stands, what is missing, what to press next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.screen import day, month_name
from problems.choices import InterventionState, MeasureKind, ProblemState, Stage
from problems.models import Baseline, Evaluation, Intervention, Problem, RichPicture
from problems.models.problem import CHEERS
from problems.selectors.evidence import LinkLine, lines_of

QUESTIONS: dict[str, tuple[Any, Any]] = {
    "community": (gettext_lazy("Community"), gettext_lazy("Do people here see it as a problem?")),
    "harm": (gettext_lazy("Harm"), gettext_lazy("Does it harm anybody?")),
    "expectation": (
        gettext_lazy("Expectation"),
        gettext_lazy("Do people expect police or partners to do something?"),
    ),
    "events": (gettext_lazy("Events"), gettext_lazy("Can you name single events?")),
    "recurring": (gettext_lazy("Recurring"), gettext_lazy("Do they happen again and again?")),
    "similarity": (
        gettext_lazy("Similarity"),
        gettext_lazy("Do they have something in common: place, time, people, way of doing?"),
    ),
}
FIVE_WS: tuple[tuple[str, Any], ...] = (
    ("what", gettext_lazy("What happens?")),
    ("where", gettext_lazy("Where?")),
    ("when", gettext_lazy("When?")),
    ("who", gettext_lazy("Who is involved? Groups, never names")),
    ("why", gettext_lazy("Why there and then?")),
    ("how", gettext_lazy("How does it come about?")),
)
TRIANGLE: tuple[tuple[tuple[str, Any], tuple[str, Any]], ...] = (
    (
        ("offender", gettext_lazy("Who does it, as a group?")),
        ("handler", gettext_lazy("Who could influence them (handlers)?")),
    ),
    (
        ("target", gettext_lazy("Who or what is affected?")),
        ("guardian", gettext_lazy("Who could protect them (guardians)?")),
    ),
    (
        ("place", gettext_lazy("What about the place makes it possible?")),
        ("manager", gettext_lazy("Who looks after the place (managers)?")),
    ),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a plan still lacks, the stage it belongs to, and where it is filled in."""

    stage: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class TestLine:
    """One test of CHEERS as answered."""

    title: str
    question: str
    met: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class HypothesisLine:
    """A hypothesis with its evidence and the interventions that answer it."""

    id: UUID
    statement: str
    verdict: str
    verdict_label: str
    verdict_words: str
    evidence: tuple[LinkLine, ...]
    interventions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterventionLine:
    """An intervention with what is compared and what came out."""

    id: UUID
    title: str
    technique: str
    owner: str
    state: str
    state_label: str
    when: str
    measured: str
    locked: bool
    verdict: str
    sentence: str
    as_of: dt.date | None
    url: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All of a plan, as a reader sees it."""

    stages: tuple[dict[str, Any], ...]
    missing: tuple[Missing, ...]
    next_text: str
    next_url: str
    tests: tuple[TestLine, ...]
    five_ws: tuple[tuple[str, str], ...]
    triangle: tuple[tuple[tuple[str, str], tuple[str, str]], ...]
    hypotheses: tuple[HypothesisLine, ...]
    loose: tuple[LinkLine, ...]
    taken_back: tuple[LinkLine, ...]
    interventions: tuple[InterventionLine, ...]
    changes: tuple[Any, ...]
    pictures: tuple[RichPicture, ...]


def plan_page(problem: Problem, reader: Any) -> PlanPage:
    """Return a plan as a reader sees it; a fixed number of queries, and one a kind of evidence."""
    plan = problem.plan
    links = list(
        problem.evidence_links.select_related("recorded_by", "problem__location").order_by(
            "cited_on", "created_at"
        )
    )
    lines = lines_of(links, reader)
    standing = [line for line in lines if line.withdrawn_on is None]
    interventions = interventions_of(problem)
    hypotheses = tuple(
        HypothesisLine(
            id=row.pk,
            statement=row.statement,
            verdict=row.verdict,
            verdict_label=row.get_verdict_display(),
            verdict_words=row.verdict_words,
            evidence=tuple(line for line in standing if line.hypothesis_id == row.pk),
            interventions=tuple(one.title for one in row.interventions.all()),
        )
        for row in problem.hypotheses.prefetch_related("interventions")
    )
    missing = tuple(missing_of(problem, hypotheses, interventions))
    text, url = _next(problem, missing)
    return PlanPage(
        stages=tuple(_stages(plan.stage)),
        missing=missing,
        next_text=text,
        next_url=url,
        tests=tests_of(problem),
        five_ws=tuple((str(label), getattr(plan, name)) for name, label in FIVE_WS),
        triangle=tuple(
            (
                (str(left[1]), getattr(plan, left[0])),
                (str(right[1]), getattr(plan, right[0])),
            )
            for left, right in TRIANGLE
        ),
        hypotheses=hypotheses,
        loose=tuple(line for line in standing if line.hypothesis_id is None),
        taken_back=tuple(line for line in lines if line.withdrawn_on is not None),
        interventions=interventions,
        changes=tuple(plan.stage_changes.select_related("changed_by")),
        pictures=tuple(
            RichPicture.objects.filter(problem=problem)
            .visible_to(reader)
            .filter(followed_by__isnull=True)
            .select_related("location")
        ),
    )


def tests_of(problem: Problem) -> tuple[TestLine, ...]:
    """Return the six tests as answered."""
    return tuple(
        TestLine(
            str(QUESTIONS[test][0]),
            str(QUESTIONS[test][1]),
            getattr(problem, f"cheers_{test}"),
            getattr(problem, f"cheers_{test}_words"),
        )
        for test in CHEERS
    )


def interventions_of(problem: Problem) -> tuple[InterventionLine, ...]:
    """Return the interventions of a problem; three queries."""
    rows = problem.interventions.select_related("owner", "problem__location").prefetch_related(
        "baselines", "evaluations"
    )
    return tuple(line_of(row) for row in rows)


def line_of(row: Intervention) -> InterventionLine:
    """Return an intervention as a line; its baselines and evaluations are read already."""
    baselines: Sequence[Baseline] = sorted(row.baselines.all(), key=lambda one: one.number)
    locked = [one for one in baselines if one.locked_on is not None]
    results: Sequence[Evaluation] = list(row.evaluations.all())
    newest = results[0] if results else None
    return InterventionLine(
        id=row.pk,
        title=row.title,
        technique=row.get_technique_display() if row.technique else "",
        owner=str(row.owner),
        state=row.state,
        state_label=row.get_state_display(),
        when=when_words(row),
        measured=measured_words(locked[-1]) if locked else "",
        locked=bool(locked),
        verdict=newest.verdict if newest else "",
        sentence=newest.sentence if newest else "",
        as_of=newest.as_of if newest else None,
        url=row.get_absolute_url(),
        is_demonstration=row.is_demonstration,
    )


def when_words(row: Intervention) -> str:
    """Return when it began, ended or is planned."""
    if row.state == InterventionState.RUNNING and row.started_on:
        return _("since %(date)s") % {"date": day(row.started_on)}
    if row.ended_on and row.started_on:
        return _("%(first)s to %(last)s") % {
            "first": day(row.started_on),
            "last": day(row.ended_on),
        }
    if row.ended_on:
        return _("dropped on %(date)s") % {"date": day(row.ended_on)}
    return _("planned for %(date)s") % {"date": day(row.starts_on)}


def measured_words(baseline: Baseline) -> str:
    """Return what is compared, in words."""
    what = (
        _("ASB reports") if baseline.measure == MeasureKind.ASB_REPORTS else _("A survey question")
    )
    return _("%(what)s, %(a)s to %(b)s against %(c)s to %(d)s") % {
        "what": what,
        "a": month_name(baseline.before_first),
        "b": month_name(baseline.before_last),
        "c": month_name(baseline.after_first),
        "d": month_name(baseline.after_last),
    }


def _stages(present: str) -> list[dict[str, Any]]:
    order = list(Stage.values)
    now = order.index(present)
    looks = [
        "done" if n < now else "in_progress" if n == now else "not_started"
        for n in range(len(order))
    ]
    return [
        {
            "number": n + 1,
            "title": Stage(value).label,
            "status": looks[n],
            "current": n == now,
        }
        for n, value in enumerate(order)
    ]


def missing_of(
    problem: Problem,
    hypotheses: Sequence[HypothesisLine],
    interventions: Sequence[InterventionLine],
) -> list[Missing]:
    """Return what a plan still lacks, in the order of the stages."""
    plan, found = problem.plan, []
    at = [problem.location.slug, problem.pk]

    def add(stage: str, text: str, name: str) -> None:
        found.append(Missing(stage, text, reverse(f"problems:{name}", args=at)))

    unanswered = sum(getattr(problem, f"cheers_{test}") is None for test in CHEERS)
    if unanswered:
        add(
            Stage.SCANNING,
            _("Answer the six tests: %(n)d are open") % {"n": unanswered},
            "problem-tests",
        )
    if not problem.who_harmed:
        add(Stage.SCANNING, _("Say who is harmed, and how"), "problem-edit")
    if not plan.objective:
        add(Stage.SCANNING, _("Agree an objective"), "problem-objective")
    empty = sum(not getattr(plan, name) for name, __ in FIVE_WS)
    if empty:
        add(
            Stage.ANALYSIS,
            _("Answer what, where, when, who, why and how: %(n)d are open") % {"n": empty},
            "problem-analysis",
        )
    if any(not getattr(plan, name) for pair in TRIANGLE for name, __ in pair):
        add(Stage.ANALYSIS, _("Fill in all six corners of the triangle"), "problem-analysis")
    if not hypotheses:
        add(Stage.ANALYSIS, _("Write down a hypothesis"), "hypothesis-new")
    for row in hypotheses:
        if not row.evidence:
            add(
                Stage.ANALYSIS,
                _("Link evidence to “%(what)s”") % {"what": row.statement[:60]},
                "evidence-kinds",
            )
    if not interventions:
        add(Stage.RESPONSE, _("Plan an intervention"), "intervention-new")
    found += [one for line in interventions for one in _lacking(line)]
    if plan.review_on is not None and plan.review_on < clock.today():
        add(Stage.ASSESSMENT, _("The review date has passed: set the next"), "problem-objective")
    return found


def _lacking(one: InterventionLine) -> list[Missing]:
    """Return what an intervention lacks."""
    words = {"what": one.title}
    if one.state == InterventionState.PLANNED and not one.technique:
        text = _("Say how “%(what)s” should work") % words
        return [Missing(Stage.RESPONSE, text, one.url)]
    if one.state == InterventionState.PLANNED and not one.locked:
        text = _("Lock what is compared for “%(what)s” before it begins") % words
        return [Missing(Stage.RESPONSE, text, one.url)]
    if one.state in (InterventionState.RUNNING, InterventionState.ENDED) and not one.verdict:
        return [Missing(Stage.ASSESSMENT, _("Evaluate “%(what)s”") % words, one.url)]
    return []


def _next(problem: Problem, missing: Sequence[Missing]) -> tuple[str, str]:
    """Return the one thing to press: what this stage or an earlier one lacks, else moving on."""
    order = list(Stage.values)
    now = order.index(problem.plan.stage)
    if problem.state == ProblemState.CLOSED:
        return "", ""
    for one in missing:
        if order.index(one.stage) <= now:
            return one.text, one.url
    at = [problem.location.slug, problem.pk]
    if now + 1 < len(order):
        label = Stage(order[now + 1]).label
        return (
            _("Move on to %(stage)s") % {"stage": str(label).lower()},
            reverse("problems:problem-stage", args=at) + f"?to={order[now + 1]}",
        )
    return _("Close the problem, or move back with a reason"), reverse(
        "problems:problem-close", args=at
    )
