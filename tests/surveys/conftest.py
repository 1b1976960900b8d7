"""A location with its people, and a survey of standard questions."""

import datetime as dt

import pytest

from core import clock
from surveys.models import Question
from tests.factories.surveys import SurveyFactory

TODAY = dt.date(2024, 6, 25)


@pytest.fixture(autouse=True)
def _today():
    with clock.business_date(TODAY):
        yield


@pytest.fixture
def standard(db):
    return list(Question.objects.filter(location=None).newest())


@pytest.fixture
def survey(people, standard):
    return SurveyFactory(location=people.location, asks=standard)
