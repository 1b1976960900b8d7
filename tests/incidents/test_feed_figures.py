"""What is read of feeds for one area: months, categories, hours, repeats, and for whom."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from incidents.choices import Qualifier, Theme
from incidents.feeds.figures import LEAST_TIMED
from incidents.feeds.publishing import public_feed
from incidents.feeds.selectors import feed_figures, feeds_open
from places.choices import DefinitionKind
from places.models import AreaDefinition
from tests.factories.accounts import UserFactory
from tests.factories.feeds import FeedFactory, feed_category, feed_held, feed_rows
from tests.factories.programmes import SharingAgreementFactory
from tests.incidents.streets import make_areas

LONDON = ZoneInfo("Europe/London")
JANUARY, MARCH, DECEMBER = dt.date(2024, 1, 1), dt.date(2024, 3, 1), dt.date(2024, 12, 1)


@pytest.fixture
def feed(people):
    make_areas(people.location)
    return FeedFactory(programme=people.programme, agency=people.police)


def figures(people, feed, first=JANUARY, last=MARCH):
    return feed_figures(feed, people.location.area, first, last)


def test_a_month_nobody_answered_for_is_missing_and_one_without_rows_is_zero(people, feed):
    feed_rows(feed, "2024-01", 6)
    feed_held(feed, "2024-01", "2024-03")
    assert [one.count for one in figures(people, feed).months] == [6, None, 0]


def test_rows_elsewhere_and_categories_that_are_not_asb_do_not_count(people, feed):
    feed_rows(feed, "2024-01", 4)
    feed_rows(feed, "2024-01", 9, lsoa_code="E01000009")
    other = feed_category(feed, "Pest control", is_asb=False)
    feed_rows(feed, "2024-01", 5, category=other)
    feed_held(feed, "2024-01")
    found = figures(people, feed)
    assert found.total == 4
    assert [(one.category, one.is_asb, one.count) for one in found.categories] == [
        ("Noise", True, 4),
        ("Pest control", False, 5),
    ]


def test_a_drawn_area_counts_by_point_however_small_it_is(people, feed):
    people.location.area = AreaDefinition.objects.create(
        kind=DefinitionKind.DRAWN,
        residents=40,
        boundary=MultiPolygon(Polygon.from_bbox((-2.74, 52.22, -2.739, 52.221)), srid=4326),
    )
    feed_rows(feed, "2024-01", 2, point=Point(-2.7395, 52.2205, srid=4326))
    feed_rows(feed, "2024-01", 3, point=Point(-2.70, 52.2205, srid=4326))
    feed_rows(feed, "2024-01", 1)
    feed_held(feed, "2024-01")
    assert figures(people, feed).total == 2


def test_a_count_by_area_counts_for_so_many(people, feed):
    feed_rows(feed, "2024-01", 1, count=17)
    feed_held(feed, "2024-01")
    assert figures(people, feed).total == 17


def test_the_rows_own_qualifier_comes_before_that_of_its_category(people, feed):
    nuisance = feed_category(feed, "Rowdy", qualifier=Qualifier.NUISANCE, theme=Theme.ROWDY)
    feed_rows(feed, "2024-01", 3, category=nuisance)
    feed_rows(feed, "2024-01", 2, category=nuisance, qualifier=Qualifier.PERSONAL)
    feed_rows(feed, "2024-01", 1)
    feed_held(feed, "2024-01")
    found = [(one.qualifier, one.count) for one in figures(people, feed).qualifiers]
    assert found == [("nuisance", 3), ("personal", 2), ("", 1)]


def test_hours_are_spread_over_the_span_across_midnight(people, feed):
    start = dt.datetime(2024, 1, 5, 22, 0, tzinfo=LONDON)  # a Friday
    feed_rows(feed, "2024-01", LEAST_TIMED, from_at=start, to_at=start + dt.timedelta(hours=4))
    feed_rows(feed, "2024-01", 2, from_at=start, to_at=start + dt.timedelta(hours=24))
    feed_rows(feed, "2024-01", 1)
    feed_held(feed, "2024-01")
    found = figures(people, feed)
    assert (found.timed, found.wide, found.untimed) == (LEAST_TIMED, 2, 1)
    weights = {(one.weekday, one.hour): one.weight for one in found.hours if one.weight}
    assert weights == dict.fromkeys([(4, 22), (4, 23), (5, 0), (5, 1)], LEAST_TIMED / 4)


def test_summer_hours_are_local(people, feed):
    at = dt.datetime(2024, 3, 31, 23, 30, tzinfo=dt.UTC)  # half past midnight on Monday in London
    feed_rows(feed, "2024-03", LEAST_TIMED, from_at=at, to_at=at)
    feed_held(feed, "2024-03")
    weights = {(one.weekday, one.hour) for one in figures(people, feed).hours if one.weight}
    assert weights == {(0, 0)}


def test_few_times_give_no_hours(people, feed):
    at = dt.datetime(2024, 1, 5, 22, 0, tzinfo=LONDON)
    feed_rows(feed, "2024-01", LEAST_TIMED - 1, from_at=at, to_at=at)
    feed_held(feed, "2024-01")
    assert figures(people, feed).hours == ()


def test_repeats_are_computed_and_the_agencys_own_marks_stand_beside(people, feed):
    for key, number in (("a" * 32, 3), ("b" * 32, 2), ("c" * 32, 1)):
        feed_rows(feed, "2024-01", number, caller_key=key, repeat_caller=key[0] == "a")
    feed_rows(feed, "2024-01", 4)
    feed_held(feed, "2024-01")
    (callers,) = figures(people, feed).repeats
    assert (callers.kind, callers.keyed, callers.units) == ("caller", 6, 3)
    assert (callers.repeated, callers.incidents, callers.flagged) == (2, 5, 3)


def test_a_feed_is_open_to_its_agency_and_to_those_an_agreement_covers(people, feed):
    council = FeedFactory(
        programme=people.programme, agency=people.housing, slug="housing", title="Tenants"
    )
    assert feeds_open(people.programme, people.coordinator) == [feed]
    assert feeds_open(people.programme, people.partner) == [council]
    assert feeds_open(people.programme, UserFactory(agency=None)) == []
    assert feeds_open(people.programme, None) == []
    SharingAgreementFactory(
        programme=people.programme,
        signed=[people.police, people.housing],
        categories=["force_extracts"],
    )
    assert feeds_open(people.programme, people.coordinator) == [feed, council]


def test_a_public_version_holds_whole_quarters_by_theme_and_nothing_else(people, feed):
    feed.public_figures = True
    noise = feed_category(feed, theme=Theme.NOISE)
    fires = feed_category(feed, "Bin fire", theme=Theme.FIRES)
    for month in ("2024-01", "2024-02", "2024-03"):
        feed_rows(feed, month, 4, category=noise, place="7 Corn Square")
    feed_rows(feed, "2024-02", 2, category=fires, place="9 Corn Square")
    feed_rows(feed, "2024-04", 8, category=noise)
    feed_held(feed, "2024-01", "2024-02", "2024-03", "2024-04")
    public = public_feed(figures(people, feed, last=DECEMBER))
    assert public.quarters == ("2024-Q1",)
    assert {(one.theme, one.count) for one in public.cells} == {("noise", 12), ("fires", None)}
    assert (public.shown, public.hidden, public.pools) == (12, 1, ())
    assert "Corn Square" not in repr(public)


def test_a_feed_that_may_not_be_published_is_not(people, feed):
    with pytest.raises(ValueError, match="no part"):
        public_feed(figures(people, feed))
