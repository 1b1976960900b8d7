"""What is usual at a location, and which areas it is set beside."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.gis.geos import Point

from incidents.packages import drawings
from incidents.packages.briefing import months_of
from incidents.packages.build import tables
from incidents.packages.findings import findings, usual_words
from incidents.packages.gather import gather
from incidents.packages.recipe import Recipe
from incidents.packages.services import summary_of
from places.models import Area, Classification, Deprivation
from programmes.models import Location
from tests.incidents.streets import CODES, hold_month, make_areas

pytestmark = pytest.mark.django_db
A, B, REST = CODES
# Ten months of 20 ± 1, then one of 60; May 2023 is not held.
COUNTS = {
    "2023-01": 20,
    "2023-02": 21,
    "2023-03": 20,
    "2023-04": 19,
    "2023-06": 20,
    "2023-07": 21,
    "2023-08": 20,
    "2023-09": 19,
    "2023-10": 20,
    "2023-11": 21,
    "2023-12": 60,
    "2024-01": 20,
}


def figures_of(first="2023-10", last="2024-01"):
    location = Location.objects.select_related("programme", "area").get(slug="leominster")
    return gather(Recipe("leominster", first, last), location)


@pytest.fixture
def town(people):
    make_areas(people.location)
    for month, count in COUNTS.items():
        hold_month(month, {A: count, REST: 10}, other=50)
    return people.location


def finding(figures, key):
    return next(one for one in findings(figures) if one.key == key)


def test_limits_come_from_two_years_and_name_the_month_beyond_them(town):
    usual = figures_of().usual
    # By hand: ranges 1 1 1, none across May, 1 1 1 1 1 39 40 → 87 / 10; mean 281 / 12.
    assert usual.months == tuple(COUNTS)
    assert usual.centre == round(281 / 12, 4)
    assert usual.high == round(281 / 12 + 2.66 * 8.7, 4)
    assert usual.low == round(281 / 12 - 2.66 * 8.7, 4)
    assert usual.outside == ("2023-12",)
    words = " ".join(usual_words(usual))
    assert "from 0.3 to 46.6 around a mean of 23.4" in words
    assert "12 complete months" in words
    assert "Outside of that: December 2023." in words
    assert "Beyond what chance explains: December 2023." in finding(figures_of(), "when").text


def test_a_month_beyond_the_limits_outside_the_package_is_not_told_of_it(town):
    usual = figures_of("2023-06", "2023-11").usual
    assert usual.months == tuple(month for month in COUNTS if month <= "2023-11")
    assert usual.outside == ()
    assert "No month of this package lies outside." in usual_words(usual)


def test_each_month_stands_beside_the_same_month_a_year_before(town):
    figures = figures_of("2023-12", "2024-01")
    (row,) = figures.usual.years
    assert (row.month, row.count, row.before, row.z, row.clear) == ("2024-01", 20, 20, 0.0, False)
    december, january = months_of(figures)
    assert (december.z, january.z) == ("", "0.0")


def test_a_clear_difference_from_the_year_before_is_marked(people):
    make_areas(people.location)
    hold_month("2023-01", {A: 49})
    hold_month("2024-01", {A: 16, B: 0}, other=40)
    (row,) = figures_of("2024-01", "2024-01").usual.years
    assert (row.z, row.clear) == (-6.0, True)


def test_with_few_months_nobody_says_what_is_usual(people):
    make_areas(people.location)
    for month in ("2023-11", "2023-12", "2024-01"):
        hold_month(month, {A: 20})
    figures = figures_of()
    assert (figures.usual.low, figures.usual.months) == (None, ())
    assert "Fewer than eight complete months" in usual_words(figures.usual)[0]
    assert drawings.monthly_chart(figures).levels == ()


def test_an_incomplete_month_has_no_part_in_what_is_usual(town):
    hold_month("2024-02", {A: 3})  # a tenth of the force's usual rows
    figures = figures_of("2023-10", "2024-02")
    assert "2024-02" in figures.partial
    assert "2024-02" not in figures.usual.months


def test_the_page_draws_the_very_chart_of_the_briefing(town):
    figures = figures_of()
    chart = drawings.monthly_chart(figures)
    assert chart.levels == (figures.usual.high, figures.usual.low)
    assert drawings.chart_of_summary(summary_of(figures)).digest == chart.digest
    older = {key: value for key, value in summary_of(figures).items() if key != "usual"}
    assert drawings.chart_of_summary(older).levels == ()


def test_every_month_that_was_read_is_in_the_account_of_the_data(town):
    read = {row.month for row in figures_of().quality}
    assert read == set(COUNTS)


def facts(code, score, people=2000):
    area, __ = Area.objects.get_or_create(
        kind="lsoa", code=code, vintage=2021, defaults={"name": f"Town {code}"}
    )
    Deprivation.objects.create(area=area, index_year=2025, domain="IMD", score=score)
    Classification.objects.create(
        area=area, scheme="Rural-urban 2021", code="UN1", name="Urban: Nearer"
    )


def test_similar_lsoas_are_counted_listed_and_compared(town):
    for code, score in ((A, 20.0), (B, 22.0), (REST, 30.0)):
        facts(code, score)
    figures = figures_of()
    row = next(one for one in figures.comparison if one.kind == "similar")
    assert (row.area, row.count, row.residents) == ("the most similar LSOA", 40, 2000)
    listed = list(csv.DictReader(io.StringIO(tables(figures)["similar_areas.csv"].decode())))
    assert [(one["lsoa_code"], one["deprivation"], one["residents"]) for one in listed] == [
        (REST, "30.000", "2000")
    ]
    assert "Urban: Nearer" in figures.similar_words
    assert "score 21.0" in figures.similar_words
    assert "the most similar LSOA (20.0)" in finding(figures, "compare").text


def test_without_the_facts_no_similar_area_is_named(town):
    figures = figures_of()
    assert figures.similar == ()
    assert "not held" in figures.similar_words
    assert "similar" not in {row.kind for row in figures.comparison}


def test_the_months_of_a_drawn_area_after_a_redraw_are_judged_alone(town, people):
    from incidents.models import ForceMonth
    from places.services import define_drawn
    from tests.incidents.streets import square

    ForceMonth.objects.update(points=1000, points_shared=0.5)
    ForceMonth.objects.filter(month=dt.date(2023, 10, 1)).update(points_shared=0.01)
    drawn = define_drawn(boundary=square(-2.8)[0], by=None, note="")
    drawn.residents = 2000
    drawn.save()
    people.location.area = drawn
    people.location.save()
    assert Point(-2.798, 52.205).within(square(-2.8)[0])
    usual = figures_of().usual
    assert (usual.months, usual.low, usual.years) == ((), None, ())
