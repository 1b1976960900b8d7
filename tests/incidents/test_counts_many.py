"""Counts of many areas at once are those of each area alone."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from incidents import selectors
from incidents.models import ForceMonth, Incident
from places.choices import AreaKind, DefinitionKind, LinkKind
from places.many import codes_of_many
from places.models import Area, AreaDefinition, AreaDefinitionMember, AreaLink, AreaPart
from places.selectors import codes_for_counting
from tests.factories.programmes import LocationFactory
from tests.incidents.streets import ASB, hold_month, make_areas

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 4, 1)


def one_by_one(definitions, first=FIRST, last=LAST, category=ASB):
    result = {}
    for one in definitions:
        try:
            result[one.pk] = tuple(
                selectors.monthly_counts(one, first, last, categories=[category])
            )
        except Refused as error:
            result[one.pk] = str(error)
    return result


def together(definitions, first=FIRST, last=LAST, category=ASB):
    found = selectors.monthly_counts_of(definitions, first, last, category=category)
    return {pk: str(one.refused) if one.refused else one.months for pk, one in found.items()}


def lsoa_set(*areas):
    made = AreaDefinition.objects.create(kind=DefinitionKind.LSOA_SET)
    for area in areas:
        AreaDefinitionMember.objects.create(definition=made, area=area)
    return made


def drawn(box, residents=4000):
    return AreaDefinition.objects.create(
        kind=DefinitionKind.DRAWN,
        boundary=MultiPolygon(Polygon.from_bbox(box), srid=4326),
        residents=residents,
    )


@pytest.fixture
def town():
    make_areas(LocationFactory())
    for area in Area.objects.filter(kind=AreaKind.LSOA):
        AreaPart.objects.create(area=area, piece=area.boundary[0])
    hold_month("2024-01", {"E01000001": 7, "E01000002": 3, "E01000009": 5}, other=4, without=2)
    hold_month("2024-02", {"E01000001": 1, "E01000009": 2}, other=1)
    hold_month("2024-04", {"E01000002": 6})
    return list(Area.objects.filter(kind=AreaKind.LSOA).order_by("code"))


def test_sets_that_share_lsoas_and_drawn_areas_side_by_side(town):
    one, two, three = town
    asked = [
        lsoa_set(one),
        lsoa_set(one, two),
        lsoa_set(one, two, three),
        lsoa_set(),
        drawn((-2.80, 52.20, -2.79, 52.21)),
        drawn((-2.80, 52.20, -2.78, 52.21)),
        drawn((0.0, 51.0, 0.1, 51.1)),
        drawn((-2.80, 52.20, -2.79, 52.21), residents=900),
        drawn((-2.80, 52.20, -2.79, 52.21), residents=None),
    ]
    found = together(asked)
    assert found == one_by_one(asked)
    assert [one.count for one in found[asked[0].pk]] == [7, 1, None, 0]
    assert [one.count for one in found[asked[2].pk]] == [15, 3, None, 6]
    assert [one.count for one in found[asked[5].pk]] == [10, 1, None, 6]
    assert "1,000" in found[asked[7].pk]
    assert together(asked, category="Burglary") == one_by_one(asked, category="Burglary")
    assert together(asked, category="Witchcraft") == one_by_one(asked, category="Witchcraft")
    assert together(asked[:5], first=LAST, last=FIRST) == {one.pk: () for one in asked[:5]}
    assert together([]) == {}


def test_a_force_of_which_nothing_is_held_is_missing_not_zero(town):
    Incident.objects.all().delete()
    ForceMonth.objects.all().delete()
    asked = [lsoa_set(town[0]), drawn((-2.80, 52.20, -2.79, 52.21))]
    found = together(asked)
    assert found == one_by_one(asked)
    assert {one.count for one in found[asked[0].pk]} == {None}


def test_without_a_lookup_the_force_that_reports_most_counts(town):
    AreaLink.objects.all().delete()
    asked = [lsoa_set(town[0]), lsoa_set(town[2]), drawn((-2.80, 52.20, -2.79, 52.21))]
    found = together(asked)
    assert found == one_by_one(asked)
    assert [one.count for one in found[asked[0].pk]] == [7, 1, None, 0]


def test_a_redraw_of_the_points_refuses_every_drawn_area(town):
    ForceMonth.objects.update(points=1000)
    ForceMonth.objects.filter(month=dt.date(2024, 4, 1)).update(points_shared=0.01)
    asked = [drawn((-2.80, 52.20, -2.79, 52.21)), drawn((-2.80, 52.20, -2.77, 52.21))]
    found = together(asked)
    assert found == one_by_one(asked)
    assert all("redrawn" in words for words in found.values())
    before = together(asked, last=dt.date(2024, 2, 1))
    assert before == one_by_one(asked, last=dt.date(2024, 2, 1))
    assert [one.count for one in before[asked[0].pk]] == [7, 1]


def test_codes_of_split_and_merged_lsoas_are_those_of_each_set_alone():
    """Over random lookups of three vintages, with splits, merges and unchanged LSOAs."""
    random_ = random.Random(7)
    years = (2001, 2011, 2021)
    areas = {
        year: [
            Area.objects.create(
                kind=AreaKind.LSOA, code=f"E0{year % 100:02}{n:05}", vintage=year, name=f"{n}"
            )
            for n in range(30)
        ]
        for year in years
    }
    for older, newer in ((2001, 2011), (2011, 2021)):
        for n, area in enumerate(areas[older]):
            for m in {n, random_.randrange(30)} if random_.random() < 0.3 else {n}:
                AreaLink.objects.create(
                    kind=LinkKind.SUCCESSOR, source=area, target=areas[newer][m]
                )
    sets = [
        lsoa_set(*random_.sample(areas[random_.choice(years)], random_.randint(1, 6)))
        for __ in range(60)
    ]
    assert {pk: tuple(sorted(codes)) for pk, codes in codes_of_many(sets).items()} == {
        one.pk: codes_for_counting(one).codes for one in sets
    }


def test_many_areas_take_no_more_queries_than_two(town):
    few = [lsoa_set(town[0]), drawn((-2.80, 52.20, -2.79, 52.21))]
    many = [
        *(lsoa_set(*town[: 1 + n % 3]) for n in range(40)),
        *(drawn((-2.80, 52.20, -2.79 + n / 2000, 52.21)) for n in range(40)),
    ]

    def queries(definitions):
        with CaptureQueriesContext(connection) as captured:
            together(definitions)
        return len(captured)

    assert queries(many) == queries(few)
    assert together(many) == one_by_one(many)


def test_many_polygons_read_the_reports_once_and_count_the_same(town, monkeypatch):
    asked = [drawn((-2.80, 52.20, -2.79 + n / 500, 52.21)) for n in range(12)]
    around = together(asked)
    monkeypatch.setattr("incidents.selectors.many.MANY", 2)
    assert together(asked) == around == one_by_one(asked)


def test_polygons_between_two_forces_belong_to_those_they_touch(town):
    """LSOAs that are only near, within the polygon's box, bring no force with them."""
    three = town[2]
    other = Area.objects.create(kind=AreaKind.FORCE, code="E23000099", vintage=2024, name="Other")
    AreaLink.objects.filter(source=three).delete()
    AreaLink.objects.create(kind=LinkKind.WITHIN, source=three, target=other)
    slanted = AreaDefinition.objects.create(
        kind=DefinitionKind.DRAWN,
        boundary=MultiPolygon(
            Polygon(((-2.80, 52.20), (-2.79, 52.20), (-2.775, 52.30), (-2.80, 52.20))), srid=4326
        ),
        residents=4000,
    )
    asked = [slanted, drawn((-2.80, 52.20, -2.77, 52.21)), drawn((-2.775, 52.20, -2.77, 52.21))]
    found = selectors.forces_of_each(asked)
    assert {pk: [force.slug for force in forces] for pk, forces in found.items()} == {
        one.pk: [force.slug for force in selectors.forces_of(one)] for one in asked
    }
    assert [force.slug for force in found[slanted.pk]] == ["west-mercia"]
    assert together(asked) == one_by_one(asked)
