"""Leominster with its area, so that places can be near or far."""

import pytest

from tests.factories.places import square


@pytest.fixture
def leominster(people):
    from places.models import AreaDefinition

    people.location.area = AreaDefinition.objects.create(
        kind="lsoa_set", boundary=square(-2.76, 52.21, 0.05)
    )
    people.location.save()
    return people.location
