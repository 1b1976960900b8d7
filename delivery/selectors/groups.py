"""Who sits in the groups of a location, what is vacant, and whose name a reader may know.

One rule for names (``naming_for``), used by every page, export, feed and the API:

- somebody with an account, or who comes for an agency, is named to their own agency, and to others
  while a sharing agreement covers people between the agencies; oneself always;
- one of the community is named only while the consent by which they sit there stands, and only to
  those who read people there, and whose agency is covered. A withdrawn consent takes the name away
  from everybody at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import clock
from delivery.choices import GroupRole
from delivery.models import DeliveryGroup, GroupMember
from programmes.models import Location
from programmes.sharing import Shared, shared_over, withheld_words

MEMBERS = GroupMember.objects.select_related(
    "user__agency", "agency", "consent", "seat", "group__location__programme__lead_agency"
)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One membership as a reader may see it.

    ``name`` is what to show, always something: the name, or words in its place; ``is_named`` says
    which. ``agency_name`` is empty for the community. ``email`` and ``contact`` are empty where the
    reader may not reach them; ``can_email`` says whether the house could (an open account, or an
    address that was given with a consent that stands). ``withheld`` says why a name is not shown.
    """

    id: UUID
    group_id: UUID
    name: str
    is_named: bool
    is_withdrawn: bool
    agency_id: UUID | None
    agency_name: str
    role: str
    role_label: str
    user_id: UUID | None
    can_email: bool
    email: str
    contact: str
    seat_id: UUID | None
    seat_label: str
    joined_on: dt.date
    left_on: dt.date | None
    withheld: str
    is_demonstration: bool
    version: int

    @property
    def is_chair(self) -> bool:
        """Whether they chair the group."""
        return self.role == GroupRole.CHAIR

    @property
    def is_community(self) -> bool:
        """Whether they come as one of the community, for no agency."""
        return self.agency_id is None


@dataclass(frozen=True, slots=True)
class Naming:
    """What one reader may know of members at one location, on one day."""

    reader_id: UUID | None
    shared: Shared
    reads_people: bool
    on: dt.date

    def _covers(self, member: GroupMember) -> bool:
        if member.consent is not None:
            consent = member.consent
            return self.shared.covers(Category.PEOPLE, consent.agency_id, consent.recorded_by_id)
        owner = member.user.agency_id if member.user else member.agency_id
        return self.shared.covers(Category.PEOPLE, owner)

    def opens(self, member: GroupMember) -> bool:
        """Say whether the member's name is open; never without a consent that stands."""
        if member.consent is not None:
            return member.consent.stands_on(self.on) and self.reads_people and self._covers(member)
        if member.user is not None and member.user_id == self.reader_id:
            return True
        return bool(member.user or member.name) and self._covers(member)

    def reaches(self, member: GroupMember) -> bool:
        """Say whether it is open how to reach them: one must read people here, too."""
        own = member.user is not None and member.user_id == self.reader_id
        return own or (self.reads_people and self.opens(member))

    def line(self, member: GroupMember) -> MemberLine:
        """Return a membership as the reader may see it."""
        is_open, reaches = self.opens(member), self.reaches(member)
        user, consent = member.user, member.consent
        stands = consent is None or consent.stands_on(self.on)
        given = consent.contact if consent else member.contact
        contact = given if stands else ""
        email = user.email if user else (contact if "@" in contact else "")
        withdrawn = consent is not None and _is_withdrawn(consent, self.on)
        return MemberLine(
            id=member.pk,
            group_id=member.group_id,
            name=_name(member) if is_open else self._words(member, withdrawn),
            is_named=is_open,
            is_withdrawn=withdrawn,
            agency_id=member.agency_id,
            agency_name=member.agency.name if member.agency else "",
            role=member.role,
            role_label=str(GroupRole(member.role).label),
            user_id=member.user_id if is_open else None,
            can_email=bool(email) and (user is None or user.is_active),
            email=email if reaches else "",
            contact=contact if reaches and not user else "",
            seat_id=member.seat_id,
            seat_label=member.seat.label if member.seat else "",
            joined_on=member.joined_on,
            left_on=member.left_on,
            withheld=self._why(member, withdrawn) if not is_open else "",
            is_demonstration=member.is_demonstration,
            version=member.version,
        )

    def _words(self, member: GroupMember, withdrawn: bool) -> str:
        if withdrawn:
            return _("A member who has withdrawn")
        if member.agency is not None:
            return _("Somebody from %(agency)s") % {"agency": member.agency.name}
        return _("A resident")

    def _why(self, member: GroupMember, withdrawn: bool) -> str:
        if withdrawn or not (member.user or member.name or member.consent):
            return ""
        consent = member.consent
        if consent is not None and not (consent.stands_on(self.on) and self.reads_people):
            return ""
        owner = (
            consent.agency if consent else (member.user.agency if member.user else member.agency)
        )
        return withheld_words(Category.PEOPLE, owner or member.group.location.programme.lead_agency)


def _name(member: GroupMember) -> str:
    if member.consent is not None:
        return member.consent.name
    return str(member.user) if member.user else member.name


def _is_withdrawn(consent: Any, on: dt.date) -> bool:
    return consent.withdrawn_on is not None and consent.withdrawn_on <= on


def naming_for(reader: Any, location: Location) -> Naming:
    """Return what a reader may know of the members at a location, today (two queries).

    ``reader`` None is the house itself, which writes invitations: consents bind it all the same.
    """
    return namings_for(reader, [location])[location.pk]


def namings_for(reader: Any, locations: Iterable[Location]) -> dict[UUID, Naming]:
    """Return the same for several locations, by their ids, in two queries.

    The locations come with their programme fetched.
    """
    places = {location.pk: location for location in locations}
    house = reader is None
    known = house or (reader.is_authenticated and reader.is_active)
    programmes = {location.programme_id: location.programme for location in places.values()}
    shared = shared_over(reader, programmes.values())
    reads: set[UUID] = set(places)
    if not house:
        there = Location.objects.all().visible_to(reader, Permission.PEOPLE_READ)
        reads = set(there.filter(pk__in=places).values_list("pk", flat=True)) if places else set()
    on = clock.today()
    return {
        key: Naming(
            reader_id=None if house or not known else reader.pk,
            shared=shared[location.programme_id],
            reads_people=key in reads,
            on=on,
        )
        for key, location in places.items()
    }


def members_of(
    group: DeliveryGroup, *, reader: Any, on: dt.date | None = None, naming: Naming | None = None
) -> list[MemberLine]:
    """Return who sits in a group on a day (today by default): the chair first, then by agency.

    ``reader`` decides whose names and addresses are there; None is the house itself. Three queries,
    one if the reader's ``naming`` at the location is known.
    """
    naming = naming or naming_for(reader, group.location)
    rows = MEMBERS.filter(group=group).present(on or clock.today())
    return in_order(naming.line(row) for row in rows)


def lines_of(
    members: Iterable[GroupMember], *, reader: Any, location: Location
) -> dict[UUID, MemberLine]:
    """Return memberships as a reader may see them, past ones too, by their ids.

    For what names a member elsewhere (attendance): nothing else may show a member's name. Rows come
    from ``MEMBERS``, or with ``user__agency``, ``agency``, ``consent``, ``seat`` and
    ``group__location__programme`` fetched.
    """
    naming = naming_for(reader, location)
    return {row.pk: naming.line(row) for row in members}


_ROLES = {GroupRole.CHAIR: 0, GroupRole.SECRETARY: 1, GroupRole.MEMBER: 2}


def in_order(lines: Iterable[MemberLine]) -> list[MemberLine]:
    """Return the chair first, then who keeps the record, then by agency, the community last."""
    return sorted(
        lines,
        key=lambda line: (
            _ROLES[GroupRole(line.role)],
            line.is_community,
            line.agency_name,
            not line.is_named,
            line.name,
        ),
    )
