"""What residents read on the public page: nothing that was not published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from core import clock
from delivery.choices import ActionState, AnswerKind, ConcernState
from delivery.models import Answer, Concern, Priority, PublicPage, SafeguardingMessage
from delivery.selectors.voice import WAITING, VoiceCounts, voice_counts
from delivery.voice_words import digest_of_code
from programmes.models import Location

ANSWERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """One answer as published: to what, when, and whether it was possible."""

    did: bool
    about: str
    text: str
    place: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class PublicPriority:
    """One priority as published, with how many asked for it and what is being done."""

    title: str
    doing: str
    place: str
    agreed_on: dt.date
    asked: int
    under_way: int
    done: int


@dataclass(frozen=True, slots=True)
class PublicPromise:
    """Something heard, published and not answered yet."""

    about: str
    kind: str
    place: str
    heard_on: dt.date
    answer_by: dt.date | None


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything on a public page that the voice brings."""

    priorities: tuple[PublicPriority, ...]
    answers: tuple[PublicAnswer, ...]
    more_answers: int
    promises: tuple[PublicPromise, ...]
    counts: VoiceCounts


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody is told who looks up their reference."""

    heard_on: dt.date
    answer_by: dt.date | None
    state: str
    note: str
    answers: tuple[PublicAnswer, ...]


def open_page(slug: str, on: dt.date | None = None) -> PublicPage | None:
    """Return a location's public page if it is open on a day, else None."""
    rows = PublicPage.objects.filter(location__slug=slug).select_related("location__programme")
    page: PublicPage | None = rows.first()
    return page if page is not None and page.is_open_on(on or clock.today()) else None


def page_of(location: Location) -> PublicPage | None:
    """Return a location's public page, open or not; None where it never was open."""
    found: PublicPage | None = PublicPage.objects.filter(location=location).first()
    return found


def public_view(location: Location) -> PublicView:
    """Return what the public page shows (a fixed number of queries)."""
    answers = _published_answers(location)
    return PublicView(
        priorities=tuple(_priority(row) for row in _published_priorities(location)),
        answers=tuple(_answer(row) for row in answers[:ANSWERS_SHOWN]),
        more_answers=max(0, answers.count() - ANSWERS_SHOWN),
        promises=tuple(
            PublicPromise(
                about=row.public_text,
                kind=row.get_kind_display(),
                place=_name(row.target_place),
                heard_on=row.heard_on,
                answer_by=row.answer_by,
            )
            for row in Concern.objects.filter(
                location=location, state__in=WAITING, published_on__isnull=False
            )
            .select_related("target_place")
            .order_by("answer_by", "heard_on")[:ANSWERS_SHOWN]
        ),
        counts=voice_counts(location),
    )


def all_answers(location: Location) -> list[PublicAnswer]:
    """Return every published answer, newest first."""
    return [_answer(row) for row in _published_answers(location)]


def reply_to(location: Location, code: str) -> Reply | None:
    """Return what to say to whoever gives a reference; None if there is none like it here.

    Of what is not taken further the reason is told; what was moved to safeguarding reads like
    something that was read and is not shown, because others may look over a shoulder.
    """
    digest = digest_of_code(code)
    if not digest:
        return None
    rows = Concern.objects.filter(location=location, code_digest=digest)
    concern: Concern | None = rows.select_related("target_place").first()
    if concern is None:
        return _of_safeguarding(location, digest)
    answers = Answer.objects.filter(
        concern=concern, published_on__isnull=False, withdrawn_on__isnull=True
    )
    told = [*answers.select_related("concern__target_place", "priority__target_place")]
    if concern.priority_id:
        told += _published_answers(location).filter(priority=concern.priority_id)
    return Reply(
        heard_on=concern.heard_on,
        answer_by=concern.answer_by,
        state=concern.state,
        note=concern.not_taken_note,
        answers=tuple(_answer(row) for row in told),
    )


def _of_safeguarding(location: Location, digest: str) -> Reply | None:
    message = SafeguardingMessage.objects.filter(location=location, code_digest=digest).first()
    if message is None:
        return None
    return Reply(
        heard_on=message.received_on,
        answer_by=None,
        state=ConcernState.NOT_PUBLISHED,
        note="",
        answers=(),
    )


def _published_answers(location: Location) -> Any:
    return (
        Answer.objects.filter(
            location=location, published_on__isnull=False, withdrawn_on__isnull=True
        )
        .select_related("concern__target_place", "priority__target_place")
        .order_by("-answered_on", "-created_at")
    )


def _published_priorities(location: Location) -> Any:
    joined = Concern.objects.only("pk", "priority_id")
    return (
        Priority.objects.filter(
            location=location, published_on__isnull=False, ended_on__isnull=True
        )
        .select_related("target_place")
        .prefetch_related("actions", Prefetch("concerns", queryset=joined))
        .order_by("-agreed_on", "title")
    )


def _priority(row: Priority) -> PublicPriority:
    states = [action.state for action in row.actions.all()]
    return PublicPriority(
        title=row.title,
        doing=row.doing,
        place=_name(row.target_place),
        agreed_on=row.agreed_on,
        asked=len(row.concerns.all()),
        under_way=sum(state not in (ActionState.DONE, ActionState.DROPPED) for state in states),
        done=sum(state == ActionState.DONE for state in states),
    )


def _answer(row: Answer) -> PublicAnswer:
    """Tell an answer; what was said is quoted only while it is published itself."""
    about, place = "", None
    if row.priority is not None and row.priority.published_on is not None:
        about, place = row.priority.title, row.priority.target_place
    elif row.concern is not None and row.concern.published_on is not None:
        about, place = row.concern.public_text, row.concern.target_place
    return PublicAnswer(
        did=row.kind == AnswerKind.DID,
        about=about,
        text=row.text,
        place=_name(place),
        on=row.answered_on,
    )


def _name(place: Any) -> str:
    return place.name if place is not None else ""
