"""Synthetic programmes for load tests: many locations, many people, everything marked as such.

Nothing here is a demonstration for people to look at. It goes into a database of its own, or beside
the demonstration; never into one that real people use.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.grants import load_memberships
from accounts.models import Agency, User
from accounts.roles import Role
from accounts.sharing import Category, LegalBasis
from core import clock
from core.errors import Refused
from core.files import store
from core.history import because
from core.models import StoredFile
from demo.scale.work import remove_work, seed_work
from incidents.models import DataPackage
from programmes.choices import ConsentPurpose, ConsentWay
from programmes.models import (
    AgreementParty,
    Consent,
    Evidence,
    Location,
    LocationMembership,
    Programme,
    ProgrammeMembership,
    SharingAgreement,
    StepDefinition,
    StepRecord,
    StepTemplate,
    TargetPlace,
)
from programmes.services import ensure_templates
from programmes.steps import planned_dates

PER_PROGRAMME = 30  # locations
AGENCIES = 8
BEGINNING = "scale-"
DOMAIN = "load.example"
MARK = "Synthetic: made for load tests"
NAMED = 3  # people with a fixed part: one location, every location of a programme, the programme
LEAST_PEOPLE = 12
BATCH = 2_000
AT_LOCATION = (Role.COORDINATOR, Role.COMMUNITY_COORDINATOR, Role.PARTNER, Role.VERIFIER)
AT_PROGRAMME = (Role.PROGRAMME_MANAGER, Role.LEADER, Role.ANALYST, Role.RESEARCHER)
COMMON: dict[str, Any] = {"is_demonstration": True, "handling": MARK}


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made: rows by name, seconds, and the e-mail addresses of people with a fixed part.

    ``one_location``, ``thirty_locations`` and ``whole_programme`` hold a role on just that.
    """

    rows: dict[str, int]
    seconds: float
    one_location: str
    thirty_locations: str
    whole_programme: str


def seed(*, locations: int, users: int) -> Seeded:
    """Make so many synthetic locations and people, in one transaction.

    Raises core.errors.Refused in production, in a database with real people, where such data lie
    already, and for fewer than one location or twelve people.
    """
    _refuse(locations, users)
    began = time.monotonic()
    with transaction.atomic(), because(reason=MARK):
        on = clock.today()
        ensure_templates()
        people = _people(users, _agencies())
        programmes = _programmes(locations, on)
        places = _locations(programmes, locations)
        rows = {
            "people": len(people),
            "programmes": len(programmes),
            "locations": len(places),
            "places": _target_places(places),
            "roles": _roles(people, programmes, places, on),
            "steps": _steps(places),
            "evidence": _evidence(places, people),
            "packages": _packages(places, on),
            "agreements": _agreements(programmes, on),
            "consents": _consents(places, people, on),
            **seed_work(places, people, on, COMMON),
        }
    return Seeded(rows, time.monotonic() - began, *(person.email for person in people[:NAMED]))


@transaction.atomic
def remove() -> int:
    """Remove every synthetic programme and person of ``seed``; return how many rows went.

    History and ledger keep that they were there. Raises core.errors.Refused in production.
    """
    if settings.PRODUCTION:
        raise Refused("There are no load-test data in production.")
    mine = {"location__programme__slug__startswith": BEGINNING}
    removed = 0
    with because(reason=f"{MARK}; removed"):
        removed += remove_work(Location.objects.filter(programme__slug__startswith=BEGINNING))
        for rows in (
            Evidence.objects.filter(step_record__location__programme__slug__startswith=BEGINNING),
            DataPackage.objects.filter(**mine),
            Consent.objects.filter(**mine),
            AgreementParty.objects.filter(agreement__programme__slug__startswith=BEGINNING),
            SharingAgreement.objects.filter(programme__slug__startswith=BEGINNING),
            StepRecord.objects.filter(**mine),
            TargetPlace.objects.filter(**mine),
        ):
            removed += rows.delete()[0]
        removed += Programme.objects.filter(slug__startswith=BEGINNING).delete()[0]
        removed += User.objects.filter(email__endswith=f"@{DOMAIN}").delete()[0]
        removed += Agency.objects.filter(name__startswith=BEGINNING).delete()[0]
    return removed


def _refuse(locations: int, users: int) -> None:
    if settings.PRODUCTION:
        raise Refused("Load-test data are not made in production.")
    if locations < 1 or users < LEAST_PEOPLE:
        raise Refused(f"Ask for at least one location and {LEAST_PEOPLE} people.")
    if Programme.objects.filter(slug__startswith=BEGINNING).exists():
        raise Refused(
            "This database holds load-test data already. Remove them first: "
            "bin/manage seed_scale --remove"
        )
    if User.objects.filter(is_demonstration=False).exists():
        raise Refused(
            "This database holds real people, among whom synthetic ones must not be mixed. "
            "Give DATABASE_URL a database of its own, and drop that when the tests are done."
        )


def _agencies() -> list[Agency]:
    return Agency.objects.bulk_create(
        Agency(name=f"{BEGINNING}agency-{number}", kind="council", **COMMON)
        for number in range(1, AGENCIES + 1)
    )


def _people(users: int, agencies: list[Agency]) -> list[User]:
    return User.objects.bulk_create(
        [
            User(
                email=f"{BEGINNING}{number:05d}@{DOMAIN}",
                name=f"Synthetic person {number}",
                agency=agencies[(number - 1) % AGENCIES],
                password=make_password(None),
                is_demonstration=True,
            )
            for number in range(1, users + 1)
        ],
        batch_size=BATCH,
    )


def _programmes(locations: int, on: dt.date) -> list[Programme]:
    template = StepTemplate.objects.order_by("-slug", "-edition")[0]
    lead = Agency.objects.filter(name__startswith=BEGINNING)[0]
    return Programme.objects.bulk_create(
        Programme(
            slug=f"{BEGINNING}programme-{number:03d}",
            name=f"Synthetic programme {number}",
            template=template,
            lead_agency=lead,
            starts_on=on - dt.timedelta(weeks=16),
            **COMMON,
        )
        for number in range(1, -(-locations // PER_PROGRAMME) + 1)
    )


def _locations(programmes: list[Programme], locations: int) -> list[Location]:
    return Location.objects.bulk_create(
        [
            Location(
                programme=programmes[number // PER_PROGRAMME],
                slug=f"{BEGINNING}location-{number + 1:05d}",
                name=f"Synthetic location {number + 1}",
                **COMMON,
            )
            for number in range(locations)
        ],
        batch_size=BATCH,
    )


def _target_places(locations: list[Location]) -> int:
    places = [
        TargetPlace(location=location, slug=f"place-{n}", name=f"Synthetic place {n}", **COMMON)
        for location in locations
        for n in (1, 2)
    ]
    return len(TargetPlace.objects.bulk_create(places, batch_size=BATCH))


def _roles(
    people: list[User], programmes: list[Programme], locations: list[Location], on: dt.date
) -> int:
    """Give each location and programme one person of each role, by turns among the rest."""
    one, thirty, whole = people[:NAMED]
    others = people[NAMED:]
    turn = count()
    since = {"starts_on": on - dt.timedelta(weeks=16), **COMMON}

    def given(model: type[Any], anchors: list[Any], roles: tuple[Role, ...]) -> Iterator[Any]:
        for anchor in anchors:
            for role in roles:
                person = others[next(turn) % len(others)]
                yield model(user=person, anchor=anchor, role=role, **since)

    at_location = [
        LocationMembership(user=one, anchor=locations[0], role=Role.COORDINATOR, **since),
        *(
            LocationMembership(user=thirty, anchor=location, role=Role.COORDINATOR, **since)
            for location in locations[:PER_PROGRAMME]
        ),
        *given(LocationMembership, locations, AT_LOCATION),
    ]
    at_programme = [
        ProgrammeMembership(user=whole, anchor=programmes[0], role=Role.PROGRAMME_MANAGER, **since),
        *given(ProgrammeMembership, programmes, AT_PROGRAMME),
    ]
    stored = load_memberships(memberships=at_location, membership_model=LocationMembership, on=on)
    return stored + load_memberships(
        memberships=at_programme, membership_model=ProgrammeMembership, on=on
    )


def _steps(locations: list[Location]) -> int:
    template = locations[0].programme.template
    plan = [
        (step, *planned_dates(locations[0].programme.starts_on, step.first_week, step.last_week))
        for step in StepDefinition.objects.filter(template=template)
    ]
    records = [
        StepRecord(
            location=location, definition=step, planned_start=start, planned_end=end, **COMMON
        )
        for location in locations
        for step, start, end in plan
    ]
    return len(StepRecord.objects.bulk_create(records, batch_size=BATCH))


def _evidence(locations: list[Location], people: list[User]) -> int:
    """Record two pieces on each of the first four steps."""
    steps = StepRecord.objects.filter(
        location__in=locations, definition__number__lte=4
    ).select_related(None)
    pieces = [
        Evidence(
            step_record=step,
            title=f"Synthetic evidence {n}",
            note="Made for load tests.",
            done_on=step.planned_start + dt.timedelta(days=n),
            recorded_by=people[0],
            **COMMON,
        )
        for step in steps
        for n in (1, 2)
    ]
    return len(Evidence.objects.bulk_create(pieces, batch_size=BATCH))


def _packages(locations: list[Location], on: dt.date) -> int:
    """Make one package a location; all share one small file that says what it is."""
    file: StoredFile = store(f"{MARK}\n".encode(), name="synthetic.csv")
    packages = [
        DataPackage(
            location=location,
            first_month=dt.date(on.year, 1, 1),
            last_month=dt.date(on.year, 3, 1),
            recipe={"synthetic": True},
            fingerprint="0" * 64,
            built_on=on,
            file=file,
            briefing_html=file,
            briefing_pdf=file,
            **COMMON,
        )
        for location in locations
    ]
    return len(DataPackage.objects.bulk_create(packages, batch_size=BATCH))


def _agreements(programmes: list[Programme], on: dt.date) -> int:
    """Let three agencies of each programme share everything."""
    agencies = Agency.objects.filter(name__startswith=BEGINNING)[:3]
    agreements = SharingAgreement.objects.bulk_create(
        SharingAgreement(
            programme=programme,
            title="Synthetic agreement",
            purpose=MARK,
            legal_basis=LegalBasis.PUBLIC_TASK,
            categories=[category.value for category in Category],
            starts_on=on - dt.timedelta(weeks=16),
            review_on=on + dt.timedelta(weeks=20),
            ends_on=on + dt.timedelta(weeks=40),
            **COMMON,
        )
        for programme in programmes
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement,
            agency=agency,
            signed_on=agreement.starts_on,
            signed_name="Synthetic signature",
            on_paper=True,
            **COMMON,
        )
        for agreement in agreements
        for agency in agencies
    )
    return len(agreements)


def _consents(locations: list[Location], people: list[User], on: dt.date) -> int:
    consents = [
        Consent(
            location=location,
            name=f"Synthetic resident {n}",
            purpose=ConsentPurpose.CONTRIBUTOR,
            wording=MARK,
            given_on=on - dt.timedelta(weeks=n),
            given_how=ConsentWay.SPOKEN,
            recorded_by=people[0],
            **COMMON,
        )
        for location in locations
        for n in (1, 2)
    ]
    return len(Consent.objects.bulk_create(consents, batch_size=BATCH))
