"""Requests for data, gaps and uses of packages for tests."""

from __future__ import annotations

import datetime as dt

import factory

from incidents.models import DataGap, DataRequest, PackageUse
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.actions import ActionFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.programmes import LocationFactory, ProgrammeFactory


class DataRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataRequest

    programme = factory.SubFactory(ProgrammeFactory)
    agency = factory.SubFactory(AgencyFactory)
    wanted = "Noise complaints with date and place"
    first_month = dt.date(2024, 1, 1)
    last_month = dt.date(2024, 3, 1)
    asked_on = dt.date(2024, 4, 2)
    due_on = dt.date(2024, 6, 30)
    asked_by = factory.SubFactory(UserFactory)


class DataGapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataGap

    location = factory.SubFactory(LocationFactory)
    kind = "missing"
    request = factory.SubFactory(DataRequestFactory)
    first_month = dt.date(2024, 1, 1)
    last_month = dt.date(2024, 3, 1)
    action = factory.SubFactory(ActionFactory)


class PackageUseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PackageUse

    meeting = factory.SubFactory(MeetingFactory)
    used_for = "To choose the target places."
