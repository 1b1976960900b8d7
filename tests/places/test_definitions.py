"""How the area of a location is defined, and which codes count for it."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Polygon

from core.errors import Conflict, Refused
from places import selectors
from places.models import AreaDefinition, AreaLink
from places.services import define_drawn, define_lsoa_set
from tests.factories.places import AreaFactory, AreaLinkFactory, PopulationFactory, lsoa_set, square

pytestmark = pytest.mark.django_db


def became(old, new, change):
    AreaLinkFactory(
        kind="successor",
        change=change,
        source=AreaFactory(code=old, vintage=2011),
        target=AreaFactory(code=new, vintage=2021),
    )


@pytest.fixture
def lookup():
    became("E01000001", "E01000001", "U")
    became("E01000002", "E01000020", "S")
    became("E01000002", "E01000021", "S")
    became("E01000003", "E01000030", "M")
    became("E01000004", "E01000030", "M")


def test_unchanged_split_and_merged_codes_are_bridged(lookup):
    counting = selectors.codes_for_counting(
        lsoa_set("E01000001", "E01000020", "E01000021", "E01000030")
    )
    assert counting.by_vintage == {
        2011: ("E01000001", "E01000002", "E01000003", "E01000004"),
        2021: ("E01000001", "E01000020", "E01000021", "E01000030"),
    }
    assert counting.codes == (
        "E01000001",
        "E01000002",
        "E01000003",
        "E01000004",
        "E01000020",
        "E01000021",
        "E01000030",
    )
    assert counting.partial == ()


def test_half_of_a_split_lsoa_is_reported_as_partial(lookup):
    counting = selectors.codes_for_counting(lsoa_set("E01000020"))
    assert "E01000002" in counting.codes
    assert [(one.code, one.inside, one.outside) for one in counting.partial] == [
        ("E01000002", ("E01000020",), ("E01000021",))
    ]


def test_a_set_of_older_lsoas_is_bridged_forward(lookup):
    area = AreaFactory(code="E01000003", vintage=2011)
    counting = selectors.codes_for_counting(define_lsoa_set(areas=[area], by=None, note=""))
    assert counting.by_vintage[2021] == ("E01000030",)
    assert counting.partial[0].outside == ("E01000004",)


def test_a_set_has_boundary_residents_and_their_source():
    definition = lsoa_set("E01000001", "E01000002", residents=700)
    assert (definition.residents, definition.residents_source) == (1400, "Census 2021")
    assert definition.boundary.contains(definition.areas.first().boundary.point_on_surface)
    assert {row.residents for row in selectors.areas_with_names(definition)} == {700}


def test_census_2021_comes_before_later_estimates():
    definition = lsoa_set("E01000001", residents=700)
    PopulationFactory(
        area=definition.areas.get(),
        source="Mid-2022 estimates",
        reference_date="2022-06-30",
        residents=900,
    )
    assert selectors.residents(definition) == selectors.Residents(700, "Census 2021")


def test_residents_are_carried_over_where_only_the_other_vintage_has_them(lookup):
    for code in ("E01000001", "E01000002"):
        PopulationFactory(
            area=AreaFactory(code=code, vintage=2011), source="Mid-2020 estimates", residents=1000
        )
    whole = lsoa_set("E01000001", "E01000020", "E01000021", residents=None)
    assert whole.residents == 2000
    assert "carried over from 2011" in whole.residents_source
    half = lsoa_set("E01000020", residents=None)
    assert half.residents is None


def test_missing_figures_are_unknown_not_zero():
    assert lsoa_set("E01000001", residents=None).residents is None


def test_a_set_without_a_boundary_for_each_lsoa_has_none():
    AreaFactory(code="E01000001", boundary=None)
    assert lsoa_set("E01000001", "E01000002").boundary is None


def test_a_set_can_be_changed_and_its_version_counts_up():
    definition = lsoa_set("E01000001", "E01000002")
    stale = AreaDefinition.objects.get(pk=definition.pk)
    other = AreaFactory(code="E01000003")
    changed = define_lsoa_set(areas=[other], by=None, note="New.", definition=definition)
    assert list(changed.areas.all()) == [other]
    assert changed.version == 2
    with pytest.raises(Conflict):
        define_lsoa_set(areas=[other], by=None, note="Late.", definition=stale)


def test_only_lsoas_of_one_vintage_make_a_set():
    with pytest.raises(Refused, match="at least one"):
        define_lsoa_set(areas=[], by=None, note="")
    with pytest.raises(Refused, match="Only LSOAs"):
        define_lsoa_set(areas=[AreaFactory(kind="ward")], by=None, note="")
    with pytest.raises(Refused, match="one vintage"):
        define_lsoa_set(
            areas=[AreaFactory(vintage=2011), AreaFactory(vintage=2021)], by=None, note=""
        )


def test_a_drawn_boundary_counts_residents_by_share_of_surface():
    for west, residents in ((-2.70, 1000), (-2.69, 3000)):
        PopulationFactory(area=AreaFactory(boundary=square(west, 52.2)), residents=residents)
    shape = Polygon.from_bbox((-2.70, 52.2, -2.685, 52.21))
    definition = define_drawn(boundary=shape, by=None, note="By hand.")
    assert definition.residents == 2500
    assert "share of each LSOA’s surface" in definition.residents_source
    beyond = define_drawn(boundary=Polygon.from_bbox((-2.8, 52.2, -2.685, 52.21)), by=None, note="")
    assert beyond.residents is None, "most of it lies where no figures are held"


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("POINT (-2.7 52.2)", "closed shape"),
        ("POLYGON EMPTY", "closed shape"),
        ("POLYGON ((0 52, 1 53, 1 52, 0 53, 0 52))", "crosses itself"),
        ("POLYGON ((10 52, 11 53, 11 52, 10 52))", "outside Great Britain"),
        ("rubbish", "cannot|not a shape"),
    ],
)
def test_a_shape_that_is_no_area_is_refused(shape, words):
    with pytest.raises(Refused, match=words):
        define_drawn(boundary=shape, by=None, note="")


def test_the_hierarchy_follows_the_lookups(lookup):
    ward, district, csp, force = (
        AreaFactory(kind=kind, code=kind.upper(), vintage=2024, boundary=None)
        for kind in ("ward", "district", "csp", "force")
    )
    for source, target in (
        (AreaFactory(code="E01000020"), ward),
        (AreaFactory(code="E01000021"), ward),
        (ward, district),
        (district, csp),
        (csp, force),
    ):
        AreaLink.objects.create(kind="within", source=source, target=target)
    definition = lsoa_set("E01000020")
    found = selectors.hierarchy(definition)
    assert [ref.code for ref in (*found.wards, *found.districts, *found.csps, *found.forces)] == [
        "WARD",
        "DISTRICT",
        "CSP",
        "FORCE",
    ]
    older = define_lsoa_set(areas=[AreaFactory(code="E01000002", vintage=2011)], by=None, note="")
    assert [ref.code for ref in selectors.hierarchy(older).forces] == ["FORCE"]
    assert len(selectors.lsoas_under(force.pk)) == 2
