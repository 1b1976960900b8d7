"""Surveys for the access matrix: an open wave, a closed one, a finished one with figures.

``wave_id`` is open, ``closed_wave_id`` waits for its last sheets, ``finished_wave_id`` has 60
answers, ``codes_wave_id`` asks for single-use codes. Answers belong to the lead agency.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from surveys.choices import WaveMode, Way
from surveys.models import Question, Wave
from tests.factories.surveys import (
    AnswerCodeFactory,
    QuestionFactory,
    ReplyFactory,
    SubmissionFactory,
    SurveyFactory,
    WaveFactory,
    answer,
)

READ_TEXTS = {"analyst", "coordinator", "manager", "covered", "token_reader"}
TWINS = (
    "question_id",
    "survey_id",
    "wave_id",
    "closed_wave_id",
    "finished_wave_id",
    "reply_id",
    "submission_id",
)
SECRETS = {
    "own-answer-q7": READ_TEXTS,
    "neighbours-answer-q7": {"neighbour"},
    "neighbours-question-q7": {"neighbour"},
    "neighbours-spread-q7": {"neighbour"},
}
OPEN = "residents answer without an account"
UNSCOPED = {
    "AnswerStartView": OPEN,
    "AnswerQuestionsView": OPEN,
    "AnswerThanksView": OPEN,
}
SAFE = "safe-after-dark"


def _standard() -> list[Question]:
    return list(Question.objects.filter(location=None, code__in=[SAFE, "one-thing"]))


def _waves(survey: Any, mark: str) -> dict[str, Wave]:
    made = {
        "finished": WaveFactory(
            survey=survey,
            opens_on=dt.date(2024, 2, 19),
            closes_on=dt.date(2024, 3, 17),
            finished_on=dt.date(2024, 3, 20),
        ),
        "closed": WaveFactory(
            survey=survey, opens_on=dt.date(2024, 5, 20), closes_on=dt.date(2024, 6, 16)
        ),
        "open": WaveFactory(survey=survey, code=f"{mark}-open", reach=f"{mark}-spread-q7"),
    }
    answer(made["finished"], {SAFE: "very-safe"}, 30)
    answer(made["finished"], {SAFE: "bit-unsafe"}, 30)
    return made


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make a survey with its waves, a question of one's own, sheets and a text."""
    question = QuestionFactory(location=people.location)
    survey = SurveyFactory(location=people.location, asks=_standard())
    waves = _waves(survey, "own")
    codes = WaveFactory(
        survey=SurveyFactory(location=people.location, asks=_standard()),
        mode=WaveMode.CODES,
        code="own-codes",
    )
    sheet = SubmissionFactory(
        wave=waves["open"],
        way=Way.PAPER,
        batch="Library",
        sheet=1,
        entered_by=people.coordinator,
    )
    reply = ReplyFactory(submission=sheet, text="own-answer-q7")
    return [
        question,
        survey,
        survey.lines.first(),
        waves["open"],
        AnswerCodeFactory(wave=codes),
        sheet,
        reply,
    ]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    wave = made["surveys.Wave"]
    waves = Wave.objects.filter(survey=wave.survey)
    return {
        "question_id": made["surveys.Question"].pk,
        "standard_id": Question.objects.get(location=None, code=SAFE).pk,
        "survey_id": wave.survey_id,
        "wave_id": wave.pk,
        "wave_code": wave.code,
        "closed_wave_id": waves.get(number=2).pk,
        "finished_wave_id": waves.get(number=1).pk,
        "codes_wave_id": made["surveys.AnswerCode"].wave_id,
        "submission_id": made["surveys.Submission"].pk,
        "reply_id": made["surveys.Reply"].pk,
        "sheet_key": "5d6d0b58-8f5c-4b60-9f5b-0d3a5a3b5f11",
    }


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at the neighbour's."""
    people, location = cast.people, cast.people.other_location
    question = QuestionFactory(location=location, wording="neighbours-question-q7")
    survey = SurveyFactory(location=location, asks=_standard())
    waves = _waves(survey, "neighbours")
    sheet = SubmissionFactory(
        wave=waves["open"], way=Way.PAPER, batch="Hall", sheet=1, entered_by=people.neighbour
    )
    return {
        "n_question_id": question.pk,
        "n_survey_id": survey.pk,
        "n_wave_id": waves["open"].pk,
        "n_closed_wave_id": waves["closed"].pk,
        "n_finished_wave_id": waves["finished"].pk,
        "n_submission_id": sheet.pk,
        "n_reply_id": ReplyFactory(submission=sheet, text="neighbours-answer-q7").pk,
    }


def grow(people: Any, size: int) -> None:
    """Make as many surveys with waves, and answers, as there are locations."""
    standard = _standard()
    wide = min(size, 200)  # a location asks in tens of surveys, not in thousands
    for number in range(wide):
        survey = SurveyFactory(location=people.location, asks=standard)
        wave = WaveFactory(survey=survey, code=f"grown-{number}")
        answer(wave, {SAFE: "very-safe"})
        QuestionFactory(location=people.location)
    finished = WaveFactory(
        survey=SurveyFactory(location=people.location, asks=standard),
        code="grown-finished",
        opens_on=dt.date(2024, 2, 19),
        closes_on=dt.date(2024, 3, 17),
    )
    answer(finished, {SAFE: "bit-unsafe"}, size)
