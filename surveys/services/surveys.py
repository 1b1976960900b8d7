"""Surveys: what a location asks, of which questions, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from surveys.models import Question, Survey, SurveyQuestion

MOST_QUESTIONS = 40


@transaction.atomic
def make_survey(
    *,
    location: Location,
    title: str,
    purpose: str,
    asked_by: str,
    by: Any,
    contact: str = "",
    questions: Sequence[Question] = (),
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Survey:
    """Make a survey with its first questions, in the order given.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (no title, purpose or who asks, too many questions, a conflicting repeat).
    """
    policy.require(by, Permission.SURVEY_MANAGE, location)
    same = {"location": location, **_said(title, purpose, asked_by, contact)}
    there = earlier(Survey, id, same)
    if there is not None:
        return there
    with because(by=by):
        survey, new = create_once(
            Survey, id, same, is_demonstration=is_demonstration(demonstration)
        )
        if new:
            _put(survey, questions)
    return survey


@transaction.atomic
def change_survey(
    *,
    survey: Survey,
    version: int,
    title: str,
    purpose: str,
    asked_by: str,
    by: Any,
    contact: str = "",
) -> Survey:
    """Change what is said about a survey. Raises core.errors.NotAllowed, Refused, Conflict."""
    policy.require(by, Permission.SURVEY_MANAGE, survey)
    for name, value in _said(title, purpose, asked_by, contact).items():
        setattr(survey, name, value)
    with because(by=by):
        survey.save_version(version)
    return survey


@transaction.atomic
def choose_questions(
    *, survey: Survey, version: int, questions: Sequence[Question], by: Any
) -> Survey:
    """Set the questions that the next wave will ask, in this order; waves that exist keep theirs.

    Raises core.errors.NotAllowed, Refused (none or too many), Conflict.
    """
    policy.require(by, Permission.SURVEY_MANAGE, survey)
    if not questions:
        raise Refused(_("Choose at least one question."))
    with because(by=by):
        survey.save_version(version)
        _put(survey, questions)
    return survey


def _said(title: str, purpose: str, asked_by: str, contact: str) -> dict[str, str]:
    if not title.strip():
        raise Refused(_("Give the survey a title."))
    if not purpose.strip():
        raise Refused(_("Say why you ask: people read it before they answer."))
    if not asked_by.strip():
        raise Refused(_("Say who asks."))
    return {
        "title": title.strip(),
        "purpose": purpose.strip(),
        "asked_by": asked_by.strip(),
        "contact": contact.strip(),
    }


def _put(survey: Survey, questions: Sequence[Question]) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise Refused(
            _("A survey holds %(most)d questions at most: fewer people finish a long one.")
            % {"most": MOST_QUESTIONS}
        )
    if len({question.code for question in questions}) < len(questions):
        raise Refused(_("A question can stand in a survey once."))
    programme = survey.location.programme_id
    if any(q.location is not None and q.location.programme_id != programme for q in questions):
        raise Refused(_("Choose questions of your own programme, or standard ones."))
    wanted = {question.pk: place for place, question in enumerate(questions, 1)}
    there = {line.question_id: line for line in SurveyQuestion.objects.filter(survey=survey)}
    SurveyQuestion.objects.filter(
        pk__in=[line.pk for key, line in there.items() if key not in wanted]
    ).delete()
    moved = []
    for key, place in wanted.items():
        if key in there and there[key].order != place:
            there[key].order = place
            moved.append(there[key])
    SurveyQuestion.objects.bulk_update(moved, ["order"])
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            survey=survey,
            question_id=key,
            order=place,
            is_demonstration=survey.is_demonstration,
        )
        for key, place in wanted.items()
        if key not in there
    )
