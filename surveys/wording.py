"""Questions as a wave asks them: locked with a digest, and compared between waves.

A wave keeps plain copies of its questions. ``code`` tells which question of the bank each one is;
``digest`` covers all that a person reads and chooses from, and how the answers are scored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.records import digest as digest_of
from surveys.choices import QuestionKind
from surveys.models import Question, Wave

SCALE_POINTS = 11
CHOSEN_KINDS = (QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.SCALE)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; ``counts`` says that it belongs to what is reported."""

    value: str
    label: str
    score: int | None
    counts: bool


@dataclass(frozen=True)
class Asked:
    """One question as it was asked."""

    code: str
    edition: int
    topic: str
    wording: str
    hint: str
    kind: str
    options: tuple[Option, ...]
    measure: str
    strand: bool

    @cached_property
    def digest(self) -> str:
        """The digest of what people read and choose from; the edition's number is not in it."""
        return digest_of(
            [
                self.code,
                self.topic,
                self.wording,
                self.hint,
                self.kind,
                [[one.value, one.label, one.score, one.counts] for one in self.options],
            ]
        )

    @property
    def is_chosen(self) -> bool:
        """Whether answers are chosen from a list."""
        return self.kind in CHOSEN_KINDS

    @property
    def counted(self) -> tuple[Option, ...]:
        """The answers whose share is reported."""
        return tuple(option for option in self.options if option.counts)


def options_of(kind: str, options: Iterable[dict[str, Any]]) -> tuple[Option, ...]:
    """Return a question's answers; those of a scale are its points."""
    if kind == QuestionKind.SCALE:
        return tuple(Option(str(n), str(n), n, False) for n in range(SCALE_POINTS))
    if kind not in CHOSEN_KINDS:
        return ()
    return tuple(
        Option(one["value"], one["label"], one.get("score"), bool(one.get("counts")))
        for one in options
    )


def asked(question: Question) -> Asked:
    """Return a question of the bank as it would be asked now."""
    return Asked(
        code=question.code,
        edition=question.edition,
        topic=question.topic,
        wording=question.wording,
        hint=question.hint,
        kind=question.kind,
        options=options_of(question.kind, question.options),
        measure=question.measure,
        strand=question.strand,
    )


def lock(questions: Iterable[Question]) -> tuple[list[dict[str, Any]], str]:
    """Return what a wave keeps of its questions, and the digest of it all, order included."""
    now = [asked(question) for question in questions]
    kept = [
        {
            "code": one.code,
            "edition": one.edition,
            "topic": one.topic,
            "wording": one.wording,
            "hint": one.hint,
            "kind": one.kind,
            "options": [
                {"value": o.value, "label": o.label, "score": o.score, "counts": o.counts}
                for o in one.options
            ],
            "measure": one.measure,
            "strand": one.strand,
            "digest": one.digest,
        }
        for one in now
    ]
    return kept, digest(kept)


def digest(kept: list[dict[str, Any]]) -> str:
    """Return the sha-256 of a locked wording."""
    return digest_of(kept)


def questions_of(wave: Wave) -> tuple[Asked, ...]:
    """Return the questions of a wave, as they were asked."""
    return tuple(
        Asked(
            code=one["code"],
            edition=one["edition"],
            topic=one["topic"],
            wording=one["wording"],
            hint=one["hint"],
            kind=one["kind"],
            options=tuple(
                Option(o["value"], o["label"], o["score"], o["counts"]) for o in one["options"]
            ),
            measure=one["measure"],
            strand=one["strand"],
        )
        for one in wave.wording
    )


def is_untouched(wave: Wave) -> bool:
    """Say whether a wave's wording still has the digest it was locked with."""
    return digest(wave.wording) == wave.wording_hash
