"""Programmes, templates and locations for tests."""

import datetime as dt

import factory

from programmes.models import (
    EvidenceWanted,
    Location,
    Programme,
    StepDefinition,
    StepRecord,
    StepTemplate,
    TargetPlace,
)


class StepTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StepTemplate
        django_get_or_create = ("slug", "edition")

    slug = "test-steps"
    edition = 1
    name = "Eight steps"


class StepDefinitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StepDefinition
        django_get_or_create = ("template", "number")

    template = factory.SubFactory(StepTemplateFactory)
    number = factory.Sequence(lambda n: n % 8 + 1)
    name = factory.LazyAttribute(lambda o: f"Step {o.number}")
    first_week = factory.LazyAttribute(lambda o: o.number * 4 - 3)
    last_week = factory.LazyAttribute(lambda o: o.number * 4)


class EvidenceWantedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EvidenceWanted

    step = factory.SubFactory(StepDefinitionFactory)
    key = factory.Sequence(lambda n: f"evidence-{n}")
    label = factory.Sequence(lambda n: f"Evidence {n}")


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")
    template = factory.SubFactory(StepTemplateFactory)
    starts_on = dt.date(2023, 12, 4)


class LocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Location

    programme = factory.SubFactory(ProgrammeFactory)
    slug = factory.Sequence(lambda n: f"location-{n}")
    name = factory.Sequence(lambda n: f"Location {n}")


class TargetPlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TargetPlace

    location = factory.SubFactory(LocationFactory)
    slug = factory.Sequence(lambda n: f"place-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")


class StepRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StepRecord

    location = factory.SubFactory(LocationFactory)
    definition = factory.SubFactory(StepDefinitionFactory)
    planned_start = dt.date(2023, 12, 4)
    planned_end = dt.date(2024, 1, 14)
