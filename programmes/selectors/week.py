"""My week: what one person owes and what waits for them; and what others did lately."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core import clock
from core.models import JobRun
from programmes.models import Location, LocationMembership, Programme, ProgrammeMembership
from programmes.selectors.agreements import Agreed, lapsing
from programmes.selectors.board import next_of
from programmes.selectors.facts import StepFacts, facts_for
from programmes.selectors.feed import Happening, happenings
from programmes.selectors.people import coordinators_of
from programmes.sharing import shared_over

LATELY_DAYS = 28
MOST_LATELY = 40


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme the person takes part in, with its week."""

    slug: str
    name: str
    url: str
    week: int
    weeks: int
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class LocationLine:
    """A location the person takes part in and the step to work on next."""

    id: UUID
    name: str
    url: str
    programme: str
    next_step: StepFacts | None
    late: int
    coordinators: tuple[str, ...]
    signed_off: int
    steps: int


@dataclass(frozen=True, slots=True)
class MyWeek:
    """What one person owes on a day.

    ``late``, ``due_this_week`` and ``due_next_week`` are steps at locations where the person
    records work; ``waiting`` are steps that the person may sign off; ``agreements`` wait for their
    signature, their review or are about to lapse. Each holds the most pressing
    first. Weeks run from Monday to Sunday.
    """

    on: dt.date
    week_ends: dt.date
    programmes: tuple[ProgrammeLine, ...]
    locations: tuple[LocationLine, ...]
    works: bool
    late: tuple[StepFacts, ...]
    due_this_week: tuple[StepFacts, ...]
    due_next_week: tuple[StepFacts, ...]
    waiting: tuple[StepFacts, ...]
    late_elsewhere: tuple[StepFacts, ...]
    jobs: tuple[JobRun, ...]
    agreements: tuple[Agreed, ...]

    @property
    def plan_is_demonstration(self) -> bool:
        """Whether planned dates shown here are invented."""
        shown = (
            *self.late,
            *self.due_this_week,
            *self.due_next_week,
            *self.waiting,
            *self.late_elsewhere,
        )
        return any(step.is_demonstration for step in shown)

    @property
    def owes(self) -> int:
        """How many steps ask for something this week or are overdue."""
        return len(self.late) + len(self.due_this_week) + len(self.waiting)


@dataclass(frozen=True, slots=True)
class ComingRole:
    """A role that begins on a later day, and where."""

    starts_on: dt.date
    role: str
    where: str


def my_week(*, user: Any, on: dt.date | None = None) -> MyWeek:
    """Return what a person owes; a fixed number of queries, however many locations they have."""
    on = on or clock.today()
    week_ends = on + dt.timedelta(days=6 - on.weekday())
    next_ends = week_ends + dt.timedelta(weeks=1)
    locations = list(
        Location.objects.all()
        .visible_to(user)
        .with_can(user, Permission.STEP_RECORD, name="can_record")
        .with_can(user, Permission.STEP_SIGN_OFF, name="can_sign")
        .select_related("programme")
        .order_by("programme__name", "name")
    )
    facts = facts_for(locations, on=on)
    posts = coordinators_of(locations, on)
    mine = [s for place in locations if place.can_record for s in facts[place.pk]]
    to_sign = [s for place in locations if place.can_sign for s in facts[place.pk]]
    waiting = _by_end(s for s in to_sign if s.state == "ready")
    seen = [s for place in locations if not place.can_record for s in facts[place.pk]]
    return MyWeek(
        on=on,
        week_ends=week_ends,
        programmes=_programmes(user, on),
        locations=tuple(_line(place, facts[place.pk], posts) for place in locations),
        works=any(place.can_record for place in locations),
        late=_by_end(s for s in mine if s.is_late),
        due_this_week=_by_end(s for s in mine if _is_due(s, week_ends)),
        due_next_week=_by_end(
            s for s in mine if _is_due(s, next_ends) and not _is_due(s, week_ends)
        ),
        waiting=waiting,
        late_elsewhere=_by_end(s for s in seen if s.is_late and s not in waiting),
        jobs=tuple(JobRun.objects.filter(requested_by=user).order_by("-created_at")[:5]),
        agreements=lapsing(user=user, on=on),
    )


def roles_to_come(*, user: Any, on: dt.date | None = None) -> tuple[ComingRole, ...]:
    """Return the roles that somebody will hold, the next first: what a newcomer waits for."""
    on = on or clock.today()
    found = [
        ComingRole(row.starts_on, str(row.get_role_display()), row.anchor.name)
        for memberships in (LocationMembership.objects, ProgrammeMembership.objects)
        for row in memberships.filter(user=user, starts_on__gt=on).select_related("anchor")
    ]
    return tuple(sorted(found, key=lambda role: (role.starts_on, role.where)))


def lately_for(*, user: Any, on: dt.date | None = None) -> tuple[Happening, ...]:
    """Return what others did in the last four weeks where a person takes part, newest first."""
    on = on or clock.today()
    locations = list(Location.objects.all().visible_to(user).select_related("programme"))
    return happenings(
        locations,
        shared=shared_over(user, {place.programme for place in locations}, on),
        until=on,
        limit=MOST_LATELY,
        not_by=user,
        since=on - dt.timedelta(days=LATELY_DAYS),
    )


def _is_due(step: StepFacts, by: dt.date) -> bool:
    """Say whether a step should have started, or be done, by a day; late ones stand elsewhere."""
    if step.is_signed_off or step.is_late:
        return False
    starts = not step.is_begun and step.planned_start <= by
    return starts or step.planned_end <= by


def _by_end(steps: Any) -> tuple[StepFacts, ...]:
    return tuple(sorted(steps, key=lambda s: (s.planned_end, s.location_name, s.number)))


def _programmes(user: Any, on: dt.date) -> tuple[ProgrammeLine, ...]:
    return tuple(
        ProgrammeLine(
            slug=row.slug,
            name=row.name,
            url=row.get_absolute_url(),
            week=row.week_of(on),
            weeks=row.weeks,
            is_demonstration=row.is_demonstration,
        )
        for row in Programme.objects.all().visible_to(user).order_by("name")
    )


def _line(
    place: Location, steps: list[StepFacts], posts: dict[UUID, tuple[str, ...]]
) -> LocationLine:
    return LocationLine(
        id=place.pk,
        name=place.name,
        url=place.get_absolute_url(),
        programme=place.programme.name,
        next_step=next_of(steps),
        late=sum(step.is_late for step in steps),
        coordinators=posts.get(place.pk, ()),
        signed_off=sum(step.is_signed_off for step in steps),
        steps=len(steps),
    )
