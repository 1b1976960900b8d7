"""The groups of a location: who sits there by agency, what is vacant, who is not there yet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from accounts.grants import standing
from accounts.models import Agency
from core import clock
from delivery.choices import GroupKind
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.groups import MEMBERS, MemberLine, Naming, in_order, naming_for
from programmes.models import Location, LocationMembership, ProgrammeMembership


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Who ought to be in a group, and who sits there today (nobody: it is vacant)."""

    id: UUID
    label: str
    why: str
    agency_name: str
    asked_on: dt.date | None
    closed_on: dt.date | None
    members: tuple[MemberLine, ...]
    version: int

    @property
    def is_vacant(self) -> bool:
        """Whether it is wanted and nobody sits there."""
        return self.closed_on is None and not self.members


@dataclass(frozen=True, slots=True)
class AgencyCount:
    """How many members come for an agency; without a name, as the community."""

    name: str
    people: int

    @property
    def is_community(self) -> bool:
        """Whether it counts the community."""
        return not self.name


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group on a day.

    ``past`` are ended memberships and those whose consent is withdrawn, newest first. ``absent``
    are agencies at work at the location, or bound to a seat, of whom nobody sits in the group.
    """

    group: DeliveryGroup
    on: dt.date
    members: tuple[MemberLine, ...]
    seats: tuple[SeatLine, ...]
    past: tuple[MemberLine, ...]
    counts: tuple[AgencyCount, ...]
    absent: tuple[str, ...]

    @property
    def vacant(self) -> tuple[SeatLine, ...]:
        """The seats where nobody sits: not yet involved."""
        return tuple(seat for seat in self.seats if seat.is_vacant)

    @property
    def chair(self) -> MemberLine | None:
        """Whoever chairs it, if anybody does."""
        return next((line for line in self.members if line.is_chair), None)

    @property
    def has_ended(self) -> bool:
        """Whether its last day has passed."""
        return self.group.ended_on is not None and self.group.ended_on < self.on


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in a list, with how many sit there and how many seats are vacant."""

    id: UUID
    name: str
    kind: str
    place_name: str
    formed_on: dt.date
    ended_on: dt.date | None
    url: str
    members: int
    vacant: int
    is_demonstration: bool


def group_view(
    group: DeliveryGroup, *, reader: Any, on: dt.date | None = None, naming: Naming | None = None
) -> GroupView:
    """Return a group as a reader may see it. Eight queries, whatever its size."""
    on = on or clock.today()
    naming = naming or naming_for(reader, group.location)
    sitting: list[MemberLine] = []
    past: list[MemberLine] = []
    agencies: set[UUID] = set()
    for row in MEMBERS.filter(group=group):
        line = naming.line(row)
        if row.sits(on):
            sitting.append(line)
            if row.agency_id:
                agencies.add(row.agency_id)
        else:
            past.append(line)
    members = in_order(sitting)
    return GroupView(
        group=group,
        on=on,
        members=tuple(members),
        seats=seats_of(group, members),
        past=tuple(sorted(past, key=lambda line: line.left_on or on, reverse=True)),
        counts=counts_of(members),
        absent=_absent(group, agencies, on),
    )


def seats_of(group: DeliveryGroup, members: Iterable[MemberLine]) -> tuple[SeatLine, ...]:
    """Return the seats of a group: those wanted first; one query."""
    members = list(members)
    lines = [
        SeatLine(
            id=seat.pk,
            label=seat.label,
            why=seat.why,
            agency_name=seat.agency.name if seat.agency else "",
            asked_on=seat.asked_on,
            closed_on=seat.closed_on,
            members=tuple(line for line in members if line.seat_id == seat.pk),
            version=seat.version,
        )
        for seat in GroupSeat.objects.filter(group=group).select_related("agency")
    ]
    return tuple(sorted(lines, key=lambda line: (line.closed_on is not None, line.label)))


def counts_of(members: Iterable[MemberLine]) -> tuple[AgencyCount, ...]:
    """Return how many come for each agency, and for the community at the end."""
    found = Counter(line.agency_name for line in members)
    return tuple(
        AgencyCount(name, found[name]) for name in sorted(found, key=lambda name: (not name, name))
    )


def _absent(group: DeliveryGroup, there: set[UUID], on: dt.date) -> tuple[str, ...]:
    """Return the agencies with a role at the location, or a seat, of whom nobody sits here."""
    at_work = standing(LocationMembership.objects.filter(anchor=group.location_id), on)
    rows = Agency.objects.filter(Q(pk__in=at_work.order_by().values("user__agency"))).exclude(
        pk__in=there
    )
    return tuple(rows.order_by("name").values_list("name", flat=True))


def groups_of(location: Location, *, on: dt.date | None = None) -> list[GroupLine]:
    """Return the groups of a location: the delivery group first, ended ones last. Three queries."""
    from delivery.models.group import present

    on = on or clock.today()
    sitting = dict(
        GroupMember.objects.filter(present(on), group__location=location)
        .order_by()
        .values_list("group")
        .annotate(n=Count("pk"))
    )
    vacant = dict(
        GroupSeat.objects.filter(group__location=location, closed_on__isnull=True)
        .exclude(pk__in=GroupMember.objects.filter(present(on), seat__isnull=False).values("seat"))
        .order_by()
        .values_list("group")
        .annotate(n=Count("pk"))
    )
    rows = DeliveryGroup.objects.filter(location=location).select_related(
        "target_place", "location"
    )
    lines = [
        GroupLine(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            place_name=row.target_place.name if row.target_place else "",
            formed_on=row.formed_on,
            ended_on=row.ended_on,
            url=row.get_absolute_url(),
            members=sitting.get(row.pk, 0),
            vacant=vacant.get(row.pk, 0),
            is_demonstration=row.is_demonstration,
        )
        for row in rows
    ]
    return sorted(
        lines,
        key=lambda line: (
            line.ended_on is not None and line.ended_on < on,
            line.kind != GroupKind.DELIVERY,
            line.name,
        ),
    )


def delivery_group_of(location: Location, *, on: dt.date | None = None) -> DeliveryGroup | None:
    """Return the delivery group at work at a location on a day, None if there is none."""
    rows = DeliveryGroup.objects.filter(location=location, kind=GroupKind.DELIVERY)
    return (
        rows.standing(on or clock.today())
        .select_related("location__programme__lead_agency", "target_place")
        .order_by("-formed_on")
        .first()
    )


def people_to_seat(location: Location, *, on: dt.date | None = None) -> Any:
    """Return the open accounts of people with a role at a location or on its programme."""
    from accounts.models import User

    on = on or clock.today()
    here = standing(LocationMembership.objects.filter(anchor=location), on)
    over = standing(ProgrammeMembership.objects.filter(anchor=location.programme_id), on)
    return (
        User.objects.filter(is_active=True)
        .filter(Q(pk__in=here.order_by().values("user")) | Q(pk__in=over.order_by().values("user")))
        .select_related("agency")
        .order_by("agency__name", "name")
    )


def agencies_here(location: Location, *, on: dt.date | None = None) -> Sequence[Agency]:
    """Return the agencies that take part at a location.

    Those of people with a role there or on its programme, of its groups' members and seats, and the
    parties of the programme's agreements; one query.
    """
    from programmes.models import AgreementParty

    people = people_to_seat(location, on=on).order_by().values("agency")
    members = GroupMember.objects.filter(group__location=location).values("agency")
    seats = GroupSeat.objects.filter(group__location=location).values("agency")
    parties = AgreementParty.objects.filter(agreement__programme=location.programme_id)
    return list(
        Agency.objects.filter(
            Q(pk__in=people)
            | Q(pk__in=members)
            | Q(pk__in=seats)
            | Q(pk__in=parties.values("agency"))
            | Q(pk=location.programme.lead_agency_id)
        ).order_by("name")
    )
