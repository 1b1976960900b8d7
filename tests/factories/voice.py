"""Residents' voice for tests."""

import datetime as dt

import factory

from core import clock
from delivery.choices import AnswerKind, Channel, ConcernKind, ConcernState
from delivery.models import Answer, Concern, Priority, PublicPage, SafeguardingMessage
from tests.factories.programmes import LocationFactory

A_DAY = dt.date(2024, 6, 3)


class PublicPageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublicPage

    location = factory.SubFactory(LocationFactory)
    opened_on = dt.date(2024, 1, 15)


class ConcernFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Concern

    location = factory.SubFactory(LocationFactory)
    kind = ConcernKind.CONCERN
    text = "It is dark behind the garages."
    channel = Channel.PUBLIC_PAGE
    heard_on = A_DAY
    answer_by = dt.date(2024, 6, 28)

    class Params:
        open = factory.Trait(
            state=ConcernState.OPEN,
            public_text="It is dark.",
            published_on=A_DAY,
            read_on=A_DAY,
        )


class PriorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Priority

    location = factory.SubFactory(LocationFactory)
    title = "Light in the garage court"
    agreed_on = A_DAY
    published_on = A_DAY


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    location = factory.SelfAttribute("concern.location")
    concern = factory.SubFactory(ConcernFactory, open=True)
    kind = AnswerKind.DID
    text = "The lamps are repaired."
    answered_on = A_DAY


class SafeguardingMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SafeguardingMessage

    location = factory.SubFactory(LocationFactory)
    text = "I am worried about a child."
    received_on = A_DAY
    received_at = factory.LazyFunction(clock.now)
