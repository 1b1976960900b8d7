"""Help asked for, and the verification of steps."""

from __future__ import annotations

import datetime as dt

import factory

from delivery.models import HelpRequest
from programmes.models import Verification
from tests.factories.accounts import UserFactory
from tests.factories.programmes import LocationFactory, StepRecordFactory


class HelpRequestFactory(factory.django.DjangoModelFactory):
    """A request that was sent on 17 June and waits for a decision by 28 June."""

    class Meta:
        model = HelpRequest

    location = factory.SubFactory(LocationFactory)
    tier = "tasking"
    state = "sent"
    title = "Let the contractor in"
    reason = "The lamps have been out since winter."
    sent_on = dt.date(2024, 6, 17)
    sent_by = factory.SubFactory(UserFactory)
    decide_by = dt.date(2024, 6, 28)


class VerificationFactory(factory.django.DjangoModelFactory):
    """A step that was sent to the verifier."""

    class Meta:
        model = Verification

    step_record = factory.SubFactory(StepRecordFactory)
    kind = "sent"
    text = "Ask the community coordinator first."
    said_on = dt.date(2024, 6, 11)
    said_by = factory.SubFactory(UserFactory)
