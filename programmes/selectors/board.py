"""The programme's page: every location by every step, with the reason behind each colour."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import clock
from programmes.models import Location, Programme
from programmes.selectors.facts import StepFacts, facts_for
from programmes.selectors.people import coordinators_of


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One step of the programme's template."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One location: its steps, which comes next, who coordinates (none: the post is vacant)."""

    location_id: UUID
    slug: str
    name: str
    url: str
    is_demonstration: bool
    has_area: bool
    steps: tuple[StepFacts, ...]
    next_step: StepFacts | None
    coordinators: tuple[str, ...]

    @property
    def late(self) -> tuple[StepFacts, ...]:
        """Steps past their planned end."""
        return tuple(step for step in self.steps if step.is_late)

    @property
    def signed_off(self) -> int:
        """How many steps stand signed off."""
        return sum(step.is_signed_off for step in self.steps)


@dataclass(frozen=True, slots=True)
class Board:
    """A programme on a day, as far as one person may see it."""

    programme_id: UUID
    on: dt.date
    week: int
    weeks: int
    columns: tuple[BoardColumn, ...]
    rows: tuple[BoardRow, ...]

    @property
    def plan_is_demonstration(self) -> bool:
        """Whether planned dates shown here are invented."""
        return any(step.is_demonstration for row in self.rows for step in row.steps)

    @property
    def steps_total(self) -> int:
        """How many steps there are at all locations."""
        return sum(len(row.steps) for row in self.rows)

    @property
    def steps_signed_off(self) -> int:
        """How many of them stand signed off."""
        return sum(row.signed_off for row in self.rows)

    @property
    def late(self) -> tuple[StepFacts, ...]:
        """Every late step, the longest overdue first."""
        found = [step for row in self.rows for step in row.late]
        return tuple(sorted(found, key=lambda step: (step.planned_end, step.location_name)))

    @property
    def ready(self) -> tuple[StepFacts, ...]:
        """Every step that waits for a sign-off."""
        return tuple(step for row in self.rows for step in row.steps if step.state == "ready")

    @property
    def out_of_order(self) -> tuple[StepFacts, ...]:
        """Every step on which work went ahead of an earlier one."""
        return tuple(step for row in self.rows for step in row.steps if step.out_of_order_reason)

    @property
    def vacant(self) -> tuple[BoardRow, ...]:
        """Locations without a coordinator in post."""
        return tuple(row for row in self.rows if not row.coordinators)


def next_of(steps: list[StepFacts]) -> StepFacts | None:
    """Return the step to work on next: the first that is not signed off."""
    return next((step for step in steps if not step.is_signed_off), None)


def programme_board(*, programme: Programme, user: Any, on: dt.date | None = None) -> Board:
    """Return the locations of a programme that a person may see, each with all of its steps.

    Seven queries (and those of the evidence providers), however many locations there are.
    """
    on = on or clock.today()
    locations = list(
        Location.objects.filter(programme=programme).visible_to(user).select_related("programme")
    )
    facts = facts_for(locations, on=on)
    coordinators = coordinators_of(locations, on)
    columns = programme.template.steps.order_by("number").values_list("number", "name")
    return Board(
        programme_id=programme.pk,
        on=on,
        week=programme.week_of(on),
        weeks=programme.weeks,
        columns=tuple(BoardColumn(number, name) for number, name in columns),
        rows=tuple(
            BoardRow(
                location_id=location.pk,
                slug=location.slug,
                name=location.name,
                url=location.get_absolute_url(),
                is_demonstration=location.is_demonstration,
                has_area=location.area_id is not None,
                steps=tuple(facts[location.pk]),
                next_step=next_of(facts[location.pk]),
                coordinators=coordinators.get(location.pk, ()),
            )
            for location in locations
        ),
    )
