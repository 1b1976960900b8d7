"""A housing provider's coordinator at a place that the police lead, with an agreement or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.roles import Role
from core.choices import Marking
from core.models import BusinessDate
from programmes import services
from programmes.models import Evidence, SharingAgreement, TargetPlace
from tests.factories.accounts import UserFactory
from tests.factories.programmes import SharingAgreementFactory
from tests.personas import People, give_location_role
from tests.programmes.helpers import note

DAY = dt.date(2024, 1, 10)
SECRETS = ("Masked words", "What nobody else", "example.org/secret", "plans.txt", "Eyes only")


@dataclass(frozen=True)
class Sharing:
    """What the tests of sharing stand on."""

    people: People
    housing_person: User
    secret: Evidence
    place: TargetPlace

    def agree(self, **changes) -> SharingAgreement:
        """Lay down an agreement of police and housing on everything, in force, or otherwise."""
        given = {
            "programme": self.people.programme,
            "signed": [self.people.police, self.people.housing],
            **changes,
        }
        return SharingAgreementFactory(**given)


def on(day: dt.date) -> None:
    """Move the business date."""
    BusinessDate.objects.update(date=day)


def make_sharing(people: People, town, step) -> Sharing:
    """Record a sensitive piece of evidence and draw a place's boundary, both by the police."""
    housing_person = UserFactory(
        email="warden@example.test", name="Wendy Warden", agency=people.housing
    )
    give_location_role(housing_person, town, Role.COORDINATOR)
    secret = note(
        step(1),
        by=people.coordinator,
        on=DAY,
        wanted=step(1).definition.evidence_wanted.first(),
        title="Masked words",
        note="What nobody else should read",
        link="https://example.org/secret",
        upload=SimpleUploadedFile("plans.txt", b"the plan"),
        marking=Marking.OFFICIAL_SENSITIVE,
        handling="Eyes only",
    )
    place = services.create_target_place(location=town, name="Grange", by=people.coordinator)
    services.set_drawn_area(
        owner=place,
        boundary=MultiPolygon(Polygon.from_bbox((-2.7411, 52.2271, -2.7399, 52.2279)), srid=4326),
        by=people.coordinator,
        note="Around the yard of number nine",
    )
    return Sharing(people, housing_person, secret, TargetPlace.objects.get(pk=place.pk))
