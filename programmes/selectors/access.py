"""Who can see a record, and why: every person, by agency, with the role they come through.

Computed from memberships, the role catalogue and the sharing agreements, not from the scope that
guards the pages: two ways to the same answer, which a test holds against each other. What a kind of
record asks of its readers is registered as a ``Reach``; higher floors register theirs.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, AgencyMembership, Invitation, User
from accounts.permissions import DESCRIPTIONS, Permission
from accounts.roles import CATALOGUE, Role
from accounts.sharing import Category
from core import clock
from programmes.models import (
    AgreementParty,
    Location,
    LocationMembership,
    Programme,
    ProgrammeMembership,
    SharingAgreement,
)
from programmes.reach import ROLE_OPENS, Reach, reach_of
from programmes.selectors.access_words import (
    AccessAccount,
    AgencyAccess,
    CategoryAccess,
    PersonAccess,
    RoleLine,
    Through,
    through_words,
)
from programmes.sharing import standing

Opening = tuple[SharingAgreement, dt.date]
"""An agreement, and the last day on which it opens something."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What is asked about one record on one day.

    ``openings`` tells what opens a category between two agencies: (whose, to whom, category).
    """

    reach: Reach
    on: dt.date
    owner: UUID | None
    openings: dict[tuple[UUID, UUID, str], Opening]

    def covers(self, category: Category, user: User) -> bool:
        """Say whether information of a category is open to a person's agency."""
        if category == Category.FORCE_EXTRACTS and self.reach.suppliers:
            return all(self._opened(one, category, user) for one in self.reach.suppliers)
        if self.owner is None:
            recorder = self.reach.recorded_by_id
            return recorder is not None and recorder == user.pk
        return self._opened(self.owner, category, user)

    def _opened(self, owner: UUID, category: Category, user: User) -> bool:
        if user.agency_id is None:
            return False
        return user.agency_id == owner or (owner, user.agency_id, category) in self.openings


def who_can_see(obj: Any) -> AccessAccount:
    """Return everybody who can reach a record, by agency, with the reason.

    ``obj`` is a record of a kind that ``programmes.reach`` knows; raises LookupError for others.
    Asks the database nine times at most, whatever the number of people.
    """
    reach, on = reach_of(obj), clock.today()
    owner = reach.owner_id or reach.programme.lead_agency_id
    case = _Case(reach, on, owner, _openings(reach, on))
    people = _people(reach, on)
    invited = _invited_among(user for user, _roles in people if not user.is_active)
    seeing: list[PersonAccess] = []
    pending: list[PersonAccess] = []
    later: list[PersonAccess] = []
    for user, roles in people:
        now = [role for role in roles if role.starts_on <= on]
        person = _person(user, now, case)
        if user.is_active and person is not None:
            seeing.append(person)
        elif not user.is_active and user.pk in invited:
            pending += filter(None, [_person(user, roles, case)])
        elif user.is_active:
            later += filter(None, [_person(user, roles, case)])
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    administrators = list(staff.order_by("name").values_list("name", "is_superuser"))
    return AccessAccount(
        on=on,
        subject=str(obj),
        owner=str(reach.owner or reach.programme.lead_agency or ""),
        whole=reach.whole,
        agencies=_by_agency(seeing, case),
        invited=tuple(pending),
        later=tuple(later),
        administrators=tuple(name for name, is_super in administrators if not is_super),
        everything=tuple(name for name, is_super in administrators if is_super),
        roles=_roles(seeing),
        why=tuple(reach.why),
    )


def _people(reach: Reach, on: dt.date) -> list[tuple[User, list[Any]]]:
    """Return whoever holds a role there that has not ended, by name, with these roles."""
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    kinds: list[Any] = [ProgrammeMembership.objects.filter(anchor=reach.programme)]
    if reach.location is not None:
        kinds.append(LocationMembership.objects.filter(anchor=reach.location))
    elif reach.from_locations:
        kinds.append(LocationMembership.objects.filter(anchor__programme=reach.programme))
    if reach.signed_for:
        kinds.append(AgencyMembership.objects.filter(anchor__in=reach.signed_for))
    users: dict[UUID, User] = {}
    roles: dict[UUID, list[Any]] = defaultdict(list)
    for rows in kinds:
        found = rows.filter(open_ended).select_related("user__agency", "anchor")
        for row in found.order_by("starts_on", "anchor"):
            users[row.user_id] = row.user
            roles[row.user_id].append(row)
    if reach.own_id is not None and reach.own_id not in users:
        users[reach.own_id] = User.objects.select_related("agency").get(pk=reach.own_id)
    return sorted(
        ((user, roles[key]) for key, user in users.items()),
        key=lambda pair: (pair[0].name.casefold(), str(pair[0].pk)),
    )


def _person(user: User, roles: Iterable[Any], case: _Case) -> PersonAccess | None:
    """Return how these roles let a person see the record, None where they do not."""
    reach = case.reach
    held: set[Permission] = set()
    counting: list[Any] = []
    for role in roles:
        permissions = CATALOGUE[Role(role.role)].permissions
        if isinstance(role.anchor, Location) and reach.location is None:
            permissions = permissions & {Permission.VIEW}
        elif isinstance(role.anchor, Agency):
            permissions = permissions & {Permission.AGREEMENT_SIGN}
        signs = isinstance(role.anchor, Agency) and bool(permissions)
        if reach.sight & permissions or signs:
            counting.append(role)
        held |= permissions
    covered = {category: case.covers(category, user) for category in Category}
    sees = bool(counting) and reach.needs <= held and all(covered[one] for one in reach.withheld_as)
    own = reach.own_id is not None and reach.own_id == user.pk
    if not (sees or own):
        return None
    opened = {one for one in reach.categories if covered[one] and ROLE_OPENS[one] & held}
    shut = {one for one in reach.categories if not covered[one] and ROLE_OPENS[one] & held}
    return PersonAccess(
        id=user.pk,
        name=str(user),
        agency_id=user.agency_id,
        agency=str(user.agency or ""),
        through=tuple(_through(role, case.on) for role in counting)
        or (Through(_("It is about them."), "", "", "", None, None),),
        reads=own or (bool(reach.reads & held) and all(covered[one] for one in reach.read_as)),
        may=tuple(
            str(DESCRIPTIONS[permission])
            for permission in Permission
            if permission in held and permission in reach.matters
        ),
        opened=tuple(one for one in Category if one in opened),
        withheld=tuple(one for one in Category if one in shut),
    )


def _through(role: Any, on: dt.date) -> Through:
    whole = isinstance(role.anchor, Programme)
    return Through(
        words=through_words(role, whole=whole, on=on),
        role=role.role,
        anchor=str(role.anchor),
        anchor_kind=role.anchor._meta.model_name,
        since=role.starts_on,
        until=role.ends_on,
    )


def _openings(reach: Reach, on: dt.date) -> dict[tuple[UUID, UUID, str], Opening]:
    """Return what opens a category between two agencies: (whose, to whom, category), one query.

    Where several agreements do, the one that lasts longest.
    """
    if not reach.categories and not reach.withheld_as:
        return {}
    rows = AgreementParty.objects.filter(
        standing(on),
        SharingAgreement.in_force(on, "agreement__"),
        agreement__programme=reach.programme,
    ).select_related("agreement__programme")
    parties: dict[UUID, list[AgreementParty]] = defaultdict(list)
    for row in rows:
        parties[row.agreement_id].append(row)
    found: dict[tuple[UUID, UUID, str], Opening] = {}
    for members in parties.values():
        for owner in members:
            for reader in members:
                last = _last_day(owner, reader)
                for category in owner.agreement.categories:
                    key = (owner.agency_id, reader.agency_id, category)
                    if key not in found or found[key][1] < last:
                        found[key] = (owner.agreement, last)
    return found


def _last_day(*parties: AgreementParty) -> dt.date:
    """Return the last day on which an agreement holds between its parties, as far as is known."""
    agreement = parties[0].agreement
    days = [agreement.ends_on, agreement.ended_on]
    days += [one.withdrew_on - dt.timedelta(1) for one in parties if one.withdrew_on]
    return min(day for day in days if day is not None)


def _by_agency(seeing: list[PersonAccess], case: _Case) -> tuple[AgencyAccess, ...]:
    """Return the people by agency: the owner first, those without an agency last."""
    groups: dict[tuple[str, UUID | None], list[PersonAccess]] = defaultdict(list)
    for person in seeing:
        groups[person.agency, person.agency_id].append(person)
    order = sorted(groups, key=lambda key: (key[1] != case.owner, not key[0], key[0].casefold()))
    return tuple(
        AgencyAccess(
            id=key,
            name=name,
            is_owner=key is not None and key == case.owner,
            people=tuple(groups[name, key]),
            categories=tuple(
                _category(one, key, case) for one in Category if one in case.reach.categories
            ),
        )
        for name, key in order
    )


def _category(category: Category, agency: UUID | None, case: _Case) -> CategoryAccess:
    label = str(category.label)
    owner = case.owner
    if agency is not None and agency == owner:
        return CategoryAccess(category, label, "own", "", "", None)
    found = case.openings.get((owner, agency, category)) if owner and agency else None
    if found is None:
        return CategoryAccess(category, label, "withheld", "", "", None)
    agreement, until = found
    return CategoryAccess(
        category, label, "open", agreement.title, agreement.get_absolute_url(), until
    )


def _roles(seeing: list[PersonAccess]) -> tuple[RoleLine, ...]:
    """Return what each role that occurs may do, in the order of the catalogue."""
    held = {through.role for person in seeing for through in person.through}
    return tuple(
        RoleLine(
            name=str(CATALOGUE[role].name),
            description=str(CATALOGUE[role].description),
            may=tuple(
                str(DESCRIPTIONS[permission])
                for permission in Permission
                if permission in CATALOGUE[role].permissions
            ),
        )
        for role in Role
        if role in held
    )


def _invited_among(users: Iterable[User]) -> set[UUID]:
    """Return which of these closed accounts wait for their person to accept an invitation."""
    keys = [user.pk for user in users if user.left_on is None]
    rows = Invitation.objects.filter(
        user__in=keys,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
    )
    return set(rows.values_list("user_id", flat=True))


def count_words(account: AccessAccount) -> str:
    """Return how many can see it: "14 people of 5 agencies"."""
    people = ngettext("%(n)s person", "%(n)s people", account.people_count) % {
        "n": account.people_count
    }
    agencies = ngettext("%(n)s agency", "%(n)s agencies", account.agency_count) % {
        "n": account.agency_count
    }
    return _("%(people)s of %(agencies)s") % {"people": people, "agencies": agencies}
