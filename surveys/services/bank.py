"""The question bank: the questions that come with the product, and a programme's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from programmes import policy
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from surveys.choices import QuestionKind
from surveys.models import Question, SurveyQuestion

FILE = Path(__file__).resolve().parent.parent / "standard_questions.json"
FEWEST, MOST = 2, 20


def shipped_questions() -> list[dict[str, Any]]:
    """Read the standard questions as fields of ``Question``, in their order."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return [
        {
            "code": one["code"],
            "edition": one.get("edition", 1),
            "topic": one["topic"],
            "wording": one["wording"],
            "hint": one.get("hint", ""),
            "kind": one.get("kind", QuestionKind.SINGLE.value),
            "options": data["scales"][one["scale"]] if "scale" in one else [],
            "measure": one.get("measure", ""),
            "strand": one.get("strand", False),
            "source": data["sources"][one["source"]],
            "order": place,
        }
        for place, one in enumerate(data["questions"], 1)
    ]


@transaction.atomic
def ensure_questions() -> list[Question]:
    """Store each standard question whose version is not stored yet; return those that are new.

    A stored version is never changed: a new wording is a new version in the file.
    """
    there = set(Question.objects.filter(location=None).values_list("code", "edition"))
    missing = [one for one in shipped_questions() if (one["code"], one["edition"]) not in there]
    with because(reason="Standard questions that come with the product"):
        Question.objects.filter(
            location=None, code__in=[one["code"] for one in missing], replaced=False
        ).update(replaced=True)
        return Question.objects.bulk_create(Question(**one) for one in missing)


def own_options(labels: Sequence[str], counted: int) -> list[dict[str, Any]]:
    """Return the answers of one's own question; the first ``counted`` of them are reported."""
    options: list[dict[str, Any]] = []
    taken: set[str] = set()
    for place, label in enumerate(labels, 1):
        value = slugify(label)[:40] or str(place)
        if value in taken:
            value = f"{value}-{place}"
        taken.add(value)
        options.append(
            {"value": value, "label": label.strip(), "score": None, "counts": place <= counted}
        )
    return options


@transaction.atomic
def add_question(
    *,
    location: Location,
    wording: str,
    kind: str,
    by: Any,
    labels: Sequence[str] = (),
    counted: int = 0,
    measure: str = "",
    hint: str = "",
    topic: str = "",
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Question:
    """Add a question of one's own to the bank; the whole programme can ask it.

    ``labels`` are the answers to choose from, ``counted`` says how many of them, from the first,
    make up the ``measure`` that is reported. Its identifier is made from its words and never
    changes. Raises core.errors.NotAllowed, Refused (no words, too few or many answers, an answer
    twice, a conflicting repeat).
    """
    policy.require(by, Permission.SURVEY_MANAGE, location)
    same = {
        "location": location,
        **_said(
            wording=wording,
            kind=kind,
            labels=labels,
            counted=counted,
            measure=measure,
            hint=hint,
            topic=topic,
        ),
    }
    there = earlier(Question, id, same)
    if there is not None:
        return there
    with because(by=by):
        made, _new = create_once(
            Question,
            id,
            same,
            code=_free_code(wording),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def change_question(
    *,
    question: Question,
    version: int,
    wording: str,
    by: Any,
    labels: Sequence[str] = (),
    counted: int = 0,
    measure: str = "",
    hint: str = "",
    topic: str = "",
) -> Question:
    """Word a question anew: a new version that later waves ask. Waves keep what they asked.

    Surveys that hold the question hold the new version from now on. How it is answered stays.
    Raises core.errors.NotAllowed, Refused (a standard question, an older version), Conflict.
    """
    policy.require(by, Permission.SURVEY_MANAGE, question)
    current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if current.is_standard:
        raise Refused(_("A standard question keeps its words, so that answers can be compared."))
    if current.replaced:
        raise Refused(_("There is a newer version of this question. Change that one."))
    said = _said(
        wording=wording,
        kind=current.kind,
        labels=labels,
        counted=counted,
        measure=measure,
        hint=hint,
        topic=topic,
    )
    if all(getattr(current, name) == value for name, value in said.items()):
        return current
    with because(by=by):
        current.replaced = True
        current.save_version(version, update_fields=["replaced", "version", "updated_at"])
        new = Question.objects.create(
            pk=uuid4(),
            location=current.location,
            code=current.code,
            edition=current.edition + 1,
            order=current.order,
            is_demonstration=current.is_demonstration,
            **said,
        )
        SurveyQuestion.objects.filter(question=current).update(question=new)
    return new


def _said(
    *,
    wording: str,
    kind: str,
    labels: Sequence[str],
    counted: int,
    measure: str,
    hint: str,
    topic: str,
) -> dict[str, Any]:
    chosen = kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL)
    labels = [label.strip() for label in labels if label.strip()] if chosen else []
    if not wording.strip():
        raise Refused(_("Write the question."))
    if chosen and not FEWEST <= len(labels) <= MOST:
        raise Refused(
            _("Give between %(fewest)d and %(most)d answers to choose from.")
            % {"fewest": FEWEST, "most": MOST}
        )
    if len({label.casefold() for label in labels}) < len(labels):
        raise Refused(_("Each answer must differ from the others."))
    if not 0 <= counted < max(len(labels), 1):
        raise Refused(_("Count fewer answers than there are."))
    return {
        "wording": wording.strip(),
        "kind": kind,
        "options": own_options(labels, counted if kind == QuestionKind.SINGLE else 0),
        "measure": measure.strip(),
        "hint": hint.strip(),
        "topic": topic.strip(),
    }


def _free_code(wording: str) -> str:
    stem = "own-" + (slugify(wording)[:40].strip("-") or "question")
    taken = set(Question.objects.filter(code__startswith=stem).values_list("code", flat=True))
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code
