"""What a wave came to, as frozen records: the same on page, public page, API and export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a base, with the 95% Wilson interval.

    ``state`` is shown, hidden (a count of 1 to 9, or one that would give such a count away) or
    too_few (a base under 50: no estimate). Where it is not shown all figures but ``base`` are None.
    Shares run from 0 to 1.
    """

    base: int
    state: str
    count: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of a question, with its share of those who answered."""

    value: str
    label: str
    figure: Share


@dataclass(frozen=True, slots=True)
class Measure:
    """What is reported of a question: the share of the answers that count ("feel unsafe")."""

    code: str
    title: str
    figure: Share


@dataclass(frozen=True, slots=True)
class Numbers:
    """What numbers or points of a scale came to; None where the base is under 50.

    The mean is rounded as ``limits.FINE_MEAN_BASE`` says. ``lower`` and ``upper`` bound the middle
    half of the answers.
    """

    base: int
    mean: float | None = None
    median: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question's figures; ``base`` answered it, ``left_out`` did not."""

    code: str
    edition: int
    digest: str
    topic: str
    wording: str
    kind: str
    base: int
    left_out: int
    lines: tuple[AnswerLine, ...]
    measure: Measure | None = None
    numbers: Numbers | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough answers for an estimate."""
        return not self.lines or self.lines[0].figure.state != "too_few"

    @property
    def some_hidden(self) -> bool:
        """Whether a count is hidden."""
        return any(line.figure.state == "hidden" for line in self.lines)


@dataclass(frozen=True, slots=True)
class StrandScore:
    """The seven-strand score of those who answered all seven: 0 to 21, high from 11."""

    base: int
    high: Measure
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class WaveResults:
    """All figures of one wave.

    ``state`` is ready, running (not finished: no figure but how many have answered), or none where
    nobody answered. ``wave`` and ``survey`` are their ids. ``by_way`` counts answers online and on
    paper.
    """

    wave: str
    survey: str
    location: str
    title: str
    number: int
    mode: str
    opens_on: dt.date
    closes_on: dt.date
    wording_hash: str
    state: str
    answers: int
    invited: int | None
    by_way: dict[str, int]
    questions: tuple[QuestionResult, ...]
    score: StrandScore | None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is reported first: the score, then each question's measure."""
        own = tuple(one.measure for one in self.questions if one.measure is not None)
        return ((self.score.high, *own)) if self.score is not None else own

    def measure(self, code: str) -> Measure | None:
        """Return one measure by its code."""
        return next((one for one in self.measures if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Change:
    """How one measure changed between two waves, later less earlier, in parts of 1.

    ``verdict`` is clear_change, no_clear_change, too_early, or not_comparable where it was worded
    differently; ``low`` and ``high`` are the 95% Newcombe interval of the difference.
    """

    code: str
    title: str
    before: Share
    after: Share
    same_wording: bool
    verdict: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two waves of a survey side by side; ``cautions`` say what limits the comparison."""

    before: WaveResults
    after: WaveResults
    same_wording: bool
    same_mode: bool
    changes: tuple[Change, ...]
