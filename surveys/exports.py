"""Lists of surveys to take away: waves, results, and answers without anything of a person.

The answers are one row each of single people, so their small counts must not tell what the results
hide: an answer that is hidden in the results is "[c]" here too, and so are all answers of a
question where only together they would give it away. Only standard questions go out (own ones may
ask what somebody is), nothing that was written, no day, no way, no order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock, exports
from core.exports import Column, ColumnType, Export
from core.exports.disclosure import HIDDEN
from programmes.models import Location, Programme
from surveys.choices import WaveState
from surveys.limits import LEAST_BASE
from surveys.models import Question, Reply, Wave
from surveys.selectors.figures import Share, WaveResults
from surveys.selectors.lists import lines_of
from surveys.selectors.results import results_of
from surveys.wording import Asked, questions_of

SCOPES = (Programme, Location)
DIGITS = 4


def _in(scope: Programme | Location) -> dict[str, Any]:
    if isinstance(scope, Location):
        return {"survey__location": scope}
    return {"survey__location__programme": scope}


def _waves(user: Any, scope: Programme | Location, permission: str = Permission.EXPORT) -> Any:
    return (
        Wave.objects.filter(**_in(scope))
        .visible_to(user, permission)
        .visible_to(user, Permission.EXPORT)
        .select_related("survey__location")
        .order_by("survey__location__name", "survey__title", "survey", "number")
    )


_WHERE = (
    Column(
        key="location",
        title=_("Location"),
        description=_("The town that asks."),
        value=lambda row: row.wave.survey.location.name,
    ),
    Column(
        key="survey",
        title=_("Survey"),
        description=_("The survey's title."),
        value=lambda row: row.wave.survey.title,
    ),
    Column(
        key="wave",
        title=_("Wave"),
        description=_("The wave's number, from 1, within its survey."),
        type=ColumnType.INTEGER,
        value=lambda row: row.wave.number,
    ),
)

WAVES = Export(
    key="surveys.waves",
    title=_("Survey waves"),
    description=_("When and how each wave asked, and how many answered."),
    model=Wave,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_waves,
    prepare=lines_of,
    order=60,
    columns=(
        *_WHERE,
        Column(
            key="opens_on",
            title=_("First day"),
            description=_("First day on which it could be answered."),
            type=ColumnType.DATE,
            value="wave.opens_on",
        ),
        Column(
            key="closes_on",
            title=_("Last day"),
            description=_("Last day on which it could be answered."),
            type=ColumnType.DATE,
            value="wave.closes_on",
        ),
        Column(
            key="mode",
            title=_("How people answer"),
            description=_("Open link, single-use codes or paper only."),
            value="wave.get_mode_display",
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("Where it stands on the day the list was made."),
            value="state_label",
        ),
        Column(
            key="answers",
            title=_("Answers"),
            description=_("How many people have answered."),
            type=ColumnType.INTEGER,
        ),
        Column(
            key="invited",
            title=_("Asked"),
            description=_("How many were asked; empty where nobody can tell."),
            type=ColumnType.INTEGER,
            value="wave.invited",
        ),
        Column(
            key="wording_hash",
            title=_("Digest of the wording"),
            description=_("Sha-256 of the locked questions: the same where the same was asked."),
            value="wave.wording_hash",
        ),
        Column(
            key="is_demonstration",
            title=_("Demonstration"),
            description=_("Whether it is made up."),
            type=ColumnType.YES_NO,
            value="wave.is_demonstration",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One figure of a wave's results."""

    wave: Wave
    code: str
    question: str
    answer: str
    figure: Share
    is_measure: bool

    @property
    def state(self) -> str:
        """Whether the figure is shown, hidden, or of too few answers."""
        return self.figure.state


def result_rows(waves: list[Wave]) -> Iterator[ResultRow]:
    """Yield every figure of finished waves: what is reported, then each answer."""
    for wave in waves:
        yield from rows_of(wave, results_of(wave))


def rows_of(wave: Wave, results: WaveResults) -> Iterator[ResultRow]:
    """Yield the figures of one wave."""
    for measure in results.measures:
        yield ResultRow(wave, measure.code, measure.title, "", measure.figure, True)
    for question in results.questions:
        for line in question.lines:
            yield ResultRow(wave, question.code, question.wording, line.label, line.figure, False)


def _rounded(name: str) -> Any:
    def value(row: ResultRow) -> float | None:
        number = getattr(row.figure, name)
        return None if number is None else round(number, DIGITS)

    return value


RESULTS = Export(
    key="surveys.results",
    title=_("Survey results"),
    description=_(
        "Every figure of finished waves with its base and interval. Counts of 1 to 9 are hidden, "
        "with others that would give them away; under 50 answers there is no figure."
    ),
    model=Wave,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_waves,
    prepare=result_rows,
    chunk=50,
    order=61,
    columns=(
        *_WHERE,
        Column(key="code", title=_("Question"), description=_("The question's identifier.")),
        Column(
            key="question",
            title=_("Wording"),
            description=_("The question as asked, or what is reported of it."),
        ),
        Column(
            key="is_measure",
            title=_("Reported"),
            description=_("Whether it is the figure reported of the question."),
            type=ColumnType.YES_NO,
        ),
        Column(
            key="answer",
            title=_("Answer"),
            description=_("The answer; empty for what is reported."),
        ),
        Column(
            key="base",
            title=_("Base"),
            description=_("How many answered the question."),
            type=ColumnType.INTEGER,
            value="figure.base",
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("Shown, hidden to protect privacy, or too few answers."),
            choices=(
                ("shown", _("the figure stands in this row")),
                ("hidden", _("hidden to protect privacy")),
                ("too_few", _("a base under 50: no figure")),
            ),
        ),
        Column(
            key="count",
            title=_("Count"),
            description=_("How many said so; empty where it is not shown."),
            type=ColumnType.INTEGER,
            value="figure.count",
        ),
        Column(
            key="share",
            title=_("Share"),
            description=_("Of the base, from 0 to 1."),
            type=ColumnType.DECIMAL,
            value=_rounded("share"),
        ),
        Column(
            key="low",
            title=_("Interval from"),
            description=_("Lower end of the 95% Wilson interval of the share."),
            type=ColumnType.DECIMAL,
            value=_rounded("low"),
        ),
        Column(
            key="high",
            title=_("Interval to"),
            description=_("Upper end of the 95% Wilson interval of the share."),
            type=ColumnType.DECIMAL,
            value=_rounded("high"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer of one unknown person; ``person`` joins the answers of the same sheet."""

    wave: Wave
    person: str
    question: str
    wording: str
    answer: str
    score: int | None


def _replies(user: Any, scope: Programme | Location) -> Any:
    """Return the replies to standard questions in finished waves with enough answers."""
    on = clock.today()
    waves = [
        line.wave.pk
        for line in lines_of(list(_waves(user, scope, Permission.DATA_READ)))
        if line.wave.state_on(on) == WaveState.FINISHED and line.answers >= LEAST_BASE
    ]
    standard = Question.objects.filter(location=None).exclude(options=[]).values("code")
    return (
        Reply.objects.filter(submission__wave__in=waves, question__in=standard)
        .exclude(value="")
        .select_related("submission__wave__survey__location")
        .defer("text", "shown_text")
        .order_by("submission__wave", "question", "pk")
    )


class _Masks:
    """Which answers of a wave must not stand in a row, by question."""

    def __init__(self, wave: Wave) -> None:
        results = results_of(wave)
        self.asked: dict[str, Asked] = {one.code: one for one in questions_of(wave)}
        self.hidden: dict[str, frozenset[str]] = {}
        score_hidden = results.score is not None and results.score.high.figure.state == "hidden"
        for question in results.questions:
            every = frozenset(line.value for line in question.lines)
            not_shown = frozenset(
                line.value for line in question.lines if line.figure.state != "shown"
            )
            if score_hidden and self.asked[question.code].strand:
                not_shown = every  # the score could be worked out from all seven
            self.hidden[question.code] = not_shown


def answer_rows(replies: list[Reply]) -> Iterator[AnswerRow]:
    """Yield the answers with hidden ones masked."""
    masks: dict[Any, _Masks] = {}
    for reply in replies:
        wave = reply.submission.wave
        if wave.pk not in masks:
            masks[wave.pk] = _Masks(wave)
        mask = masks[wave.pk]
        asked = mask.asked[reply.question]
        option = next((one for one in asked.options if one.value == reply.value), None)
        masked = option is None or reply.value in mask.hidden[reply.question]
        yield AnswerRow(
            wave=wave,
            person=_person(reply),
            question=asked.code,
            wording=asked.wording,
            answer=HIDDEN if masked or option is None else option.label,
            score=None if masked or option is None else option.score,
        )


def _person(reply: Reply) -> str:
    """Return a number for the person that leads nowhere else: keyed, and of this list only."""
    key = str(reply.submission_id)
    return salted_hmac("surveys.answers", key, algorithm="sha256").hexdigest()[:12]


ANSWERS = Export(
    key="surveys.answers",
    title=_("Survey answers, depersonalised"),
    description=_(
        "The answers to standard questions in finished waves with 50 answers or more, for "
        "research. No text, day or order of arrival. Do not publish a count under 10 that you "
        "make from it."
    ),
    model=Reply,
    scopes=SCOPES,
    permissions=(Permission.EXPORT, Permission.DATA_READ),
    queryset=_replies,
    prepare=answer_rows,
    chunk=20000,
    order=62,
    columns=(
        *_WHERE,
        Column(
            key="person",
            title=_("Person"),
            description=_("Joins the answers of one person in this list; leads nowhere else."),
        ),
        Column(key="question", title=_("Question"), description=_("The question's identifier.")),
        Column(key="wording", title=_("Wording"), description=_("The question as asked.")),
        Column(
            key="answer",
            title=_("Answer"),
            description=_("The chosen answer; [c] where it is hidden to protect privacy."),
        ),
        Column(
            key="score",
            title=_("Score"),
            description=_("What the answer adds to the seven-strand score; empty elsewhere."),
            type=ColumnType.INTEGER,
        ),
    ),
)


def register() -> None:
    """Make the lists known."""
    for export in (WAVES, RESULTS, ANSWERS):
        exports.register(export)
