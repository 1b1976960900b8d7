"""The people of the access matrix: the tests' own personas, and those at the edges of a role.

Agencies: the police lead the programme; housing is asked to sign an agreement and has not. Of four
more agencies with people at Leominster, ``covered``'s shares everything with the police and with
Teme; ``lapsed``'s did until yesterday; ``other_agency``'s never did; ``teme`` owns records at
Leominster and shares them with ``covered``'s alone, not with the police.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.grants import give_role
from accounts.models import Agency, AgencyMembership, User
from accounts.roles import Role
from accounts.services import create_token
from accounts.sharing import Category
from programmes.models import ProgrammeMembership
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.programmes import SharingAgreementFactory
from tests.personas import LONG_AGO, People, give_location_role
from tests.signing import sign_in_by_link, sign_in_by_password, sign_in_fully

YESTERDAY = dt.date(2024, 6, 24)
PERSONAS = (
    "anonymous",
    "stranger",
    "neighbour",
    "researcher",
    "admin",
    "partner",
    "community",
    "verifier",
    "analyst",
    "leader",
    "coordinator",
    "manager",
    "suspended",
    "invited",
    "ex_member",
    "other_agency",
    "lapsed",
    "covered",
    "teme",
    "agency_leader",
    "password_only",
    "link_session",
    "token_reader",
)
SIGN_IN: dict[str, Callable[[Any, Any], None]] = {
    "password_only": sign_in_by_password,
    "link_session": sign_in_by_link,
}


@dataclass(frozen=True)
class Cast:
    """Everyone by the name of their column, and the agencies behind them."""

    people: People
    users: dict[str, User]
    agencies: dict[str, Agency]
    token: str

    def client(self, persona: str) -> Client:
        """Return a client in a session as sure as the persona's; no session where it has none."""
        client = Client(raise_request_exception=False)
        if persona == "token_reader":
            return Client(
                raise_request_exception=False, headers={"Authorization": f"Token {self.token}"}
            )
        if persona != "anonymous":
            SIGN_IN.get(persona, sign_in_fully)(client, self.users[persona])
        return client


def make_cast(people: People) -> Cast:
    """Add the people at the edges, and the agreements between their agencies."""
    agencies = {
        "police": people.police,
        "housing": people.housing,
        "none": AgencyFactory(name="Severn Health"),
        "lapsed": AgencyFactory(name="Marches Probation"),
        "covered": AgencyFactory(name="Hereford Council"),
        "teme": AgencyFactory(name="Teme Valley Charity"),
    }
    users = {
        name: getattr(people, name) for name in PERSONAS if getattr(people, name, None) is not None
    }
    employer = {
        "other_agency": "none",
        "lapsed": "lapsed",
        "covered": "covered",
        "teme": "teme",
        "agency_leader": "housing",
        "link_session": "housing",
    }
    for name in PERSONAS:
        if name not in users and name != "anonymous":
            users[name] = UserFactory(
                email=f"{name}@example.test",
                name=name.replace("_", " ").title(),
                agency=agencies[employer.get(name, "police")],
            )
    _give_roles(people, users, agencies)
    _agree(people, agencies)
    _, token = create_token(user=users["token_reader"], name="reads", by=None, may_write=False)
    sign_in_fully(Client(), users["token_reader"])  # has a second factor, as tokens ask for
    return Cast(people, users, agencies, token)


def _give_roles(people: People, users: dict[str, User], agencies: dict[str, Agency]) -> None:
    for name in ("other_agency", "lapsed", "covered", "teme", "password_only", "token_reader"):
        give_location_role(users[name], people.location, Role.COORDINATOR)
    give_location_role(users["suspended"], people.location, Role.COORDINATOR)
    give_location_role(users["invited"], people.location, Role.COORDINATOR)
    give_location_role(users["ex_member"], people.location, Role.COORDINATOR, ends_on=YESTERDAY)
    give_location_role(users["link_session"], people.location, Role.PARTNER)
    give_role(
        membership_model=AgencyMembership,
        user=users["agency_leader"],
        anchor=agencies["housing"],
        role=Role.LEADER,
        starts_on=LONG_AGO,
        by=None,
    )
    give_role(  # so that the neighbour's programme has a leader too
        membership_model=ProgrammeMembership,
        user=UserFactory(email="n-leader@example.test", agency=people.neighbour.agency),
        anchor=people.other_programme,
        role=Role.LEADER,
        starts_on=LONG_AGO,
        by=None,
    )
    User.objects.filter(pk__in=[users["suspended"].pk, users["invited"].pk]).update(is_active=False)
    users["suspended"].is_active = users["invited"].is_active = False


def _agree(people: People, agencies: dict[str, Agency]) -> None:
    everything = [category.value for category in Category]
    police, teme = agencies["police"], agencies["teme"]
    for signed in ([police, agencies["covered"]], [teme, agencies["covered"]]):
        SharingAgreementFactory(programme=people.programme, categories=everything, signed=signed)
    SharingAgreementFactory(
        programme=people.programme,
        categories=everything,
        signed=[police, teme, agencies["lapsed"]],
        review_on=YESTERDAY,
        ends_on=YESTERDAY,
    )
