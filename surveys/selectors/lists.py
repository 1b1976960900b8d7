"""Lists of surveys, waves and questions, and how the fieldwork of a wave stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import clock
from programmes.models import Location
from surveys.choices import WaveState, Way
from surveys.models import AnswerCode, Question, Submission, Survey, Wave
from surveys.selectors.results import answers_so_far


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave with how it stands on the business date and how many have answered."""

    wave: Wave
    state: WaveState
    answers: int

    @property
    def look(self) -> str:
        """The status as the tags of the house know it."""
        return _LOOKS[self.state]

    @property
    def state_label(self) -> str:
        """The status in words."""
        return str(self.state.label)


_LOOKS = {
    WaveState.PLANNED: "not_started",
    WaveState.OPEN: "open",
    WaveState.ENTERING: "in_progress",
    WaveState.FINISHED: "done",
}


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """A survey with its waves, the newest first."""

    survey: Survey
    waves: tuple[WaveLine, ...]


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """How many have answered a wave, online and on paper, of how many asked; codes made and used.

    ``share`` is None where nobody knows how many were asked.
    """

    answers: int
    online: int
    paper: int
    share: float | None
    codes: int
    codes_used: int
    texts_waiting: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A pile of paper sheets: how many are typed in, and the highest number among them."""

    name: str
    sheets: int
    highest: int


def lines_in(waves: QuerySet[Wave]) -> list[WaveLine]:
    """Return the waves of a query with how they stand; that query is the only one."""
    on = clock.today()
    answers = Submission.objects.filter(wave=OuterRef("pk")).order_by().values("wave")
    counted = waves.annotate(
        answers=Coalesce(Subquery(answers.annotate(n=Count("*")).values("n")), 0)
    )
    return [WaveLine(wave, wave.state_on(on), wave.answers) for wave in counted]


def lines_of(waves: Sequence[Wave]) -> list[WaveLine]:
    """Return waves in hand with how they stand; one query."""
    on, counts = clock.today(), answers_so_far(waves)
    return [WaveLine(wave, wave.state_on(on), counts.get(wave.pk, 0)) for wave in waves]


def surveys_of(location: Location) -> list[SurveyLine]:
    """Return a location's surveys with their waves; two queries."""
    surveys = list(Survey.objects.filter(location=location).select_related("location"))
    lines = lines_in(
        Wave.objects.filter(survey__in=surveys)
        .select_related("survey__location")
        .order_by("-number")
    )
    return [
        SurveyLine(survey, tuple(line for line in lines if line.wave.survey_id == survey.pk))
        for survey in surveys
    ]


def waves_of(survey: Survey) -> list[WaveLine]:
    """Return a survey's waves, the newest first; one query."""
    waves = survey.waves.select_related("survey__location").order_by("-number")
    return lines_in(waves)


def finished_before(wave: Wave) -> list[Wave]:
    """Return the earlier waves of the same survey that are finished, in their order."""
    on = clock.today()
    earlier = (
        Wave.objects.filter(survey=wave.survey_id, number__lt=wave.number)
        .select_related("survey__location")
        .order_by("number")
    )
    return [one for one in earlier if one.state_on(on) == WaveState.FINISHED]


def wording_notes(wave: Wave) -> list[str]:
    """Return, for each earlier wave, whether it asked the same, in words."""
    mine = {one["code"]: one["digest"] for one in wave.wording}
    notes = []
    for other in wave.survey.waves.filter(number__lt=wave.number).order_by("number"):
        if other.wording_hash == wave.wording_hash:
            notes.append(_("Same wording as wave %(number)d.") % {"number": other.number})
            continue
        theirs = {one["code"]: one["digest"] for one in other.wording}
        both = mine.keys() & theirs.keys()
        same = sum(mine[code] == theirs[code] for code in both)
        notes.append(
            _(
                "Differs from wave %(number)d: %(same)d questions are worded the same, %(other)d "
                "differently, %(new)d are new, %(gone)d are not asked any more."
            )
            % {
                "number": other.number,
                "same": same,
                "other": len(both) - same,
                "new": len(mine.keys() - theirs.keys()),
                "gone": len(theirs.keys() - mine.keys()),
            }
        )
    return notes


def fieldwork_of(wave: Wave) -> Fieldwork:
    """Return how the fieldwork of a wave stands; three queries."""
    from surveys.models import Reply

    counts = Submission.objects.filter(wave=wave).aggregate(
        answers=Count("pk"),
        online=Count("pk", filter=Q(way=Way.ONLINE)),
        paper=Count("pk", filter=Q(way=Way.PAPER)),
    )
    codes = AnswerCode.objects.filter(wave=wave).aggregate(
        codes=Count("pk"), used=Count("pk", filter=Q(used=True))
    )
    waiting = Reply.objects.filter(submission__wave=wave, text_state="waiting").count()
    return Fieldwork(
        answers=counts["answers"],
        online=counts["online"],
        paper=counts["paper"],
        share=counts["answers"] / wave.invited if wave.invited else None,
        codes=codes["codes"],
        codes_used=codes["used"],
        texts_waiting=waiting,
    )


def batches_of(wave: Wave) -> list[Batch]:
    """Return the batches of paper sheets typed in so far."""
    rows = (
        Submission.objects.filter(wave=wave, way=Way.PAPER)
        .order_by("batch")
        .values("batch")
        .annotate(sheets=Count("pk"), highest=Max("sheet"))
    )
    return [Batch(row["batch"], row["sheets"], row["highest"] or 0) for row in rows]


def bank_of(location: Location) -> Any:
    """Return the questions that a location may ask: standard ones and its programme's own."""
    ours = Q(location__isnull=True) | Q(location__programme=location.programme_id)
    return Question.objects.filter(ours).newest().select_related("location")
