"""The problem worked on at a synthetic location, and the report on it."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image

from core.files import store
from core.records import to_plain
from demo.scale.filler import Filler
from problems.evaluation.judge import judge
from problems.models import (
    Baseline,
    Evaluation,
    EvidenceLink,
    Hypothesis,
    Intervention,
    Plan,
    Problem,
    RichPicture,
    Theme,
)
from reports.models import ProgressReport


def problems(filler: Filler) -> None:
    """Make a problem with plan, hypothesis, intervention and evidence."""
    found = filler.store(
        "problems",
        (
            Problem(
                location=location,
                title="Synthetic problem",
                what="Made for load tests.",
                opened_on=filler.since,
                owner=filler.person(turn),
                **filler.author(turn),
                **filler.common,
            )
            for turn, location, _number in filler.each(1)
        ),
    )
    filler.store("plans", (Plan(problem=problem, **filler.common) for problem in found))
    filler.store(
        "hypotheses",
        (
            Hypothesis(
                problem=problem,
                statement="Made for load tests.",
                recorded_by=problem.owner,
                **filler.common,
            )
            for problem in found
        ),
    )
    done = filler.store(
        "interventions",
        (
            Intervention(
                problem=problem,
                title="Synthetic lamp",
                technique="natural_surveillance",
                mechanism="Made for load tests.",
                owner=problem.owner,
                starts_on=filler.on,
                **filler.common,
            )
            for problem in found
        ),
    )
    evaluations(filler, done)
    pictures(filler, found)
    filler.store(
        "evidence links",
        (
            EvidenceLink(
                problem=problem,
                kind="action",
                action=filler.action_of[problem.location_id],
                cited_on=filler.on,
                recorded_by=problem.owner,
                **filler.common,
            )
            for problem in found
        ),
    )


def evaluations(filler: Filler, interventions: list[Intervention]) -> None:
    """Evaluate each: nothing is counted at a synthetic place, so nobody can tell."""
    first = filler.on.replace(day=1)
    days = (-730, -31, 31, 365)
    months = [(first + dt.timedelta(days=day)).replace(day=1) for day in days]
    figures = to_plain(
        judge(
            months=[],
            roles=[],
            windows=(months[0], months[1], months[2], months[3]),
            as_of=filler.on,
            version=1,
            late=False,
            refused="the place is synthetic.",
        )
    )
    baselines = filler.store(
        "baselines",
        (
            Baseline(
                intervention=intervention,
                number=1,
                measure="asb_reports",
                before_first=months[0],
                before_last=months[1],
                after_first=months[2],
                after_last=months[3],
                **filler.common,
            )
            for intervention in interventions
        ),
    )
    filler.store(
        "evaluations",
        (
            Evaluation(
                intervention=baseline.intervention,
                baseline=baseline,
                as_of=filler.on,
                verdict="cannot_tell",
                sentence="Cannot tell: the place is synthetic.",
                figures=figures,
                fingerprint=baseline.pk.hex * 2,
                **filler.common,
            )
            for baseline in baselines
        ),
    )


def pictures(filler: Filler, problems: list[Problem]) -> None:
    """Let a small picture be drawn of each problem."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    file = store(stream.getvalue(), name="synthetic.png")
    found = filler.store(
        "rich pictures",
        (
            RichPicture(
                location_id=problem.location_id,
                problem=problem,
                kind="problem",
                title="Synthetic picture",
                viewpoint="Nobody",
                drawn_on=filler.on,
                text_alternative="An empty sheet.",
                file=file,
                **filler.author(turn),
                **filler.common,
            )
            for turn, problem in enumerate(problems)
        ),
    )
    filler.store(
        "themes",
        (
            Theme(picture=picture, words="Made for load tests.", **filler.common)
            for picture in found
        ),
    )


def reports(filler: Filler) -> None:
    """Make a progress report without figures for each location."""
    file = store(b"Synthetic: made for load tests\n", name="synthetic.txt")
    filler.store(
        "reports",
        (
            ProgressReport(
                location=location,
                quarter="2023-24-Q4",
                figures={},
                fingerprint="0" * 64,
                built_on=filler.on,
                html=file,
                pdf=file,
                **filler.common,
            )
            for location in filler.locations
        ),
    )
