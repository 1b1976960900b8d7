"""Keeping answers: durable, once, and with nothing that says whose they are.

The open path asks for no session and no cookie, and is as short as it can be: the code (if the wave
has codes), one insert for the person, one for all replies. That an answer is here already is found
by its id, when the insert fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import BadInput, Refused, RowError
from core.history import because
from programmes import policy
from surveys.answering import Answers, replies_of
from surveys.choices import TextState, WaveMode, WaveState, Way
from surveys.models import AnswerCode, Reply, Submission, Wave
from surveys.services.codes import digest_of
from surveys.wording import Asked, questions_of


def refuse_closed(wave: Wave) -> None:
    """Raise core.errors.Refused, in words for the public, unless the wave can be answered today."""
    state = wave.state_on(clock.today())
    if wave.mode == WaveMode.PAPER:
        raise Refused(_("This survey is answered on paper only."))
    if state == WaveState.PLANNED:
        raise Refused(_("This survey is not open yet."))
    if state != WaveState.OPEN:
        raise Refused(_("This survey is closed. Thank you for wanting to answer."))


def check_code(wave: Wave, text: str) -> None:
    """Raise core.errors.Refused, in plain words, unless a single-use code can still be used."""
    row = AnswerCode.objects.filter(wave=wave, digest=digest_of(wave, text)).first()
    if row is None:
        raise Refused(_("We do not know this code. Check it against your letter and try again."))
    if row.used:
        raise Refused(_("This code has been used already. Each code is for one answer only."))


def submit(*, wave: Wave, id: UUID, answers: Answers, code: str = "") -> Submission:  # noqa: A002
    """Keep what somebody answered on the open page; sending it again is harmless.

    ``id`` is made by the page. ``code`` is the single-use code where the wave has them: it is
    marked used in the same transaction, without saying by what. Raises core.errors.Refused (wave
    not open, code unknown or used, or an ``id`` that stands for other answers).
    """
    questions = questions_of(wave)
    refuse_invalid(answers)
    fields = {"answered_on": clock.today(), "way": Way.ONLINE}
    try:
        refuse_closed(wave)
        with transaction.atomic():
            if wave.mode == WaveMode.CODES:
                _use(wave, code)
            return _store(wave, id, questions, answers, fields)
    except IntegrityError:  # the id is there: the same form came a second time
        there = _repeat(wave, id, questions, answers)
        if there is None:
            raise
        return there
    except Refused:  # closed by now, or the code is used: by this very answer?
        there = _repeat(wave, id, questions, answers)
        if there is None:
            raise
        return there


@transaction.atomic
def enter_sheet(
    *,
    wave: Wave,
    id: UUID,  # noqa: A002  # the field's own name
    batch: str,
    sheet: int,
    answered_on: dt.date,
    answers: Answers,
    by: Any,
) -> Submission:
    """Keep one paper sheet. Batch and sheet number together stand once in a wave.

    Sheets may be typed in from the day the wave opens until it is finished. Raises
    core.errors.NotAllowed, Refused (wave not open for entry, a day outside the wave, a sheet that
    is there already, an ``id`` that stands for other answers).
    """
    policy.require(by, Permission.SURVEY_ENTER, wave)
    refuse_invalid(answers)
    questions = questions_of(wave)
    there = _repeat(wave, id, questions, answers)
    if there is not None:
        return there
    if wave.state_on(clock.today()) not in (WaveState.OPEN, WaveState.ENTERING):
        raise Refused(_("Sheets can be typed in from the day the wave opens until it is finished."))
    if not wave.opens_on <= answered_on <= min(wave.closes_on, clock.today()):
        raise Refused(_("The day must lie within the wave, and not in the future."))
    batch = batch.strip()
    if Submission.objects.filter(wave=wave, batch=batch, sheet=sheet).exists():
        raise Refused(
            _("Sheet %(sheet)d of batch “%(batch)s” is typed in already.")
            % {"sheet": sheet, "batch": batch}
        )
    fields = {
        "answered_on": answered_on,
        "way": Way.PAPER,
        "batch": batch,
        "sheet": sheet,
        "entered_by": by,
    }
    with because(by=by):
        return _store(wave, id, questions, answers, fields)


def refuse_invalid(answers: Answers) -> None:
    """Raise core.errors.BadInput for answers that were read with errors; pages never get here."""
    if not answers.is_valid:
        raise BadInput(
            [
                RowError(_("answers"), None, code or None, "", error)
                for code, error in answers.errors.items()
            ]
        )


def _use(wave: Wave, code: str) -> None:
    """Mark a code used; the row lock makes a second use at the same moment wait and fail."""
    used = AnswerCode.objects.filter(wave=wave, digest=digest_of(wave, code), used=False)
    if used.update(used=True) == 0:
        check_code(wave, code)
        raise Refused(_("This code has been used already. Each code is for one answer only."))


def _store(
    wave: Wave,
    client_id: UUID,
    questions: tuple[Asked, ...],
    answers: Answers,
    fields: Mapping[str, Any],
) -> Submission:
    submission = Submission(pk=client_id, wave=wave, **fields)
    submission.save(force_insert=True)
    Reply.objects.bulk_create(
        Reply(
            submission=submission,
            text_state=TextState.WAITING if row.get("text") else "",
            **row,
        )
        for row in replies_of(questions, answers.given)
    )
    return submission


def _repeat(
    wave: Wave, client_id: UUID, questions: tuple[Asked, ...], answers: Answers
) -> Submission | None:
    """Return the answer that the same sending left before; Refused if it says something else."""
    found: Submission | None = Submission.objects.filter(pk=client_id).first()
    if found is None:
        return None
    rows = Reply.objects.filter(submission=found).order_by()
    stored = {(r.question, r.value, r.number, r.text) for r in rows}
    sent = {
        (row["question"], row.get("value", ""), row.get("number"), row.get("text", ""))
        for row in replies_of(questions, answers.given)
    }
    if found.wave_id != wave.pk or stored != sent:
        raise Refused(_("These answers were sent before, and differ from what was kept then."))
    return found
