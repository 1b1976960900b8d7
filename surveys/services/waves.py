"""Waves: opened with their wording locked, run, finished, made public."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.services.repeats import create_once, earlier, is_demonstration
from surveys.choices import WaveState
from surveys.models import AnswerCode, Question, Survey, Wave
from surveys.selectors.results import results_of
from surveys.services.codes import LETTERS
from surveys.wording import lock

LONGEST_DAYS = 183


@transaction.atomic
def open_wave(
    *,
    survey: Survey,
    mode: str,
    opens_on: dt.date,
    closes_on: dt.date,
    by: Any,
    invited: int | None = None,
    reach: str = "",
    id: UUID | None = None,  # noqa: A002  # the field's own name
    code: str = "",
    demonstration: bool | None = None,
) -> Wave:
    """Make the next wave of a survey and lock its wording.

    From now on its questions stay as they are: a question that is changed is a new version, and
    the wave after this one asks it. ``code`` is the address (/s/<code>/), made up if left out.
    Raises core.errors.NotAllowed, Refused (no questions, days out of order or in the past, longer
    than half a year, another wave of the survey at the same time, a conflicting repeat).
    """
    policy.require(by, Permission.SURVEY_MANAGE, survey)
    same = {
        "survey": survey,
        "mode": mode,
        "opens_on": opens_on,
        "closes_on": closes_on,
        "invited": invited,
        "reach": reach.strip(),
    }
    there = earlier(Wave, id, same)
    if there is not None:
        return there
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    questions = list(Question.objects.filter(lines__survey=survey).order_by("lines__order"))
    if not questions:
        raise Refused(_("Choose the questions first: a wave locks their wording."))
    if opens_on < clock.today():
        raise Refused(_("A wave cannot open in the past."))
    _refuse_days(survey, opens_on, closes_on)
    number = (survey.waves.aggregate(last=Max("number"))["last"] or 0) + 1
    kept, digest = lock(questions)
    with because(by=by):
        wave, _new = create_once(
            Wave,
            id,
            same,
            number=number,
            code=code or _free_address(survey),
            wording=kept,
            wording_hash=digest,
            is_demonstration=is_demonstration(demonstration),
        )
    return wave


@transaction.atomic
def change_wave(
    *,
    wave: Wave,
    version: int,
    closes_on: dt.date,
    by: Any,
    invited: int | None = None,
    reach: str = "",
) -> Wave:
    """Change a wave's last day, how many were asked and how; the wording stays.

    Raises core.errors.NotAllowed, Refused (finished, a last day in the past), Conflict.
    """
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    today = clock.today()
    if wave.state_on(today) == WaveState.FINISHED:
        raise Refused(_("This wave is finished."))
    if closes_on != wave.closes_on and closes_on < today:
        raise Refused(_("The last day cannot lie in the past."))
    _refuse_days(wave.survey, wave.opens_on, closes_on, leaving_out=wave)
    wave.closes_on, wave.invited, wave.reach = closes_on, invited, reach.strip()
    with because(by=by):
        wave.save_version(
            version, update_fields=["closes_on", "invited", "reach", "version", "updated_at"]
        )
    return wave


@transaction.atomic
def finish_wave(*, wave: Wave, version: int, by: Any) -> Wave:
    """Say that a closed wave is finished: no more sheets come, and its results are shown.

    Raises core.errors.NotAllowed, Refused (still open, finished already), Conflict.
    """
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    state = wave.state_on(clock.today())
    if state in (WaveState.PLANNED, WaveState.OPEN):
        raise Refused(_("This wave can still be answered. Change its last day first."))
    if state == WaveState.FINISHED:
        raise Refused(_("This wave is finished already."))
    wave.finished_on = clock.today()
    with because(by=by):
        wave.save_version(version, update_fields=["finished_on", "version", "updated_at"])
    return wave


@transaction.atomic
def release_wave(*, wave: Wave, version: int, words: str, by: Any) -> Wave:
    """Make a finished wave's main figures public, with a sentence of one's own.

    Raises core.errors.NotAllowed, Refused (not finished, no figure that may be shown, no words),
    Conflict.
    """
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    results = results_of(wave)
    if results.state != "ready":
        raise Refused(_("Only the results of a finished wave can be made public."))
    if not any(measure.figure.state == "shown" for measure in results.measures):
        raise Refused(_("There are too few answers: no figure of this wave can be shown."))
    if not words.strip():
        raise Refused(_("Say in a sentence or two what people told you."))
    wave.released_on, wave.released_words, wave.released_by = clock.today(), words.strip(), by
    with because(by=by):
        wave.save_version(version, update_fields=_RELEASE)
    return wave


@transaction.atomic
def take_back_release(*, wave: Wave, version: int, by: Any) -> Wave:
    """Take a wave's figures off the public page. Raises core.errors.NotAllowed, Conflict."""
    policy.require(by, Permission.SURVEY_MANAGE, wave)
    if wave.released_on is None:
        return wave
    wave.released_on, wave.released_by = None, None
    with because(by=by):
        wave.save_version(version, update_fields=_RELEASE)
    return wave


def forget_codes(on: dt.date) -> int:
    """Delete the single-use codes of waves that closed before a day; return how many.

    A code that is used says so until then. Afterwards nothing is left that could be set beside the
    answers, not even by whoever looks into the database itself.
    """
    gone, _kinds = AnswerCode.objects.filter(wave__closes_on__lt=on).delete()
    return gone


_RELEASE = ["released_on", "released_words", "released_by", "version", "updated_at"]


def _refuse_days(
    survey: Survey, opens_on: dt.date, closes_on: dt.date, *, leaving_out: Wave | None = None
) -> None:
    if closes_on < opens_on:
        raise Refused(_("The last day must be on or after the first."))
    if (closes_on - opens_on).days >= LONGEST_DAYS:
        raise Refused(_("A wave lasts half a year at most. Open another one after it."))
    others = survey.waves.filter(opens_on__lte=closes_on, closes_on__gte=opens_on)
    if leaving_out is not None:
        others = others.exclude(pk=leaving_out.pk)
    if others.exists():
        raise Refused(_("Another wave of this survey runs in those days."))


def _free_address(survey: Survey) -> str:
    """Return a short address that can be typed from a poster: the town and four letters."""
    stem = slugify(survey.location.name)[:20].strip("-") or "survey"
    while True:
        code = f"{stem}-{''.join(secrets.choice(LETTERS) for _letter in range(4)).lower()}"
        if not Wave.objects.filter(code=code).exists():
            return code
