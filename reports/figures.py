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

    @property
    def fingerprint(self) -> str:
        """Return the sha-256 of all figures."""
        return digest(self)
