"""What is known of a synthetic location: assets, stakeholders, walks, surveys."""

from __future__ import annotations

import datetime as dt

from django.contrib.gis.geos import Point

from assets.models import Asset, Connection, NetworkLink, Observation, Stakeholder, VisualAudit
from demo.scale.filler import Filler
from surveys.choices import WaveMode, Way
from surveys.models import Question, Reply, Submission, Survey, SurveyQuestion, Wave
from surveys.services import ensure_questions
from surveys.wording import lock

# Answers of a survey, and which of them came on paper: about the size and the third that the
# demonstration's own waves have (a wave with a sheet or two would be no list to time).
ANSWERS, ON_PAPER = 90, 3


def assets(filler: Filler) -> None:
    """Make halls, stakeholders and a walk, with what ties them together."""
    found = filler.store(
        "assets",
        (
            Asset(
                location=location,
                kind="place",
                name=f"Synthetic hall {number}",
                point=Point(-2.7 + number / 100, 52.2, srid=4326),
                last_checked_on=filler.on,
                **filler.author(turn),
                **filler.common,
            )
            for turn, location, number in filler.each(3)
        ),
    )
    filler.store(
        "connections",
        (
            Connection(
                location_id=one.location_id,
                source=one,
                target=other,
                how="Made for load tests",
                **filler.author(turn),
                **filler.common,
            )
            for turn, (one, other) in enumerate(zip(found[::3], found[1::3], strict=True))
        ),
    )
    known = filler.store(
        "stakeholders",
        (
            Stakeholder(
                location=location,
                name=f"Synthetic council {number}",
                sector="council",
                judged_on=filler.on,
                **filler.author(turn),
                **filler.common,
            )
            for turn, location, number in filler.each(3)
        ),
    )
    filler.store(
        "network links",
        (
            NetworkLink(
                location_id=one.location_id,
                source=one,
                target=other,
                kind="works",
                seen_on=filler.on,
                **filler.author(turn),
                **filler.common,
            )
            for turn, (one, other) in enumerate(zip(known[::3], known[1::3], strict=True))
        ),
    )
    walks = filler.store(
        "walks",
        (
            VisualAudit(
                location=location,
                walked_on=filler.on,
                route="Synthetic route",
                **filler.author(turn),
                **filler.common,
            )
            for turn, location, _number in filler.each(1)
        ),
    )
    filler.store(
        "observations",
        (
            Observation(
                audit=walk,
                kind="improve",
                theme="lighting",
                text=f"Synthetic lamp {number}",
                point=Point(-2.7 + number / 100, 52.21, srid=4326),
                **filler.author(turn),
                **filler.common,
            )
            for turn, walk in enumerate(walks)
            for number in (1, 2)
        ),
    )


def surveys(filler: Filler) -> None:
    """Make a survey with a wave that is open and a dozen answers."""
    ensure_questions()
    questions = list(Question.objects.filter(location=None).newest().order_by("order")[:5])
    wording, digest = lock(questions)
    surveys = filler.store(
        "surveys",
        (
            Survey(
                location=location,
                title="Synthetic survey",
                purpose="Made for load tests.",
                asked_by="Nobody",
                **filler.common,
            )
            for location in filler.locations
        ),
    )
    filler.store(
        "questions of surveys",
        (
            SurveyQuestion(survey=survey, question=question, order=place, **filler.common)
            for survey in surveys
            for place, question in enumerate(questions, 1)
        ),
    )
    waves = filler.store(
        "waves",
        (
            Wave(
                survey=survey,
                number=1,
                code=survey.location.slug,
                mode=WaveMode.OPEN_LINK,
                opens_on=filler.on - dt.timedelta(days=7),
                closes_on=filler.on + dt.timedelta(days=7),
                wording=wording,
                wording_hash=digest,
                **filler.common,
            )
            for survey in surveys
        ),
    )
    answers = filler.store(
        "submissions",
        (
            Submission(
                wave=wave,
                answered_on=filler.on,
                way=Way.PAPER if number % ON_PAPER == 0 else Way.ONLINE,
                batch="synthetic" if number % ON_PAPER == 0 else "",
                sheet=number if number % ON_PAPER == 0 else None,
                entered_by=filler.people[0] if number % ON_PAPER == 0 else None,
            )
            for wave in waves
            for number in range(1, ANSWERS + 1)
        ),
    )
    single = next(one for one in questions if one.kind == "single")
    first, second = (option["value"] for option in single.options[:2])
    filler.store(
        "replies",
        (
            Reply(submission=row, question=single.code, value=second if turn % 3 else first)
            for turn, row in enumerate(answers)
        ),
    )
