"""The list of people and their roles."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.roles import role_choices
from accounts.sharing import Category
from core.exports import Column, Export
from core.exports.registry import Chained
from core.personal import Personal
from programmes import policy
from programmes.exports.common import DATE, SCOPES, locations_in, may_lead_sensitive, programme_of
from programmes.models import Location, LocationMembership, Programme, ProgrammeMembership
from programmes.sharing import shared_with


def _members(user: Any, scope: Programme | Location) -> Chained:
    """Return the roles on the programme, then those at its locations (or at the one)."""
    at = LocationMembership.objects.filter(anchor__in=locations_in(user, scope))
    over = ProgrammeMembership.objects.filter(anchor=programme_of(scope))
    return Chained(
        [
            rows.visible_to(user, Permission.VIEW)
            .select_related("user__agency", "anchor")
            .order_by("anchor__name", "starts_on", "pk")
            for rows in (over, at)
        ]
    )


def _contacts_withheld(user: Any, scope: Any) -> Callable[[Any], Collection[str]]:
    shared = shared_with(user, programme_of(scope))
    reads = policy.holds(user, Permission.PEOPLE_READ, scope)

    def withheld(row: Any) -> Collection[str]:
        own = row.user_id == user.pk
        covered = reads and shared.covers(Category.PEOPLE, row.user.agency_id)
        return () if own or covered else ("email",)

    return withheld


MEMBERS = Export(
    key="programmes.members",
    title=_("People and roles"),
    description=_("Who holds which role from when to when, and how to reach them."),
    model=ProgrammeMembership,
    scopes=SCOPES,
    permissions=(Permission.EXPORT, Permission.VIEW),
    queryset=_members,
    withheld=_contacts_withheld,
    may_sensitive=may_lead_sensitive,
    order=40,
    columns=(
        Column(
            key="anchor",
            title=_("Where"),
            description=_("The programme or location on which the role is held."),
            value="anchor.name",
        ),
        Column(
            key="name",
            title=_("Name"),
            description=_("The person's name."),
            value="user.name",
            personal=Personal.IDENTITY,
        ),
        Column(
            key="agency",
            title=_("Agency"),
            description=_("The agency the person belongs to."),
            value="user.agency.name",
        ),
        Column(
            key="role",
            title=_("Role"),
            description=_("What the person may do there; the role catalogue says it in full."),
            value=lambda row: str(row.description.name),
            choices=[(label, label) for _value, label in role_choices()],
        ),
        Column(
            key="starts_on",
            title=_("From"),
            description=_("First day of the role."),
            type=DATE,
        ),
        Column(
            key="ends_on",
            title=_("Until"),
            description=_("Last day of the role; empty: open."),
            type=DATE,
        ),
        Column(
            key="email",
            title=_("E-mail"),
            description=_("How to reach the person, where an agreement covers it."),
            value="user.email",
            personal=Personal.CONTACT,
            category=Category.PEOPLE,
        ),
    ),
)
