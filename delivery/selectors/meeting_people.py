"""The people of meetings: who is usually asked, and whose name a reader sees.

Members of groups are named by ``delivery.selectors.groups`` and by nothing else; others on a list
by the same rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.grants import standing
from accounts.models import Agency, User
from accounts.sharing import Category
from core import clock
from delivery.meeting_templates import MeetingTemplate
from delivery.models import DeliveryGroup, GroupMember, MeetingAttendance
from delivery.selectors.groups import MEMBERS, Naming
from programmes.models import Location, LocationMembership, ProgrammeMembership
from programmes.sharing import Shared


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to ask: somebody with an account, a member of a group, or somebody else in words.

    ``name`` says who that is, best by role ("Ward councillor"); ``agency`` None is the community.
    """

    user: User | None = None
    member: GroupMember | None = None
    agency: Agency | None = None
    name: str = ""

    def fields(self) -> dict[str, Any]:
        """Return it as the row keeps it; a member's account and agency are kept with the member."""
        user = self.user or (self.member.user if self.member is not None else None)
        agency = self.agency
        if self.member is not None:
            agency = self.member.agency or agency
        if agency is None and user is not None:
            agency = user.agency
        return {"user": user, "member": self.member, "agency": agency, "name": self.name.strip()}


def usually_asked(
    template: MeetingTemplate, location: Location, on: dt.date | None = None
) -> set[UUID]:
    """Return the accounts whose roles a kind of meeting asks to come. Two queries."""
    on = on or clock.today()
    roles = [role.value for role in template.roles]
    found: set[UUID] = set()
    for rows in (
        LocationMembership.objects.filter(anchor=location),
        ProgrammeMembership.objects.filter(anchor=location.programme_id),
    ):
        found |= set(standing(rows.filter(role__in=roles), on).values_list("user", flat=True))
    return found


def members_on(groups: Iterable[DeliveryGroup], on: dt.date | None = None) -> list[GroupMember]:
    """Return those who sit in groups on a day, oldest first; one query."""
    rows = MEMBERS.filter(group__in=list(groups)).present(on or clock.today())
    return [row for row in rows.order_by("joined_on", "pk") if not is_withdrawn(row)]


def is_withdrawn(member: GroupMember, on: dt.date | None = None) -> bool:
    """Say whether the consent by which a member of the community sits there stands no more."""
    return member.consent is not None and not member.consent.stands_on(on or clock.today())


def attendance_of(meeting: Any) -> Any:
    """Return a meeting's list with all that ``name_of`` reads; one query."""
    return meeting.attendance.select_related(
        "user__agency",
        "agency",
        "member__user__agency",
        "member__agency",
        "member__consent__agency",
        "member__seat",
        "member__group__location__programme__lead_agency",
    ).order_by("agency__name", "created_at", "pk")


def agency_words(row: MeetingAttendance) -> str:
    """Return for whom somebody is at a meeting."""
    return str(row.agency) if row.agency is not None else _("Community")


def name_of(row: MeetingAttendance, naming: Naming) -> str:
    """Return the name of somebody on a meeting's list as a reader may know it; empty if withheld.

    One's own always. Members of a group as their group shows them. Others with an account, or in
    words ("Ward councillor"), as an agreement covers people of their agency.
    """
    if row.user_id is not None and row.user_id == naming.reader_id:
        return str(row.user)
    if row.member is not None:
        line = naming.line(row.member)
        return line.name if line.is_named else ""
    if not naming.shared.covers(Category.PEOPLE, row.agency_id):
        return ""
    return str(row.user) if row.user is not None else row.name


def mailbox_of(row: MeetingAttendance) -> tuple[str, str] | None:
    """Return (address, name) of somebody on a list for the house to mail; None without an address.

    Members of the community without an account are mailed while their consent stands. Never shown.
    """
    member = row.member
    if member is not None and is_withdrawn(member):
        return None
    if row.user is not None:
        return (row.user.email, str(row.user)) if row.user.is_active else None
    if member is None:
        return None
    given = member.consent.contact if member.consent is not None else member.contact
    name = member.consent.name if member.consent is not None else member.name
    try:
        validate_email(given.strip())
    except ValidationError:
        return None
    return given.strip(), name


def person_words(person: Any, shared: Shared, reader_id: UUID | None) -> str:
    """Return how an account (an action's owner) reads to somebody: the name, else whose it is."""
    if person is None:
        return ""
    if person.pk == reader_id or shared.covers(Category.PEOPLE, person.agency_id):
        return str(person)
    if person.agency is None:
        return _("Somebody (name withheld)")
    return _("Somebody of %(agency)s") % {"agency": person.agency}
