"""The figures of a wave: counted in SQL, then masked, in one place for every use of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import fmean, quantiles
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from core import clock
from core.statistics.proportions import wilson_interval
from surveys.choices import QuestionKind, WaveState
from surveys.limits import FINE_MEAN_BASE, LEAST_BASE
from surveys.models import Reply, Submission, Wave
from surveys.selectors.figures import (
    AnswerLine,
    Measure,
    Numbers,
    QuestionResult,
    Share,
    StrandScore,
    WaveResults,
)
from surveys.selectors.masking import hidden_cells
from surveys.wording import Asked, questions_of

STRANDS = 7
HIGH_SCORE = 11
SCORE_CODE = "asb-score-high"
_ALL, _COUNTED, _REST = "=all", "=counted", "=rest"


def results_of(wave: Wave) -> WaveResults:
    """Return the figures of a wave on the business date; five queries at most, three for most.

    There are figures once the wave is finished: while it runs an answer more or less would betray
    what one person said. Nothing depends on who asks.
    """
    finished = wave.state_on(clock.today()) == WaveState.FINISHED
    by_way = {
        row["way"]: row["n"]
        for row in Submission.objects.filter(wave=wave)
        .order_by()
        .values("way")
        .annotate(n=Count("*"))
    }
    answers = sum(by_way.values())
    ready = finished and answers > 0
    counted = _counted(wave) if ready else {}
    questions = questions_of(wave) if ready else ()
    bases = _bases(wave, questions, counted)
    numbers = _numbers(wave) if any(q.kind == QuestionKind.NUMBER for q in questions) else {}
    return WaveResults(
        wave=str(wave.pk),
        survey=str(wave.survey_id),
        location=wave.survey.location.slug,
        title=wave.survey.title,
        number=wave.number,
        mode=wave.mode,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        wording_hash=wave.wording_hash,
        state="ready" if ready else "none" if finished else "running",
        answers=answers,
        invited=wave.invited,
        by_way=by_way,
        questions=tuple(
            _question(
                one,
                counted.get(one.code, {}),
                base=bases.get(one.code, 0),
                answers=answers,
                numbers=numbers.get(one.code, []),
            )
            for one in questions
        ),
        score=_score(wave, questions),
    )


def _counted(wave: Wave) -> dict[str, dict[str, int]]:
    """Return how often each value was given to each question; written answers under ""."""
    rows = (
        Reply.objects.filter(submission__wave=wave)
        .order_by()
        .values_list("question", "value")
        .annotate(n=Count("*"))
    )
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for question, value, n in rows:
        counted[question][value] = n
    return counted


def _bases(
    wave: Wave, questions: Sequence[Asked], counted: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """Return how many people answered each question; where several answers count, they are asked.

    Everything else has one row a person.
    """
    bases = {one.code: sum(counted.get(one.code, {}).values()) for one in questions}
    several = [one.code for one in questions if one.kind == QuestionKind.SEVERAL]
    if several:
        rows = Reply.objects.filter(submission__wave=wave, question__in=several).order_by()
        counts = rows.values_list("question").annotate(n=Count("submission", distinct=True))
        bases.update(dict(counts))
    return bases


def _numbers(wave: Wave) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = defaultdict(list)
    rows = Reply.objects.filter(submission__wave=wave, number__isnull=False).order_by()
    for question, number in rows.values_list("question", "number"):
        found[question].append(number)
    return found


def _question(
    one: Asked,
    counted: Mapping[str, int],
    *,
    base: int,
    answers: int,
    numbers: Sequence[Decimal],
) -> QuestionResult:
    values = [option.value for option in one.options]
    figures = table_of(one, {value: counted.get(value, 0) for value in values}, base)
    return QuestionResult(
        code=one.code,
        edition=one.edition,
        digest=one.digest,
        topic=one.topic,
        wording=one.wording,
        kind=one.kind,
        base=base,
        left_out=answers - base,
        lines=tuple(AnswerLine(o.value, o.label, figures[o.value]) for o in one.options),
        measure=Measure(one.code, one.measure or one.wording, figures[_COUNTED])
        if one.counted and one.kind != QuestionKind.SEVERAL
        else None,
        numbers=_summary(one, counted, numbers),
    )


def table_of(one: Asked, counts: Mapping[str, int], base: int) -> dict[str, Share]:
    """Return each answer's figure and that of the answers that count, masked together."""
    values = list(counts)
    if base < LEAST_BASE:
        return dict.fromkeys([*values, _COUNTED], Share(base, "too_few"))
    cells: dict[str, int] = {**counts, _ALL: base}
    totals: list[tuple[str, list[str]]] = []
    if one.kind == QuestionKind.SEVERAL:  # each answer against those who did not choose it
        for value in values:
            cells[f"={value}"] = base - counts[value]
            totals.append((_ALL, [value, f"={value}"]))
        cells[_COUNTED] = 0
    else:
        counted = [option.value for option in one.counted]
        rest = [value for value in values if value not in counted]
        cells[_COUNTED] = sum(counts[value] for value in counted)
        cells[_REST] = sum(counts[value] for value in rest)
        totals = [(_ALL, values), (_ALL, [_COUNTED, _REST]), (_COUNTED, counted), (_REST, rest)]
    hidden = hidden_cells(cells, totals)
    return {name: _figure(cells[name], base, name in hidden) for name in [*values, _COUNTED]}


def counted_share(one: Asked, counts: Mapping[str, int]) -> Share:
    """Return the figure of the answers that count, masked with the others of the question."""
    return table_of(one, counts, sum(counts.values()))[_COUNTED]


def _figure(count: int, base: int, hidden: bool) -> Share:
    if hidden:
        return Share(base, "hidden")
    interval = wilson_interval(count, base)
    return Share(base, "shown", count, count / base, interval.low, interval.high)


def _summary(one: Asked, counted: Mapping[str, int], numbers: Sequence[Decimal]) -> Numbers | None:
    if one.kind == QuestionKind.SCALE:
        values = [float(value) for value, n in counted.items() for _one in range(n)]
    elif one.kind == QuestionKind.NUMBER:
        values = [float(value) for value in numbers]
    else:
        return None
    return numbers_of(values)


def numbers_of(values: Sequence[float]) -> Numbers:
    """Return mean, median and middle half; nothing of a base under 50."""
    if len(values) < LEAST_BASE:
        return Numbers(len(values))
    lower, middle, upper = quantiles(values, n=4, method="inclusive")
    digits = 1 if len(values) >= FINE_MEAN_BASE else 0
    return Numbers(len(values), round(fmean(values), digits), middle, lower, upper)


def _score(wave: Wave, questions: Sequence[Asked]) -> StrandScore | None:
    strands = [one for one in questions if one.strand]
    if len(strands) != STRANDS:
        return None
    return score_of(_scores(wave, strands))


def _scores(wave: Wave, strands: Sequence[Asked]) -> list[int]:
    """Return the score of everybody who answered all seven."""
    points = {(one.code, o.value): o.score or 0 for one in strands for o in one.options}
    sums: Counter[UUID] = Counter()
    given: Counter[UUID] = Counter()
    rows = Reply.objects.filter(
        submission__wave=wave, question__in=[one.code for one in strands]
    ).order_by()
    for submission, question, value in rows.values_list("submission", "question", "value"):
        sums[submission] += points.get((question, value), 0)
        given[submission] += 1
    return [sums[key] for key, n in given.items() if n == STRANDS]


def score_of(scores: Sequence[int]) -> StrandScore:
    """Return the share of high scores and the mean, masked."""
    base = len(scores)
    title = _("See a high level of anti-social behaviour (score of 11 or more out of 21)")
    if base < LEAST_BASE:
        return StrandScore(base, Measure(SCORE_CODE, title, Share(base, "too_few")), Numbers(base))
    high = sum(score >= HIGH_SCORE for score in scores)
    cells = {"high": high, "rest": base - high, "all": base}
    hidden = hidden_cells(cells, [("all", ["high", "rest"])])
    figure = _figure(high, base, "high" in hidden)
    return StrandScore(base, Measure(SCORE_CODE, title, figure), numbers_of(scores))


def answers_so_far(waves: Sequence[Any]) -> dict[UUID, int]:
    """Return how many have answered each wave, in one query."""
    rows = Submission.objects.filter(wave__in=[wave.pk for wave in waves]).order_by()
    return dict(rows.values_list("wave").annotate(n=Count("*")))
