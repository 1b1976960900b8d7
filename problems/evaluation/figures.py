"""The figures of an evaluation, kept whole with it; no query, no wording."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

METHOD = "1"
"""The version of the method; it is part of every fingerprint."""


FORCE = "force"
"""The role of the whole police force area, which nobody chooses."""


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Reports of one month in every area; None where it is missing for an area.

    ``window`` is before or after; ``used`` whether it takes part in the comparison.
    """

    month: dt.date
    window: str
    status: str
    counts: dict[str, int | None]
    used: bool = False


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """Reports before and after in one area, over the months that are compared."""

    role: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The weighted displacement difference in reports over the months after."""

    estimate: float
    local: float
    displaced: float
    standard_error: float
    z: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """The change here relative to the similar place; below 1 is good."""

    log_ratio: float
    standard_error: float
    ratio: float
    low: float
    high: float
    relative_effect: float
    corrected: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Reports expected here had it gone as at the similar place, and how many fewer there were.

    ``low`` and ``high`` bound ``fewer`` (95%); below zero is more than expected.
    """

    reports: float
    fewer: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quotient:
    """The displacement quotient with its parts; ``quotient`` None unless the response area gained.

    ``reading`` is a key of ``problems.evaluation.words``.
    """

    success: float
    buffer: float
    quotient: float | None
    total_net_effect: float
    reading: str


@dataclass(frozen=True, slots=True)
class Share:
    """Answers to a survey question in one wave: how many of how many, hidden where too few."""

    wave: str
    label: str
    count: int | None
    base: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that an evaluation stands on.

    ``matching`` is ``same_months`` (each month is compared with the same month),
    ``all_months`` (the months differ; season is taken out by the similar place alone) or empty
    where nothing could be compared. ``reason`` is a key of the sentence, ``caveats`` of the words
    beneath. ``force_ratio`` is the change here
    relative to the whole police force area, ``e_test`` the p of two small counts here, without the
    similar place.
    """

    measure: str
    as_of: dt.date
    version: int
    before_first: dt.date
    before_last: dt.date
    after_first: dt.date
    after_last: dt.date
    months: tuple[MonthCount, ...]
    matching: str
    months_before: int
    months_after: int
    counts: tuple[AreaCounts, ...]
    dispersion: float
    dispersion_known: bool
    difference: Difference | None
    ratio: Ratio | None
    expected: Expected | None
    quotient: Quotient | None
    e_test: float | None
    shares: tuple[Share, ...]
    verdict: str
    reason: str
    caveats: tuple[str, ...]
    force_ratio: Ratio | None = None
    refused: str = ""
    method: str = METHOD

    def of(self, role: str) -> AreaCounts | None:
        """Return the counts of an area by its role."""
        return next((one for one in self.counts if one.role == role), None)

    @property
    def held_after(self) -> int:
        """How many months after the start are held for every area."""
        return sum(one.window == "after" and None not in one.counts.values() for one in self.months)

    @property
    def wanted_after(self) -> int:
        """How many months after the start were to be compared."""
        return sum(one.window == "after" for one in self.months)
