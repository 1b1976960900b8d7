"""Assets, stakeholders, links and walks for tests; who recorded them is to be given."""

import datetime as dt

import factory
from django.contrib.gis.geos import Point

from assets.models import (
    Asset,
    Connection,
    NetworkLink,
    Observation,
    Stakeholder,
    VisualAudit,
)
from tests.factories.programmes import ConsentFactory, LocationFactory

A_DATE = dt.date(2024, 6, 1)


def point(longitude=-2.739, latitude=52.227):
    return Point(longitude, latitude, srid=4326)


class AssetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Asset

    location = factory.SubFactory(LocationFactory)
    kind = "place"
    name = factory.Sequence(lambda n: f"Hall {n}")
    offers = "Seats eighty."
    last_checked_on = A_DATE

    class Params:
        person = factory.Trait(
            kind="person",
            consent=factory.SubFactory(
                ConsentFactory,
                purpose="contributor",
                location=factory.SelfAttribute("..location"),
                name=factory.SelfAttribute("..name"),
                agency=factory.SelfAttribute("..agency"),
                recorded_by=factory.SelfAttribute("..recorded_by"),
            ),
        )


class ConnectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Connection

    source = factory.SubFactory(AssetFactory)
    target = factory.SubFactory(AssetFactory)
    location = factory.SelfAttribute("source.location")
    how = "Lends its hall"


class StakeholderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stakeholder

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Council {n}")
    sector = "council"
    judged_on = A_DATE


class NetworkLinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkLink

    source = factory.SubFactory(StakeholderFactory)
    target = factory.SubFactory(StakeholderFactory)
    location = factory.SelfAttribute("source.location")
    kind = "works"
    seen_on = A_DATE


class VisualAuditFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VisualAudit

    location = factory.SubFactory(LocationFactory)
    walked_on = A_DATE
    route = "From the station to the court"


class ObservationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Observation

    audit = factory.SubFactory(VisualAuditFactory)
    kind = "improve"
    theme = "lighting"
    text = "Two lamps are out."
