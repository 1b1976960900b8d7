"""Problems of the demonstration: made by the services on their days; pictures drawn here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core import clock
from core.jobs import run_now
from delivery.models import Action
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.pictures import drawn
from demo.loading.programmes import identity, user_of
from problems.choices import EvidenceKind
from problems.models import (
    Baseline,
    Evaluation,
    Hypothesis,
    Intervention,
    Plan,
    Problem,
    RichPicture,
    Theme,
)
from problems.models.problem import CHEERS
from problems.selectors.choices import targets_of
from problems.selectors.evidence import linkable
from problems.services import baselines, evaluations, interventions, links, pictures, problems
from programmes.models import Location, TargetPlace

Entry = dict[str, Any]


def parts() -> Iterator[Part]:
    """Yield problems with their plans, then rich pictures."""
    yield Part("problems", "Problems and what is done about them", _are_there, _load)
    yield Part("rich-pictures", "Rich pictures", _pictures_are_there, _load_pictures)


def result_parts() -> Iterator[Part]:
    """Yield what needs all months of street data and the data package."""
    yield Part("evaluations", "Evaluations", _evaluated, _evaluate)


@cache
def story() -> dict[str, list[Entry]]:
    """Return what the story says."""
    with (STORY / "problems.toml").open("rb") as file:
        return tomllib.load(file)


def _are_there() -> bool:
    wanted = [identity("problem", entry["key"]) for entry in story()["problems"]]
    return Problem.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def _load() -> None:
    for entry in story()["problems"]:
        _problem(entry)


def _problem(entry: Entry) -> None:
    location = Location.objects.select_related("programme").get(slug=entry["location"])
    by = user_of(entry["by"])
    tests: dict[str, Any] = {}
    for test in CHEERS:
        words = entry.get("tests", {}).get(test)
        if words:
            tests |= {f"cheers_{test}": True, f"cheers_{test}_words": words}
    with clock.business_date(entry["opened_on"]):
        problem = problems.open_problem(
            id=identity("problem", entry["key"]),
            location=location,
            target_place=TargetPlace.objects.get(location=location, slug=entry["place"]),
            title=entry["title"],
            what=entry["what"],
            where=entry["where"],
            who_harmed=entry["who_harmed"],
            objective=entry["objective"],
            by=by,
            demonstration=True,
            **tests,
        )
        plan = Plan.objects.select_related("problem__location").get(problem=problem)
        details = dict(entry.get("plan", {}))
        if "review_on" in entry:
            details["review_on"] = entry["review_on"]
        if details:
            problems.edit_plan(plan=plan, version=plan.version, by=by, **details)
        for row in entry.get("hypotheses", []):
            _hypothesis(problem, row, by)
    for row in entry.get("stages", []):
        _move(problem, row, by)
    for row in entry.get("interventions", []):
        _intervention(problem, row)
    for row in entry.get("links", []):
        _link(problem, row)


def _hypothesis(problem: Problem, row: Entry, by: Any) -> None:
    made = problems.add_hypothesis(
        id=identity("hypothesis", row["key"]),
        problem=problem,
        statement=row["statement"],
        by=by,
        demonstration=True,
    )
    if "verdict" in row:
        problems.edit_hypothesis(
            hypothesis=made,
            statement=row["statement"],
            verdict=row["verdict"],
            verdict_words=row["verdict_words"],
            version=made.version,
            by=by,
        )


def _move(problem: Problem, row: Entry, by: Any) -> None:
    plan = Plan.objects.select_related("problem__location").get(problem=problem)
    with clock.business_date(row["on"]):
        problems.move_stage(
            id=identity("stage", problem.pk, row["on"]),
            plan=plan,
            to=row["to"],
            reason=row.get("reason", ""),
            version=plan.version,
            by=by,
            demonstration=True,
        )


def _intervention(problem: Problem, row: Entry) -> None:
    by = user_of(row["by"])
    with clock.business_date(row["planned_on"]):
        made = interventions.plan_intervention(
            id=identity("intervention", row["key"]),
            problem=problem,
            hypotheses=[
                Hypothesis.objects.get(pk=identity("hypothesis", key)) for key in row["hypotheses"]
            ],
            by=by,
            demonstration=True,
            **{
                name: row[name]
                for name in (
                    "title",
                    "what",
                    "technique",
                    "mechanism",
                    "moderators",
                    "implementation",
                    "economics",
                    "starts_on",
                )
            },
        )
        wanted = Action.objects.filter(location=problem.location, title__in=row.get("actions", []))
        for action in wanted:
            interventions.join_action(intervention=made, action=action, by=by)
    if "compared" in row:
        _compared(made, row["compared"])
    if "started_on" in row:
        with clock.business_date(row["started_on"]):
            made = interventions.start_intervention(
                intervention=made, started_on=row["started_on"], version=made.version, by=by
            )


def _compared(made: Intervention, row: Entry) -> None:
    by = user_of(row["by"])
    areas = {
        role: baselines.Chosen(location=Location.objects.get(slug=row[role]))
        for role in ("response", "comparison")
    }
    with clock.business_date(row["set_on"]):
        baseline: Baseline = baselines.set_baseline(
            id=identity("baseline", made.pk),
            intervention=made,
            measure=row["measure"],
            success_words=row["success_words"],
            before=tuple(row["before"]),
            after=tuple(row["after"]),
            areas=areas,
            by=by,
            demonstration=True,
        )
    with clock.business_date(row["locked_on"]):
        baselines.lock_baseline(baseline=baseline, version=baseline.version, by=by)


def _link(problem: Problem, row: Entry) -> None:
    """Link what the other areas of the demonstration hold; what they lack is left out."""
    by, kind = user_of(row["by"]), EvidenceKind(row["kind"])
    target = None
    detail = ""
    if kind != EvidenceKind.NOTE:
        offered = targets_of(kind, problem.location, by)
        chosen = [
            key for key, words in offered if row.get("match", "").lower() in words.lower()
        ] or [key for key, __ in offered]
        if not chosen or not linkable(kind, location=problem.location, reader=by).exists():
            return
        target, __, detail = chosen[-1 if kind == EvidenceKind.WAVE else 0].partition(":")
    with clock.business_date(row["on"]):
        links.link_evidence(
            id=identity("evidence-link", problem.pk, row["kind"], row["on"], row.get("match", "")),
            problem=problem,
            hypothesis=Hypothesis.objects.get(pk=identity("hypothesis", row["hypothesis"])),
            kind=kind,
            target=UUID(target) if target else None,
            detail=detail,
            bearing=row.get("bearing", "for"),
            note=row["note"],
            source=row.get("source", ""),
            by=by,
            demonstration=True,
        )


def _evaluated() -> bool:
    return all(
        Evaluation.objects.filter(intervention=identity("intervention", key)).exists()
        for key in ("walks", "barriers")
    )


def _evaluate() -> None:
    """Link the package, evaluate what has begun, and close what is done."""
    told = {entry["key"]: entry for entry in story()["problems"]}
    with transaction.atomic():
        _cite_package(Problem.objects.get(pk=identity("problem", "garage-court")))
    for entry in told.values():
        for row in entry.get("interventions", []):
            if "started_on" in row:
                _result(row)
        if "closed" in entry:
            with transaction.atomic():
                _close(Problem.objects.get(pk=identity("problem", entry["key"])), entry)


def _cite_package(problem: Problem) -> None:
    by = user_of("analyst")
    offered = targets_of(EvidenceKind.PACKAGE, problem.location, by)
    if offered:
        links.link_evidence(
            id=identity("evidence-link", problem.pk, "package"),
            problem=problem,
            kind=EvidenceKind.PACKAGE,
            target=UUID(offered[0][0].partition(":")[0]),
            bearing="both",
            note="How much is reported in the town; it does not say where or at what hour.",
            by=by,
            demonstration=True,
        )


def _result(row: Entry) -> None:
    made = Intervention.objects.get(pk=identity("intervention", row["key"]))
    on = row["compared"].get("evaluated_on", clock.today())
    with clock.business_date(on):
        run_now(
            evaluations.request_evaluation(
                intervention=made, by=user_of("analyst"), as_of=on, deliver=False
            )
        )


def _close(problem: Problem, entry: Entry) -> None:
    by, closed = user_of(entry["by"]), entry["closed"]
    for row in entry["interventions"]:
        made = Intervention.objects.get(pk=identity("intervention", row["key"]))
        with clock.business_date(row["ended_on"]):
            interventions.end_intervention(
                intervention=made,
                ended_on=row["ended_on"],
                ending_words=row["ending_words"],
                version=made.version,
                by=by,
            )
    _move(problem, {"on": closed["stage_on"], "to": "assessment"}, by)
    plan = Plan.objects.select_related("problem__location").get(problem=problem)
    with clock.business_date(closed["on"]):
        problems.edit_plan(plan=plan, version=plan.version, assessment=closed["assessment"], by=by)
        problems.close_problem(
            problem=problem,
            outcome=closed["outcome"],
            closing_words=closed["closing_words"],
            version=problem.version,
            by=by,
        )


def _pictures_are_there() -> bool:
    wanted = [identity("picture", entry["key"]) for entry in story()["pictures"]]
    return RichPicture.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def _load_pictures() -> None:
    for entry in story()["pictures"]:
        by = user_of(entry["by"])
        with clock.business_date(entry["drawn_on"]):
            picture = pictures.add_picture(
                id=identity("picture", entry["key"]),
                location=Location.objects.select_related("programme").get(slug=entry["location"]),
                problem=Problem.objects.get(pk=identity("problem", entry["problem"])),
                kind=entry["kind"],
                title=entry["title"],
                viewpoint=entry["viewpoint"],
                drawn_on=entry["drawn_on"],
                text_alternative=entry["text_alternative"],
                upload=SimpleUploadedFile(
                    f"{entry['key']}.png", drawn(entry["kind"]), content_type="image/png"
                ),
                by=by,
                demonstration=True,
            )
            regions = {row["key"]: _region(picture, row, by) for row in entry["regions"]}
            for row in entry["themes"]:
                theme: Theme = pictures.add_theme(
                    id=identity("theme", row["key"]),
                    picture=picture,
                    words=row["words"],
                    region=regions.get(row.get("region", "")),
                    by=by,
                    demonstration=True,
                )
                if row["key"] == "shut":
                    theme.hypothesis = Hypothesis.objects.get(pk=identity("hypothesis", "nowhere"))
                    theme.save(update_fields=["hypothesis", "updated_at"])


def _region(picture: RichPicture, row: Entry, by: Any) -> Any:
    left, top, width, height = (Decimal(str(one)) for one in row["rectangle"])
    return pictures.mark_region(
        id=identity("region", row["key"]),
        picture=picture,
        label=row["label"],
        words=row["words"],
        rectangle=(left, top, width, height),
        by=by,
        demonstration=True,
    )
