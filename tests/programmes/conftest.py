"""The people of a programme whose location has all eight steps, by the shipped template."""

from __future__ import annotations

import datetime as dt

import pytest

from programmes import services
from programmes.models import Location, StepRecord, StepTemplate
from tests.personas import People


@pytest.fixture
def template(db) -> StepTemplate:
    services.ensure_templates()
    return StepTemplate.objects.get(slug="west-mercia")


@pytest.fixture
def town(people: People, template) -> Location:
    """Leominster with its eight steps; the programme began on Monday 4 December 2023."""
    people.programme.template = template
    people.programme.save()
    people.location.delete()
    town = services.create_location(
        programme=people.programme, name="Leominster", by=people.manager
    )
    from tests.programmes.helpers import give_roles_at

    give_roles_at(people, town)
    return town


@pytest.fixture
def step(town):
    """Return a function that reads one step of the town by its number."""

    def read(number: int) -> StepRecord:
        return town.steps.select_related("definition", "location__programme").get(
            definition__number=number
        )

    return read


@pytest.fixture
def signed(people, step):
    """Return a function that fills and signs the steps up to a number."""
    from tests.programmes.helpers import fill

    def sign(last: int) -> None:
        for number in range(1, last + 1):
            fill(step(number), by=people.coordinator, on=dt.date(2024, 1, 10))
            services.sign_off(record=step(number), by=people.leader, signed_on=dt.date(2024, 2, 1))

    return sign
