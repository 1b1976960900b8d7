"""The one figure that stands for a location's surveys on the board, for many locations at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from core import clock
from programmes.models import Location
from surveys.choices import QuestionKind
from surveys.models import Reply, Wave
from surveys.selectors.comparison import change_between
from surveys.selectors.figures import Measure, Share
from surveys.selectors.results import counted_share
from surveys.wording import Asked, questions_of

HEADLINE = "safe-after-dark"
"""How safe people feel walking alone after dark: asked in every survey that uses the bank."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The share of the newest finished wave, and whether it changed since the one before.

    ``verdict`` is clear_change, no_clear_change, too_early or not_comparable, as ``compare`` says;
    ``compared`` says whether there was anything to compare with.
    """

    wave: Wave
    title: str
    figure: Share
    verdict: str
    compared: bool


def headlines(locations: Sequence[Location], on: dt.date | None = None) -> dict[UUID, Headline]:
    """Return the headline of each location that has a finished wave; two queries, however many."""
    waves = _newest(locations, on or clock.today())
    counts = _counts([wave for several in waves.values() for wave in several])
    found = {}
    for location_id, several in waves.items():
        asked = [(wave, _asked(wave)) for wave in several]
        latest, question = asked[0]
        if question is None:
            continue
        figure = _share(question, counts[latest.pk])
        verdict, compared = "too_early", False
        title = question.measure or question.wording
        if len(asked) > 1 and (before := asked[1][1]) is not None:
            earlier = _share(before, counts[asked[1][0].pk])
            change = change_between(
                Measure(HEADLINE, title, figure),
                Measure(HEADLINE, title, earlier),
                same=before.digest == question.digest,
            )
            verdict, compared = change.verdict, change.verdict != "not_comparable"
        found[location_id] = Headline(latest, title, figure, verdict, compared)
    return found


def _newest(locations: Sequence[Location], on: dt.date) -> dict[UUID, list[Wave]]:
    """Return the two newest finished waves of the newest survey at each location."""
    rows = (
        Wave.objects.finished(on)
        .filter(survey__location__in=list(locations))
        .select_related("survey__location")
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=["survey__location"],
                order_by=["-closes_on", "-number"],
            )
        )
        .filter(place__lte=2)
        .order_by("survey__location", "place")
    )
    found: dict[UUID, list[Wave]] = defaultdict(list)
    for wave in rows:
        several = found[wave.survey.location_id]
        if not several or several[0].survey_id == wave.survey_id:
            several.append(wave)
    return found


def _counts(waves: Sequence[Wave]) -> Mapping[UUID, dict[str, int]]:
    rows = (
        Reply.objects.filter(submission__wave__in=[wave.pk for wave in waves], question=HEADLINE)
        .order_by()
        .values_list("submission__wave", "value")
        .annotate(n=Count("*"))
    )
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for wave, value, n in rows:
        counts[wave][value] = n
    return counts


def _asked(wave: Wave) -> Asked | None:
    return next(
        (
            one
            for one in questions_of(wave)
            if one.code == HEADLINE and one.counted and one.kind != QuestionKind.SEVERAL
        ),
        None,
    )


def _share(question: Asked, counts: Mapping[str, int]) -> Share:
    values = {option.value: counts.get(option.value, 0) for option in question.options}
    return counted_share(question, values)
