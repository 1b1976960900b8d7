"""Counting, coverage, ranking and what street data must refuse."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import Point, Polygon

from core.errors import Refused
from incidents import selectors
from incidents.models import Category
from places.models import AreaLink, Classification, Deprivation
from places.services import define_drawn
from tests.factories.incidents import ForceFactory, ForceMonthFactory, IncidentFactory
from tests.factories.places import AreaFactory, AreaLinkFactory, PopulationFactory, lsoa_set, square

pytestmark = pytest.mark.django_db
ASB = ["Anti-social behaviour"]
CODE = "E01014048"


def month(number, year=2024):
    return dt.date(year, number, 1)


def held(number, rows=100, year=2024, **options):
    return ForceMonthFactory(month=month(number, year), rows_read=rows, **options)


@pytest.fixture
def west_mercia():
    """A force whose area holds the LSOA by the lookup."""
    area = AreaFactory(
        kind="force", code="E23000016", name="West Mercia", vintage=2024, boundary=None
    )
    district = AreaFactory(
        kind="district", code="E06000019", name="Herefordshire", vintage=2024, boundary=None
    )
    AreaLink.objects.create(kind="within", source=AreaFactory(code=CODE), target=district)
    AreaLink.objects.create(kind="within", source=AreaFactory(code="E01014049"), target=district)
    AreaLink.objects.create(kind="within", source=district, target=area)
    return ForceFactory(area=area)


def test_a_month_not_held_is_missing_and_a_held_one_without_reports_is_zero(west_mercia):
    IncidentFactory.create_batch(3, force_month=held(1))
    held(2)
    counts = selectors.monthly_counts(lsoa_set(CODE), month(1), month(3), categories=ASB)
    assert [(one.count, one.status) for one in counts] == [
        (3, "observed"),
        (0, "observed"),
        (None, "missing"),
    ]


def test_all_fourteen_categories_are_counted_where_none_is_named(west_mercia):
    IncidentFactory(force_month=held(1))
    counts = selectors.monthly_counts(lsoa_set(CODE), month(1), month(1))
    assert len(counts) == 14
    assert sum(one.count for one in counts) == 1


def test_a_neighbour_s_file_does_not_change_the_figures(west_mercia):
    IncidentFactory(force_month=held(1))
    other = ForceFactory(slug="dyfed-powys", name="Dyfed-Powys Police")
    IncidentFactory(force_month=ForceMonthFactory(force=other, month=month(1)))
    definition = lsoa_set(CODE)
    assert [force.slug for force in selectors.forces_of(definition)] == ["west-mercia"]
    assert selectors.monthly_counts(definition, month(1), month(1), categories=ASB)[0].count == 1


def test_without_a_lookup_the_force_boundary_or_the_rows_decide():
    force = ForceFactory(
        area=AreaFactory(
            kind="force", code="E23000016", name="West Mercia", boundary=square(-2.8, 52.1, 0.5)
        )
    )
    definition = lsoa_set("E01900007")
    assert selectors.forces_of(definition) == [force]
    definition.boundary = None
    assert selectors.forces_of(definition) == []
    IncidentFactory(lsoa_code="E01900007", force_month=held(1))
    assert selectors.forces_of(definition) == [force]


def test_an_area_of_no_known_force_has_only_missing_months():
    counts = selectors.monthly_counts(lsoa_set(CODE), month(1), month(2), categories=ASB)
    assert {(one.count, one.status) for one in counts} == {(None, "missing")}


def test_coverage_flags_a_month_far_below_the_usual_and_forgets_it():
    for number, rows in enumerate((100, 90, 110, 40, 95, 300), start=1):
        held(number, rows)
    found = selectors.coverage(ForceFactory(), month(1), month(7))
    assert [one.status for one in found] == [
        "observed",
        "observed",
        "observed",
        "partial",
        "observed",
        "observed",
        "missing",
    ]
    assert found[3].rows == 40
    assert found[6].sha256 == ""


def test_a_partial_month_keeps_its_count_and_its_status(west_mercia):
    held(1, 100)
    IncidentFactory(force_month=held(2, 30))
    counts = selectors.monthly_counts(lsoa_set(CODE), month(2), month(2), categories=ASB)
    assert [(one.count, one.status) for one in counts] == [(1, "partial")]


def test_counts_by_area_are_complete_and_sum_to_the_whole(west_mercia):
    first = held(1)
    IncidentFactory.create_batch(2, force_month=first)
    IncidentFactory(force_month=first, lsoa_code="E01014049")
    definition = lsoa_set(CODE, "E01014049", "E01014050")
    counts = selectors.counts_by_area(definition, month(1), month(2), categories=ASB)
    assert [(one.month.month, one.code, one.count) for one in counts] == [
        (1, CODE, 2),
        (1, "E01014049", 1),
        (1, "E01014050", 0),
        (2, CODE, None),
        (2, "E01014049", None),
        (2, "E01014050", None),
    ]


def test_a_split_lsoa_stays_one_ground_where_older_months_are_counted(west_mercia):
    old = AreaFactory(code="E01000002", vintage=2011)
    for code in ("E01000020", "E01000021"):
        AreaLinkFactory(kind="successor", change="S", source=old, target=AreaFactory(code=code))
        AreaLinkFactory(
            source=AreaFactory(code=code),
            target=AreaFactory(kind="force", code="E23000016", vintage=2024),
        )
    definition = lsoa_set("E01000020", "E01000021")
    IncidentFactory(force_month=held(3, year=2022), lsoa_code="E01000002")
    IncidentFactory(force_month=held(1), lsoa_code="E01000020")
    both = selectors.counts_by_area(definition, month(3, 2022), month(1), categories=ASB)
    assert {one.code for one in both} == {"E01000002"}
    assert [one.count for one in both if one.status != "missing"] == [1, 1]
    newer = selectors.counts_by_area(definition, month(1), month(1), categories=ASB)
    assert [(one.code, one.count) for one in newer] == [("E01000020", 1), ("E01000021", 0)]


def test_places_are_ranked_with_shares(west_mercia):
    first = held(1)
    for count, (street, x) in zip((3, 1), (("Corn Square", -2.74), ("Alley", -2.75)), strict=True):
        IncidentFactory.create_batch(
            count, force_month=first, street=street, point=Point(x, 52.2, srid=4326)
        )
    IncidentFactory(force_month=first, point=None)
    ranking = selectors.places_ranked(lsoa_set(CODE), month(1), month(2), categories=ASB)
    assert [(one.rank, one.street, one.count, one.cumulative_share) for one in ranking] == [
        (1, "Corn Square", 3, 0.75),
        (2, "Alley", 1, 1.0),
    ]
    assert (ranking.reports, ranking.without_location, ranking.narrowed) == (4, 1, False)


def test_the_rows_behind_a_count_are_as_many(west_mercia):
    burglary = held(1)
    IncidentFactory.create_batch(2, force_month=burglary)
    IncidentFactory(force_month=burglary, category=Category.objects.get(name="Burglary"))
    definition = lsoa_set(CODE)
    rows = list(selectors.incident_rows(definition, month(1), month(1), categories=ASB))
    assert len(rows) == 2
    assert rows[0].lsoa_code == CODE
    assert len(list(selectors.incident_rows(definition, month(1), month(1)))) == 3


def test_the_rest_of_the_district_leaves_the_location_out(west_mercia):
    first = held(1)
    IncidentFactory.create_batch(2, force_month=first)
    IncidentFactory.create_batch(5, force_month=first, lsoa_code="E01014049")
    IncidentFactory(force_month=first, lsoa_code="E01999999")
    PopulationFactory(area=AreaFactory(code="E01014049"), residents=1200)
    counts = selectors.comparison_counts(lsoa_set(CODE), month(1), month(1), categories=ASB)
    assert [(one.kind, one.count, one.residents) for one in counts] == [
        ("rest_of_district", 5, 1200),
        ("force", 8, 2700),
    ]


def drawn(residents):
    PopulationFactory(area=AreaFactory(boundary=square(-2.75, 52.22)), residents=residents)
    return define_drawn(boundary=Polygon.from_bbox((-2.75, 52.22, -2.74, 52.23)), by=None, note="")


@pytest.fixture
def force_by_boundary():
    return ForceFactory(
        area=AreaFactory(
            kind="force", code="E23000016", name="West Mercia", boundary=square(-3, 52, 1)
        )
    )


def test_a_drawn_boundary_counts_by_point_whatever_the_code_says(force_by_boundary):
    first = held(1)
    inside = Point(-2.745, 52.225, srid=4326)
    IncidentFactory(force_month=first, lsoa_code="E01999999", point=inside)
    IncidentFactory(force_month=first, point=Point(-2.7, 52.2, srid=4326))
    IncidentFactory(force_month=first, point=None)
    counts = selectors.monthly_counts(drawn(1000), month(1), month(1), categories=ASB)
    assert counts[0].count == 1


@pytest.mark.parametrize(
    "read",
    [
        selectors.monthly_counts,
        selectors.places_ranked,
        lambda *args: list(selectors.incident_rows(*args)),
    ],
)
def test_street_data_are_refused_for_few_residents(force_by_boundary, read):
    held(1)
    with pytest.raises(Refused, match="at least 1,000 are needed"):
        read(drawn(999), month(1), month(1))


def test_street_data_are_refused_where_nobody_knows_the_residents():
    shape = define_drawn(boundary=Polygon.from_bbox((-2.75, 52.22, -2.74, 52.23)), by=None, note="")
    with pytest.raises(Refused, match="not known how many people"):
        selectors.monthly_counts(shape, month(1), month(1))


def test_street_data_are_refused_across_the_redraw_of_the_points(force_by_boundary):
    held(3, year=2022, points=4806)
    held(1, points=3955, points_shared=0.03)
    held(2, points=4017, points_shared=0.43)
    shape = drawn(5000)
    with pytest.raises(Refused, match="between March 2022 and January 2024"):
        selectors.monthly_counts(shape, month(1, 2022), month(2))
    assert len(selectors.monthly_counts(shape, month(1), month(2), categories=ASB)) == 2
    ranking = selectors.places_ranked(lsoa_set(CODE), month(1, 2022), month(2), categories=ASB)
    assert (ranking.narrowed, ranking.first_month) == (True, month(1))


def test_months_with_few_points_do_not_look_like_a_redraw():
    force = ForceFactory()
    held(1, points=700)
    held(2, points=145, points_shared=0.13)
    assert len(selectors.snap_periods(force)) == 1


def test_similar_lsoas_are_sought_in_the_force_and_counted_by_its_files(west_mercia):
    first = held(1)
    IncidentFactory.create_batch(2, force_month=first)
    IncidentFactory.create_batch(5, force_month=first, lsoa_code="E01014049")
    for code, score in ((CODE, 20.0), ("E01014049", 30.0), ("E01999999", 20.0)):
        area = AreaFactory(code=code)
        PopulationFactory(area=area, residents=1500)
        Deprivation.objects.create(area=area, index_year=2025, domain="IMD", score=score)
        Classification.objects.create(area=area, scheme="Rural-urban 2021", code="A", name="A")
    definition = lsoa_set(CODE)
    likeness = selectors.similar_to(definition)
    assert [area.code for area in likeness.areas] == ["E01014049"]
    counts = selectors.similar_counts(
        definition, likeness, month(1), month(2), category="Anti-social behaviour"
    )
    assert [(one.count, one.status) for one in counts] == [(5, "observed"), (None, "missing")]
