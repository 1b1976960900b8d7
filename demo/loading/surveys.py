"""Surveys of the demonstration: made by the services on their days, answers drawn with a seed."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from core import clock
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.models import Location
from surveys.charts import draw_chart
from surveys.choices import QuestionKind, TextState, WaveMode, Way
from surveys.models import AnswerCode, Question, Reply, Submission, Survey, Wave
from surveys.services import bank, codes, surveys, waves
from surveys.wording import Asked, questions_of

SEED = 20240219
Entry = dict[str, Any]
Rows = tuple[list[Submission], list[Reply]]


def parts() -> Iterator[Part]:
    """Yield the surveys."""
    yield Part("surveys", "Surveys and their answers", is_there, load)


def story() -> dict[str, list[Entry]]:
    """Return what the story says."""
    with (STORY / "surveys.toml").open("rb") as file:
        return tomllib.load(file)


def is_there() -> bool:
    """Say whether it was loaded (all in one transaction)."""
    wanted = [identity("wave", entry["key"]) for entry in story()["waves"]]
    return Wave.objects.filter(pk__in=wanted).count() == len(wanted)


@transaction.atomic
def load() -> None:
    """Make questions, surveys and waves in the order of their days, and their answers."""
    told = story()
    bank.ensure_questions()
    for entry in told["questions"]:
        _question(entry)
    for entry in told["surveys"]:
        _survey(entry)
    for entry in sorted(told["waves"], key=lambda one: one["made_on"]):
        _wave(entry)


def _question(entry: Entry) -> None:
    with clock.business_date(entry["on"]):
        bank.add_question(
            id=identity("question", entry["key"]),
            location=Location.objects.get(slug=entry["location"]),
            wording=entry["wording"],
            kind=entry["kind"],
            labels=entry["labels"],
            topic=entry["topic"],
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _survey(entry: Entry) -> None:
    standard = list(Question.objects.filter(location=None).newest().order_by("order"))
    keys = [identity("question", key) for key in entry.get("own", [])]
    own = list(Question.objects.filter(pk__in=keys).select_related("location"))
    with clock.business_date(entry["on"]):
        surveys.make_survey(
            id=identity("survey", entry["key"]),
            location=Location.objects.select_related("programme").get(slug=entry["location"]),
            title=entry["title"],
            purpose=entry["purpose"],
            asked_by=entry["asked_by"],
            contact=entry.get("contact", ""),
            questions=[*standard[:-1], *own, *standard[-1:]],  # what they write comes last
            by=user_of(entry["by"]),
            demonstration=True,
        )


def _wave(entry: Entry) -> None:
    by = user_of(entry["by"])
    with clock.business_date(entry["made_on"]):
        wave = waves.open_wave(
            id=identity("wave", entry["key"]),
            survey=Survey.objects.get(pk=identity("survey", entry["survey"])),
            mode=entry["mode"],
            opens_on=entry["opens_on"],
            closes_on=entry["closes_on"],
            invited=entry.get("invited"),
            reach=entry.get("reach", ""),
            code=entry["code"],
            by=by,
            demonstration=True,
        )
        if wave.mode == WaveMode.CODES:
            codes.make_codes(wave=wave, number=entry["codes"], by=by)
    submissions, replies = draw(entry, wave, by)
    Submission.objects.bulk_create(submissions, batch_size=2000)
    Reply.objects.bulk_create(replies, batch_size=5000)
    if wave.mode == WaveMode.CODES:
        first = AnswerCode.objects.filter(wave=wave).order_by("pk")[: len(submissions)]
        AnswerCode.objects.filter(pk__in=first.values("pk")).update(used=True)
    if "finished_on" in entry:
        with clock.business_date(entry["finished_on"]):
            wave = waves.finish_wave(wave=wave, version=wave.version, by=by)
            draw_chart(wave)
    if "released_on" in entry:
        with clock.business_date(entry["released_on"]):
            waves.release_wave(
                wave=wave, version=wave.version, words=entry["released_words"], by=by
            )


def draw(entry: Entry, wave: Wave, by: Any) -> Rows:
    """Return the answers of a wave: exactly the story's counts, spread over made-up people.

    Somebody who worries about one thing is likely to worry about another: each person has a leaning
    by which, with chance, the graver answers are given out.
    """
    luck = random.Random(f"{SEED}/{entry['key']}")  # noqa: S311  # a fixed draw, no secret
    n = entry["answers"]
    ids = [uuid.UUID(int=luck.getrandbits(128), version=4) for _one in range(n)]
    leanings = [luck.gauss(0, 1) for _one in range(n)]
    submissions = _submissions(entry, wave, by, ids, luck)
    replies: list[Reply] = []
    for asked in questions_of(wave):
        if asked.kind == QuestionKind.TEXT:
            replies += _texts(entry, asked, ids, luck)
        elif asked.kind == QuestionKind.SEVERAL:
            replies += _several(entry, asked, ids, luck)
        else:
            replies += _chosen(entry, asked, ids, leanings, luck)
    return submissions, replies


def _submissions(
    entry: Entry, wave: Wave, by: Any, ids: list[uuid.UUID], luck: random.Random
) -> list[Submission]:
    last = min(wave.closes_on, clock.today())
    days = (last - wave.opens_on).days + 1
    sheets = [
        (batch, number)
        for batch, many in entry.get("paper", {}).items()
        for number in range(1, many + 1)
    ]
    made = []
    for place, key in enumerate(ids):
        on = wave.opens_on + dt.timedelta(days=int(days * luck.random() ** 1.5))
        paper = sheets[place] if place < len(sheets) else None
        made.append(
            Submission(
                pk=key,
                wave=wave,
                answered_on=on,
                way=Way.PAPER if paper else Way.ONLINE,
                batch=paper[0] if paper else "",
                sheet=paper[1] if paper else None,
                entered_by=by if paper else None,
            )
        )
    return made


def _chosen(
    entry: Entry, asked: Asked, ids: list[uuid.UUID], leanings: list[float], luck: random.Random
) -> list[Reply]:
    counts = entry["counts"][asked.code]
    values = [option.value for option in asked.options]
    people = list(range(len(ids)))
    left_out = set(luck.sample(people, len(ids) - sum(counts)))
    # The first answer of a strand is the gravest, of the other questions the mildest.
    sign = -1 if asked.code.startswith("asb-") else 1
    order = sorted(
        (person for person in people if person not in left_out),
        key=lambda person: sign * (leanings[person] + luck.gauss(0, 0.8)),
    )
    given = [value for value, many in zip(values, counts, strict=True) for _one in range(many)]
    return [
        Reply(
            pk=uuid.UUID(int=luck.getrandbits(128), version=4),
            submission_id=ids[person],
            question=asked.code,
            value=value,
        )
        for person, value in zip(order, given, strict=True)
    ]


def _several(entry: Entry, asked: Asked, ids: list[uuid.UUID], luck: random.Random) -> list[Reply]:
    counts = entry["counts"]["would-help"]
    return [
        Reply(
            pk=uuid.UUID(int=luck.getrandbits(128), version=4),
            submission_id=key,
            question=asked.code,
            value=option.value,
        )
        for option, many in zip(asked.options, counts, strict=True)
        for key in luck.sample(ids, many)
    ]


def _texts(entry: Entry, asked: Asked, ids: list[uuid.UUID], luck: random.Random) -> list[Reply]:
    return [
        Reply(
            pk=uuid.UUID(int=luck.getrandbits(128), version=4),
            submission_id=key,
            question=asked.code,
            text=text,
            text_state=TextState.KEPT if place < entry["texts_read"] else TextState.WAITING,
            shown_text=text if place < entry["texts_read"] else "",
        )
        for place, (key, text) in enumerate(
            zip(luck.sample(ids, len(entry["texts"])), entry["texts"], strict=True)
        )
    ]
