"""Programmes, templates and locations for tests."""

import datetime as dt

import factory

from programmes.models import (
    AgreementParty,
    Consent,
    EvidenceWanted,
    Location,
    Programme,
    SharingAgreement,
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


class ConsentFactory(factory.django.DjangoModelFactory):
    """A consent that stands; ``recorded_by`` is to be given."""

    class Meta:
        model = Consent

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Resident {n}")
    contact = factory.Sequence(lambda n: f"resident{n}@example.test")
    purpose = "contact"
    wording = "We would like to keep your name and how to reach you."
    given_on = dt.date(2024, 6, 1)
    given_how = "spoken"
    marking = "official-sensitive"
    handling = "Share only with agencies that an agreement names."


class SharingAgreementFactory(factory.django.DjangoModelFactory):
    """An agreement in force in June 2024; ``signed`` and ``unsigned`` give its agencies."""

    class Meta:
        model = SharingAgreement
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"Agreement {n}")
    purpose = "To work at one place together."
    legal_basis = "cda-1998-s115"
    categories = factory.LazyFunction(
        lambda: ["people", "force_extracts", "sensitive_notes", "exact_coordinates"]
    )
    starts_on = dt.date(2024, 1, 1)
    review_on = dt.date(2024, 12, 1)
    ends_on = dt.date(2024, 12, 31)

    @factory.post_generation
    def signed(self, create, extracted, **kwargs):
        """Agencies that have signed."""
        for agency in extracted or ():
            AgreementParty.objects.create(
                agreement=self, agency=agency, signed_on=self.starts_on, signed_name="A. Signer"
            )

    @factory.post_generation
    def unsigned(self, create, extracted, **kwargs):
        """Agencies that are asked to sign."""
        for agency in extracted or ():
            AgreementParty.objects.create(agreement=self, agency=agency)
