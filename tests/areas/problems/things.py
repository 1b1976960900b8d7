"""Problems for the access matrix: a plan with all that hangs below it, and a marked one of Teme's.

``intervention_id`` is planned with something to lock, ``running_id`` runs and has a result. The
plan cites the data package: its figure is for those who read data.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from problems.models import Evaluation, Intervention, PictureRegion, Theme
from tests.factories.core import StoredFileFactory
from tests.factories.problems import (
    BaselineFactory,
    EvaluationAreaFactory,
    EvaluationFactory,
    EvidenceLinkFactory,
    HypothesisFactory,
    InterventionFactory,
    PictureRegionFactory,
    ProblemFactory,
    RichPictureFactory,
    StageChangeFactory,
    ThemeFactory,
)

COORDINATORS = {"coordinator", "other_agency", "lapsed", "covered", "teme"}
TEME = {"covered", "teme"}
TWINS = (
    "problem_id",
    "intervention_id",
    "running_id",
    "hypothesis_id",
    "link_id",
    "evaluation_id",
    "picture_id",
    "region_id",
    "theme_id",
)
OTHERS = TWINS
SECRETS = {
    "own-problem-figure-q7": COORDINATORS | {"analyst", "leader", "manager"},
    "own-problem-note-q7": COORDINATORS | {"analyst", "leader", "manager"},
    **{
        f"neighbours-problem-{name}-q7": {"neighbour"}
        for name in ("what", "mechanism", "words", "theme")
    },
    **{f"x-problem-{name}-q7": TEME for name in ("what", "mechanism", "words", "theme")},
    "x-rich-picture-q7": TEME,
    "neighbours-rich-picture-q7": {"neighbour"},
}


def _plan(location: Any, by: Any, mark: str, **marking: Any) -> dict[str, Any]:
    problem = ProblemFactory(location=location, owner=by, what=f"{mark}-problem-what-q7", **marking)
    hypothesis = HypothesisFactory(problem=problem, statement=f"{mark}-problem-words-q7")
    planned = InterventionFactory(problem=problem, mechanism=f"{mark}-problem-mechanism-q7")
    draft = BaselineFactory(intervention=planned)
    area = EvaluationAreaFactory(baseline=draft, location=location)
    running = InterventionFactory(problem=problem, state="running", started_on=dt.date(2024, 6, 3))
    locked = BaselineFactory(intervention=running, locked_on=dt.date(2024, 6, 1), locked_by=by)
    evaluation = EvaluationFactory(baseline=locked, made_by=by)
    picture = RichPictureFactory(
        location=location,
        problem=problem,
        recorded_by=by,
        text_alternative=f"{mark}-problem-words-q7",
        file=StoredFileFactory(
            name="picture.png",
            content_type="image/png",
            content=f"{mark}-rich-picture-q7\n".encode(),
        ),
        **marking,
    )
    region = PictureRegionFactory(picture=picture)
    return {
        "problem": problem,
        "hypothesis": hypothesis,
        "link": EvidenceLinkFactory(problem=problem, hypothesis=hypothesis),
        "intervention": planned,
        "running": running,
        "baseline": draft,
        "area": area,
        "evaluation": evaluation,
        "picture": picture,
        "region": region,
        "theme": ThemeFactory(picture=picture, region=region, words=f"{mark}-problem-theme-q7"),
        "stage": StageChangeFactory(plan=problem.plan, changed_by=by),
    }


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make a problem with its plan and all that hangs below it; it cites the data package."""
    found = _plan(people.location, people.coordinator, "own")
    package = made["incidents.DataPackage"]
    EvidenceLinkFactory(
        problem=found["problem"],
        kind="package",
        package=package,
        figure="own-problem-figure-q7",
        note="own-problem-note-q7",
        source="",
    )
    found.pop("running")
    return [*found.values(), found["problem"].plan]


def _ids(found: dict[str, Any], pre: str) -> dict[str, Any]:
    return {
        f"{pre}{name}_id": found[name].pk
        for name in (
            "problem",
            "hypothesis",
            "link",
            "intervention",
            "running",
            "evaluation",
            "picture",
            "region",
            "theme",
        )
    }


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    problem = made["problems.Problem"]
    evaluation = Evaluation.objects.get(intervention__problem=problem)
    return {
        "problem_id": problem.pk,
        "hypothesis_id": made["problems.Hypothesis"].pk,
        "link_id": made["problems.EvidenceLink"].pk,
        "intervention_id": made["problems.Intervention"].pk,
        "running_id": Intervention.objects.get(problem=problem, state="running").pk,
        "evaluation_id": evaluation.pk,
        "picture_id": made["problems.RichPicture"].pk,
        "region_id": PictureRegion.objects.get(picture=made["problems.RichPicture"]).pk,
        "theme_id": Theme.objects.get(picture=made["problems.RichPicture"]).pk,
    }


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at the neighbour's."""
    people = cast.people
    return _ids(_plan(people.other_location, people.neighbour, "neighbours"), "n_")


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make a marked plan and picture of Teme's at Leominster."""
    marking = {"marking": "official-sensitive", "handling": "Only as agreed."}
    return _ids(_plan(cast.people.location, cast.users["teme"], "x", **marking), "x_")


def grow(people: Any, size: int) -> None:
    """Make as many problems, interventions and results as there are locations, at most 200."""
    for number in range(min(size, 200)):
        problem = ProblemFactory(location=people.location, owner=people.coordinator)
        HypothesisFactory(problem=problem)
        intervention = InterventionFactory(problem=problem, state="running")
        EvaluationFactory(baseline=BaselineFactory(intervention=intervention))
        if number % 4 == 0:
            RichPictureFactory(location=people.location, recorded_by=people.coordinator)
