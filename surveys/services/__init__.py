"""Every write of surveys."""

from surveys.services.answers import check_code, enter_sheet, refuse_closed, submit
from surveys.services.bank import add_question, change_question, ensure_questions
from surveys.services.codes import make_codes
from surveys.services.surveys import change_survey, choose_questions, make_survey
from surveys.services.texts import judge_text, may_read_texts
from surveys.services.waves import (
    change_wave,
    finish_wave,
    forget_codes,
    open_wave,
    release_wave,
    take_back_release,
)

__all__ = [
    "add_question",
    "change_question",
    "change_survey",
    "change_wave",
    "check_code",
    "choose_questions",
    "ensure_questions",
    "enter_sheet",
    "finish_wave",
    "forget_codes",
    "judge_text",
    "make_codes",
    "make_survey",
    "may_read_texts",
    "open_wave",
    "refuse_closed",
    "release_wave",
    "submit",
    "take_back_release",
]
