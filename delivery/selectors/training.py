"""Training at a location: sessions, attendance by agency and level, who was not trained yet."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.sharing import Category
from core import clock
from delivery.models import TrainingAttendance, TrainingSession
from delivery.models.group import present
from delivery.selectors.groups import MEMBERS, MemberLine, Naming, in_order, naming_for
from delivery.selectors.totals import total
from programmes.models import Location
from programmes.sharing import withheld_words

SESSIONS = TrainingSession.objects.select_related(
    "location__programme__lead_agency", "course", "group", "recorded_by__agency"
)


@dataclass(frozen=True, slots=True)
class Came:
    """How many of an agency came to a session; without a name, of the community."""

    agency_id: UUID | None
    agency_name: str
    people: int


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with who came. ``trainer`` is empty where it is withheld."""

    id: UUID
    course: str
    level: str
    held_on: dt.date
    where: str
    trainer: str
    trainer_withheld: str
    notes: str
    recorded_by: str
    group_name: str
    url: str
    came: tuple[Came, ...]
    is_demonstration: bool
    version: int

    @property
    def people(self) -> int:
        """How many came in all."""
        return sum(one.people for one in self.came)


@dataclass(frozen=True, slots=True)
class AttendanceTable:
    """People by agency (rows) and level (columns); attendances, so who came twice counts twice."""

    levels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]

    @property
    def total(self) -> int:
        """All attendances."""
        return sum(self.totals)


@dataclass(frozen=True, slots=True)
class TrainingOverview:
    """The training of a location as a reader may see it.

    ``untrained`` are members of its groups for whom no attendance is ticked; ``trained`` how many
    members have one, of ``members``.
    """

    sessions: tuple[SessionLine, ...]
    table: AttendanceTable
    untrained: tuple[MemberLine, ...]
    trained: int
    members: int


def session_lines(
    sessions: Iterable[TrainingSession], *, naming: Naming
) -> tuple[SessionLine, ...]:
    """Return sessions with who came; one query. Rows come from ``SESSIONS``."""
    rows = list(sessions)
    came: dict[UUID, dict[UUID | None, Came]] = defaultdict(dict)
    found = TrainingAttendance.objects.filter(session__in=[row.pk for row in rows])
    for one in found.select_related("agency").order_by("agency__name"):
        there = came[one.session_id].get(one.agency_id)
        came[one.session_id][one.agency_id] = Came(
            agency_id=one.agency_id,
            agency_name=one.agency.name if one.agency else "",
            people=one.people + (there.people if there else 0),
        )
    return tuple(_line(row, tuple(came[row.pk].values()), naming) for row in rows)


def _line(row: TrainingSession, came: tuple[Came, ...], naming: Naming) -> SessionLine:
    owner: Any = row.recorded_by.agency
    is_open = naming.shared.covers(Category.PEOPLE, owner.pk if owner else None, row.recorded_by_id)
    lead = row.location.programme.lead_agency
    return SessionLine(
        id=row.pk,
        course=row.course.name,
        level=row.course.level,
        held_on=row.held_on,
        where=row.where,
        trainer=row.trainer if is_open else "",
        trainer_withheld=withheld_words(Category.PEOPLE, owner or lead)
        if row.trainer and not is_open
        else "",
        notes=row.notes,
        recorded_by=str(row.recorded_by) if is_open else "",
        group_name=row.group.name if row.group else "",
        url=row.get_absolute_url(),
        came=came,
        is_demonstration=row.is_demonstration,
        version=row.version,
    )


def training_overview(
    location: Location, *, reader: Any, on: dt.date | None = None
) -> TrainingOverview:
    """Return the training of a location. Six queries, whatever the number of sessions."""
    on = on or clock.today()
    naming = naming_for(reader, location)
    sessions = session_lines(SESSIONS.filter(location=location), naming=naming)
    lines: dict[UUID, MemberLine] = {}
    seen: set[tuple[str, UUID]] = set()
    trained = 0
    rows = list(MEMBERS.filter(present(on), group__location=location, group__ended_on__isnull=True))
    ids = _trained(location)
    for row in rows:
        person = person_of(row)
        if person in seen:  # sits in two groups
            continue
        seen.add(person)
        if person in ids:
            trained += 1
        else:
            lines[row.pk] = naming.line(row)
    return TrainingOverview(
        sessions=sessions,
        table=attendance_table(sessions),
        untrained=tuple(in_order(lines.values())),
        trained=trained,
        members=len(seen),
    )


def person_of(member: Any) -> tuple[str, UUID]:
    """Return what tells one person from another over several groups."""
    if member.user_id:
        return ("user", member.user_id)
    if member.consent_id:
        return ("consent", member.consent_id)
    return ("member", member.pk)


def _trained(location: Location) -> set[tuple[str, UUID]]:
    rows = TrainingAttendance.objects.filter(session__location=location, member__isnull=False)
    found: set[tuple[str, UUID]] = set()
    for member, user, consent in rows.values_list("member", "member__user", "member__consent"):
        found.add(("member", member))
        if user:
            found.add(("user", user))
        if consent:
            found.add(("consent", consent))
    by_account = TrainingAttendance.objects.filter(session__location=location, user__isnull=False)
    return found | {("user", user) for user in by_account.values_list("user", flat=True)}


def attendance_table(sessions: Iterable[SessionLine]) -> AttendanceTable:
    """Return how many of each agency came to courses of each level."""
    sessions = list(sessions)
    levels = tuple(dict.fromkeys(line.level for line in sorted(sessions, key=lambda s: s.level)))
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in sessions:
        for one in line.came:
            counts[one.agency_name][line.level] += one.people
    rows = tuple(
        (
            name,
            tuple(counts[name][level] for level in levels),
            sum(counts[name].values()),
        )
        for name in sorted(counts, key=lambda name: (not name, name))
    )
    totals = tuple(sum(counts[name][level] for name in counts) for level in levels)
    return AttendanceTable(levels=levels, rows=rows, totals=totals)


def people_trained(location: Location, first: dt.date, last: dt.date) -> int:
    """Return how many attendances there were at sessions held from one day to another."""
    return total("people_trained", location, first, last)


def who_came(session: TrainingSession, *, reader: Any) -> list[MemberLine]:
    """Return the members of groups who were ticked at a session, as a reader may see them."""
    naming = naming_for(reader, session.location)
    return in_order(naming.line(row) for row in MEMBERS.filter(trained__session=session))
