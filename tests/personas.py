"""The people of the tests: one for each role, and the neighbour who matters most."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.grants import give_role
from accounts.models import Agency, User
from accounts.roles import Role
from programmes.models import Location, LocationMembership, Programme, ProgrammeMembership
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import LocationFactory, ProgrammeFactory

LONG_AGO = dt.date(2023, 1, 1)


@dataclass(frozen=True)
class People:
    """Everyone, and the two programmes they stand in.

    ``police`` lead the programme and employ its people; the partner is ``housing``'s.
    """

    police: Agency
    housing: Agency

    programme: Programme
    location: Location
    other_programme: Programme
    other_location: Location
    manager: User
    coordinator: User
    community: User
    partner: User
    leader: User
    analyst: User
    verifier: User
    researcher: User
    neighbour: User
    stranger: User
    admin: User


def make_people() -> People:
    """Make two programmes with a location each, and people with their roles."""
    police = AgencyFactory(name="West Mercia Police", kind="police")
    housing = AgencyFactory(name="Marches Housing", kind="housing")
    council = AgencyFactory(name="Redditch Council", kind="council")
    programme = ProgrammeFactory(slug="west-mercia", name="West Mercia", lead_agency=police)
    location = LocationFactory(programme=programme, slug="leominster", name="Leominster")
    other_programme = ProgrammeFactory(slug="redditch", name="Redditch", lead_agency=council)
    other_location = LocationFactory(programme=other_programme, slug="redditch-town")
    users = {
        name: UserFactory(
            email=f"{name}@example.test",
            name=name.title(),
            agency={"partner": housing, "neighbour": council, "stranger": None}.get(name, police),
        )
        for name in (
            "manager",
            "coordinator",
            "community",
            "partner",
            "leader",
            "analyst",
            "verifier",
            "researcher",
            "neighbour",
            "stranger",
        )
    }
    admin = UserFactory(email="admin@example.test", name="Admin", is_staff=True)
    for name, role, anchor in (
        ("manager", Role.PROGRAMME_MANAGER, programme),
        ("coordinator", Role.COORDINATOR, location),
        ("community", Role.COMMUNITY_COORDINATOR, location),
        ("partner", Role.PARTNER, location),
        ("leader", Role.LEADER, programme),
        ("analyst", Role.ANALYST, programme),
        ("verifier", Role.VERIFIER, location),
        ("researcher", Role.RESEARCHER, programme),
        ("neighbour", Role.COORDINATOR, other_location),
    ):
        kind = ProgrammeMembership if isinstance(anchor, Programme) else LocationMembership
        give_role(
            membership_model=kind,
            user=users[name],
            anchor=anchor,
            role=role,
            starts_on=LONG_AGO,
            by=admin,
        )
    return People(
        police=police,
        housing=housing,
        programme=programme,
        location=location,
        other_programme=other_programme,
        other_location=other_location,
        admin=admin,
        **users,
    )


def give_location_role(user, location, role, *, starts_on=LONG_AGO, ends_on=None):
    """Give a role at a location, as the system."""
    return give_role(
        membership_model=LocationMembership,
        user=user,
        anchor=location,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        by=None,
    )
