"""The figures of a progress report, frozen; people's names are not among them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.records import digest


@dataclass(frozen=True, slots=True)
class StepLine:
    """Where a step stood on the day the report speaks of."""

    number: int
    name: str
    status: str
    status_words: str
    colour: str
    reason: str
    planned_start: dt.date
    planned_end: dt.date
    done: int
    wanted: int
    signed_on: dt.date | None
    out_of_order_reason: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """A piece of evidence of the quarter, by the day it was done."""

    done_on: dt.date
    step: int
    kind: str
    title: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A sign-off, or a step opened again, in the quarter."""

    on: dt.date
    step: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class AsbMonth:
    """Reports of ASB in one month; None where missing."""

    month: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class AsbSeries:
    """Reports of ASB at a location: up to twelve months that end with the quarter.

    ``quarter`` are the reports in the months of the quarter that are held, ``held`` how many these
    are; ``words`` say whether it changes; ``refused`` why nothing can be counted.
    """

    months: tuple[AsbMonth, ...]
    quarter: int | None
    held: int
    status: str
    words: str
    area_words: str
    refused: str


@dataclass(frozen=True, slots=True)
class WorkFigure:
    """One figure of the work of a quarter, as every page, file and answer states it.

    ``key`` stays the same for good; ``value`` is None where it is not known, never zero for that.
    ``note`` says what is counted.
    """

    key: str
    label: str
    value: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One figure of the work at each location of a report, in their order."""

    key: str
    label: str
    note: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about change, with its verdict: what residents say, or an evaluation.

    ``status`` is clear_change, no_clear_change or too_early, cannot_tell where time does not
    help, or not_comparable where it was asked in other words; ``base`` says on what it rests,
    ``key`` which measure it is (empty: none that is asked again).
    """

    title: str
    status: str
    words: str
    base: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeSection:
    """One section of the words of a quarter."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Narrative:
    """The words of a quarter: whose edition, whether approved, and its sections with any text."""

    edition: int
    approved: bool
    sections: tuple[NarrativeSection, ...]


@dataclass(frozen=True, slots=True)
class LocationPart:
    """One location's part of a report."""

    slug: str
    name: str
    is_demonstration: bool
    steps: tuple[StepLine, ...]
    delivered: tuple[Delivered, ...]
    withheld: int
    events: tuple[Event, ...]
    next_steps: tuple[StepLine, ...]
    asb: AsbSeries
    work: tuple[WorkFigure, ...] = ()
    perceptions: tuple[Finding, ...] = ()
    evaluations: tuple[Finding, ...] = ()

    @property
    def signed_off(self) -> int:
        """Return how many steps stood signed off."""
        return sum(step.status == "signed_off" for step in self.steps)

    @property
    def late(self) -> tuple[StepLine, ...]:
        """Return the steps that were late."""
        return tuple(step for step in self.steps if step.status == "late")

    @property
    def out_of_order(self) -> tuple[StepLine, ...]:
        """Return the steps that were worked on out of order, with the reason."""
        return tuple(step for step in self.steps if step.out_of_order_reason)


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Everything a report says. ``as_at`` is the day on which steps are judged.

    ``annex`` is the sha-256 of what its annex says, empty where there is none: reports that differ
    in the annex alone are different reports.
    """

    kind: str
    slug: str
    name: str
    programme: str
    steps_source: str
    week: int
    weeks: int
    quarter: str
    as_at: dt.date
    is_demonstration: bool
    marking: str
    handling: str
    locations: tuple[LocationPart, ...]
    attribution: tuple[str, ...]
    annex: str = ""
    narrative: Narrative | None = None

    @property
    def work_table(self) -> tuple[WorkRow, ...]:
        """Return the figures of the work by what is counted."""
        if not self.locations:
            return ()
        return tuple(
            WorkRow(one.key, one.label, one.note, values)
            for one, values in (
                (one, tuple(part.work[number].value for part in self.locations))
                for number, one in enumerate(self.locations[0].work)
            )
        )

    @property
    def fingerprint(self) -> str:
        """Return the sha-256 of all figures."""
        return digest(self)
