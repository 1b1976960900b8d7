"""Hexagons in which reports cluster."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point, Polygon

from incidents import selectors
from incidents.models import Category, ForceMonth
from incidents.selectors.clusters import LEAST_CELLS
from places.models import AreaLink
from tests.factories.incidents import ForceFactory, ForceMonthFactory, IncidentFactory
from tests.factories.places import AreaFactory, lsoa_set

pytestmark = pytest.mark.django_db
ASB = "Anti-social behaviour"
CODE = "E01014048"
MARCH, APRIL = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
# Points 0.006 degrees apart are 400 m and more: never two in one hexagon.
WEST, SOUTH, STEP = -2.74, 52.22, 0.006


@pytest.fixture
def month():
    """A month of the force whose area holds the LSOA."""
    force = AreaFactory(
        kind="force", code="E23000016", name="West Mercia", vintage=2024, boundary=None
    )
    AreaLink.objects.create(kind="within", source=AreaFactory(code=CODE), target=force)
    return ForceMonthFactory(month=MARCH, force=ForceFactory(area=force), rows_read=100)


def put(month, column, row, *, count=1, category=ASB, street="On or near High Street"):
    """Store reports at one point of a grid."""
    return IncidentFactory.create_batch(
        count,
        force_month=month,
        point=Point(WEST + STEP * column, SOUTH + STEP * row, srid=4326),
        street=street,
        category=Category.objects.get(name=category),
    )


def cells(first=MARCH, last=MARCH):
    return selectors.cluster_cells(lsoa_set(CODE), first, last, category=ASB)


@pytest.fixture
def grid(month):
    """Five by five points with a report each, and a corner where many lie close together."""
    for column in range(5):
        for row in range(5):
            put(month, column, row, street=f"On or near Street {column}{row}")
    put(month, 0, 0, count=9, street="On or near Corn Square")
    put(month, 0.4, 0, count=9, street="On or near Corn Street")
    return month


def test_every_report_with_a_point_is_in_one_hexagon(grid):
    IncidentFactory(force_month=grid, point=None)
    found = cells()
    assert sum(one.count for one in found) == 25 + 18
    assert len({one.cell for one in found}) == len(found) >= 25
    for one in found:
        assert one.ring[0] == one.ring[-1]
        assert Polygon(one.ring, srid=4326).valid


def test_high_counts_beside_each_other_stand_out(grid):
    found = cells()
    clear = [one for one in found if one.clear]
    assert {one.street for one in clear} <= {
        "On or near Corn Square",
        "On or near Corn Street",
        "On or near Street 00",
    }
    assert clear[0].score == max(one.score for one in found)
    assert clear[0].score > 3


def test_even_counts_make_no_cluster(month):
    for column in range(4):
        for row in range(4):
            put(month, column, row)
    assert [one.score for one in cells()] == [None] * 16
    assert not any(one.clear for one in cells())


def test_a_point_of_another_category_is_a_place_where_a_report_could_be(month):
    for column in range(LEAST_CELLS - 1):
        put(month, column, 0)
    assert cells() == ()
    put(month, 0, 3, category="Burglary", street="On or near Mill Lane")
    found = cells()
    assert len(found) == LEAST_CELLS
    assert [(one.count, one.street) for one in found if not one.count] == [
        (0, "On or near Mill Lane")
    ]


def test_months_before_a_redraw_of_the_points_are_left_out(grid):
    later = ForceMonthFactory(month=APRIL, force=grid.force, rows_read=100)
    ForceMonth.objects.update(points=1000)
    ForceMonth.objects.filter(pk=later.pk).update(points_shared=0.01)
    for column in range(LEAST_CELLS):
        put(later, column, 0)
    assert sum(one.count for one in cells(MARCH, APRIL)) == LEAST_CELLS
