"""Reads what somebody answered: from the public page, a paper sheet or the API, by one rule.

A question is a form field named ``q-<code>``. Nothing has to be answered, but something must be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from surveys.choices import QuestionKind
from surveys.wording import Asked

MOST_LETTERS = 1000
MOST_NUMBER = Decimal("99999999")
PREFIX = "q-"


@dataclass(slots=True)
class Answers:
    """What was read: ``given`` by question code, and what is wrong, by question code.

    A given answer is a value, several values, a number or a text, as its question asks for.
    ``errors`` under "" are about the whole.
    """

    given: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether it can be stored."""
        return not self.errors


def read_answers(questions: Sequence[Asked], sent: Callable[[str], Sequence[str]]) -> Answers:
    """Read answers; ``sent(code)`` returns the texts that came in for a question."""
    read = Answers()
    for one in questions:
        texts = [text for raw in sent(one.code) if (text := str(raw).strip())]
        if not texts:
            continue
        value, error = _READERS[one.kind](one, texts)
        if error:
            read.errors[one.code] = error
        else:
            read.given[one.code] = value
    if not read.given and not read.errors:
        read.errors[""] = _("Answer at least one question")
    return read


def from_form(questions: Sequence[Asked], data: Any) -> Answers:
    """Read a form that was sent (a QueryDict)."""
    return read_answers(questions, lambda code: data.getlist(f"{PREFIX}{code}"))


def from_mapping(questions: Sequence[Asked], given: Mapping[str, Any]) -> Answers:
    """Read a mapping from question code to an answer or a list of answers.

    A code that the wave does not ask is an error under that code.
    """

    def sent(code: str) -> Sequence[str]:
        value = given.get(code, ())
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]

    read = read_answers(questions, sent)
    for code in given.keys() - {one.code for one in questions}:
        read.errors[str(code)] = _("This wave does not ask that")
    return read


def _single(one: Asked, texts: Sequence[str]) -> tuple[Any, str]:
    known = {option.value for option in one.options}
    if len(set(texts)) > 1:
        return None, _("Choose one answer only")
    return (texts[0], "") if texts[0] in known else (None, _("Choose an answer from the list"))


def _several(one: Asked, texts: Sequence[str]) -> tuple[Any, str]:
    known = [option.value for option in one.options]
    if set(texts) - set(known):
        return None, _("Choose answers from the list")
    return [value for value in known if value in texts], ""


def _number(_one: Asked, texts: Sequence[str]) -> tuple[Any, str]:
    try:
        number = Decimal(texts[0].replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None, _("Enter a number, like 12")
    if not number.is_finite() or not 0 <= number <= MOST_NUMBER:
        return None, _("Enter a number from 0 to 99,999,999")
    return number, ""


def _text(_one: Asked, texts: Sequence[str]) -> tuple[Any, str]:
    text = texts[0].replace("\x00", "")
    if len(text) > MOST_LETTERS:
        return None, _("Use %(most)d letters or fewer") % {"most": MOST_LETTERS}
    return text, ""


_READERS: dict[str, Callable[[Asked, Sequence[str]], tuple[Any, str]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.SCALE: _single,
    QuestionKind.SEVERAL: _several,
    QuestionKind.NUMBER: _number,
    QuestionKind.TEXT: _text,
}


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One answer as printed in a form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as printed in a form, with what was typed and what is wrong with it.

    ``number`` counts from 1; ``words`` is the answer in words, for the page that shows it again;
    ``raw`` are the texts as sent, carried on hidden. ``new_topic`` starts a group of questions.
    """

    number: int
    name: str
    asked: Asked
    options: tuple[OptionShown, ...]
    text: str
    error: str
    words: str
    raw: tuple[str, ...]
    new_topic: bool


def shown(questions: Sequence[Asked], data: Any = None, read: Answers | None = None) -> list[Shown]:
    """Return the questions as a form prints them; ``data`` (a QueryDict) is what was typed."""
    found: list[Shown] = []
    topic = ""
    for number, one in enumerate(questions, 1):
        name = f"{PREFIX}{one.code}"
        raw = tuple(text for text in data.getlist(name) if text.strip()) if data else ()
        labels = [option.label for option in one.options if option.value in raw]
        found.append(
            Shown(
                number=number,
                name=name,
                asked=one,
                options=tuple(
                    OptionShown(option.value, option.label, option.value in raw)
                    for option in one.options
                ),
                text="" if one.is_chosen or not raw else raw[0],
                error=read.errors.get(one.code, "") if read else "",
                words="; ".join(labels) if one.is_chosen else (raw[0] if raw else ""),
                raw=raw,
                new_topic=one.topic != topic,
            )
        )
        topic = one.topic
    return found


def replies_of(questions: Sequence[Asked], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that an answer is kept in, as fields of ``Reply``."""
    rows: list[dict[str, Any]] = []
    for one in questions:
        if one.code not in given:
            continue
        value = given[one.code]
        if one.kind == QuestionKind.NUMBER:
            rows.append({"question": one.code, "number": value})
        elif one.kind == QuestionKind.TEXT:
            rows.append({"question": one.code, "text": value})
        else:
            chosen = value if one.kind == QuestionKind.SEVERAL else [value]
            rows += [{"question": one.code, "value": each} for each in chosen]
    return rows
