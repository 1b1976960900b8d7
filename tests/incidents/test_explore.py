"""Exploring reports: filter, series, map points, what is refused, and what a link shares."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from core.charts import MonthlyBars, MonthValue
from core.charts.live import drawing
from incidents.explore.forms import usual_first
from incidents.explore.pack import columns
from incidents.models import Force, ForceMonth, Incident
from places.choices import DefinitionKind
from places.models import Area, AreaDefinition, AreaPart
from programmes.models import TargetPlace
from tests.factories.accounts import UserFactory
from tests.incidents.streets import CODES, hold_month, make_areas
from tests.personas import give_location_role

pytestmark = pytest.mark.django_db
PAGE = "/locations/leominster/data/explore/"
POINTS = f"{PAGE}points/"


@pytest.fixture
def signed_in():
    """Sign somebody in: each has a browser of their own."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def reader(people, signed_in):
    make_areas(people.location)
    return signed_in(people.analyst)


def held():
    hold_month("2024-03", {CODES[0]: 4, CODES[1]: 1, CODES[2]: 9}, other=2, without=3)
    hold_month("2024-05", {CODES[0]: 2, CODES[2]: 10}, other=1)


def unpacked(data):
    """Return {(street, x, y): count} of columns."""
    street = x = y = 0
    found = {}
    for at, dx, dy, n in zip(data["street"], data["x"], data["y"], data["n"], strict=True):
        street, x, y = street + at, x + dx, y + dy
        found[(data["streets"][street], x / data["scale"], y / data["scale"])] = n
    return found


def test_the_page_counts_the_area_by_month_and_point(reader):
    held()
    page = reader.get(f"{PAGE}?first_month=2024-03&last_month=2024-05")
    assert page.status_code == 200
    series = page.context["series"]
    assert [(one.month.month, one.total, one.status) for one in series.months] == [
        (3, 5, "observed"),
        (4, None, "missing"),
        (5, 2, "observed"),
    ]
    assert "7 reports in Leominster from March 2024 to May 2024" in page.context["headline"]
    assert series.missing == "April 2024"
    ranked = [(row["rank"], row["at"], row["n"]) for row in page.context["ranked"]]
    assert ranked == [
        (1, "On or near High Street", 3),
        (2, "On or near Mill Street", 3),
        (3, "On or near High Street", 1),
    ]
    assert sum(row["share"] for row in page.context["ranked"]) == pytest.approx(100)


def test_the_points_say_the_same_as_the_page_with_what_is_held(reader):
    held()
    data = reader.get(f"{POINTS}?first_month=2024-03&last_month=2024-05").json()
    assert unpacked(data) == {
        ("High Street", -2.798, 52.205): 3,
        ("Mill Street", -2.795, 52.205): 3,
        ("High Street", -2.788, 52.205): 1,
    }
    assert data["reports"] == 7
    assert (data["held"], data["missing"]) == (["2024-03", "2024-05"], ["2024-04"])
    assert data["attribution"] == "data.police.uk"
    assert data["street_prefix"] == "On or near "


def test_categories_narrow_everything_alike(reader):
    held()
    query = "?first_month=2024-03&last_month=2024-05&category=burglary"
    page, data = reader.get(f"{PAGE}{query}"), reader.get(f"{POINTS}{query}").json()
    assert page.context["series"].by_category == (("Burglary", 3),)
    assert unpacked(data) == {("Lane", -2.795, 52.206): 3}
    every = reader.get(f"{PAGE}?first_month=2024-03&last_month=2024-05&category=all")
    assert dict(every.context["series"].by_category) == {
        "Anti-social behaviour": 7,
        "Burglary": 3,
    }


def test_sum_of_points_and_of_categories_is_the_total(reader):
    held()
    for category in ("all", "burglary", "anti-social-behaviour", "drugs"):
        query = f"?first_month=2024-03&last_month=2024-05&category={category}"
        series = reader.get(f"{PAGE}{query}").context["series"]
        data = reader.get(f"{POINTS}{query}").json()
        assert sum(n for _, n in series.by_category) == series.total
        assert sum(data["n"]) == data["reports"] == series.total - data["without_location"]


def test_reports_without_a_point_are_said(reader, people):
    held()
    Incident.objects.filter(lsoa_code=CODES[1]).update(point=None)
    page = reader.get(f"{PAGE}?first_month=2024-03&last_month=2024-03")
    assert page.context["totals"].without_location == 1
    assert page.context["totals"].reports == 4
    assert b"1 report has no map point" in page.content


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first_month=2024-13&last_month=2024-05", "Enter a real month"),
        ("first_month=2024-05&last_month=2024-03", "The last month must not come before the first"),
        ("first_month=2024-03&category=magic", "Categories"),
        ("first_month=1999-01", "Choose a month from the list"),
        ("source=nowhere", "Source"),
        ("ground=moon", "moon"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_keeps_the_rest(reader, query, words):
    held()
    page = reader.get(f"{PAGE}?{query}&category=burglary")
    assert page.status_code == 422
    assert words in page.content.decode()
    chosen = page.context["form"]["category"].value()
    assert "burglary" in chosen
    assert "series" not in page.context
    answer = reader.get(f"{POINTS}?{query}&category=burglary")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["detail"]


def test_a_link_shares_the_view_and_filters_stay_over_pages(reader):
    held()
    page = reader.get(f"{PAGE}?category=burglary&category=drugs&last_month=2024-05")
    address = page.context["points_url"].split("?")[1]
    assert "category=burglary&category=drugs" in address
    assert "first_month=2024-03&" in f"{address}&"
    again = reader.get(f"{PAGE}?{address}")
    assert again.context["series"] == page.context["series"]
    assert "first_month=2024-03&last_month=2024-05#build" in page.context["package_url"]
    built = reader.get(page.context["package_url"].split("#")[0])
    assert built.context["form"]["first_month"].value() == "2024-03"


def test_months_across_a_redraw_count_by_code_but_map_only_the_newer_list(reader):
    held()
    ForceMonth.objects.filter(month=dt.date(2024, 5, 1)).update(points_shared=0.03, points=900)
    ForceMonth.objects.filter(month=dt.date(2024, 3, 1)).update(points=900)
    query = "?first_month=2024-03&last_month=2024-05"
    page = reader.get(f"{PAGE}{query}")
    assert page.context["series"].total == 7
    assert page.context["points"].narrowed
    assert b"May 2024 only: before, reports were published at another list" in page.content
    data = reader.get(f"{POINTS}{query}").json()
    assert (data["first_month"], data["held"], sum(data["n"])) == ("2024-05", ["2024-05"], 2)


def drawn(people, *, residents):
    """A court drawn around the High Street point of the first LSOA."""
    for lsoa in Area.objects.filter(kind="lsoa"):
        AreaPart.objects.create(area=lsoa, piece=lsoa.boundary[0])
    place = TargetPlace.objects.create(location=people.location, slug="court", name="Court")
    place.area = AreaDefinition.objects.create(
        kind=DefinitionKind.DRAWN,
        residents=residents,
        boundary=MultiPolygon(Polygon.from_bbox((-2.7985, 52.2, -2.7975, 52.21)), srid=4326),
    )
    place.save()
    return "/locations/leominster/places/court/data/explore/"


def test_a_small_drawn_area_is_refused_in_words_and_its_lsoas_are_offered(people, reader):
    held()
    url = drawn(people, residents=90)
    page = reader.get(f"{url}?first_month=2024-03&last_month=2024-05")
    assert page.status_code == 200
    assert "at least 1,000 are needed" in page.context["refused"]
    assert reader.get(f"{url}points/?first_month=2024-03").status_code == 409
    (offer,) = page.context["offers"]
    instead = reader.get(f"{url}{offer['href']}")
    assert instead.context["series"].total == 6  # all of the LSOA, not only the court
    assert "6 reports in the LSOAs around Court" in instead.context["headline"]


def test_a_drawn_area_large_enough_counts_by_point(people, reader):
    held()
    url = drawn(people, residents=5000)
    query = "?first_month=2024-03&last_month=2024-05"
    assert reader.get(f"{url}{query}").context["series"].total == 3
    assert unpacked(reader.get(f"{url}points/{query}").json()) == {
        ("High Street", -2.798, 52.205): 3
    }


def test_a_drawn_area_across_a_redraw_offers_the_newer_months(people, reader):
    held()
    ForceMonth.objects.update(points=900)
    ForceMonth.objects.filter(month=dt.date(2024, 5, 1)).update(points_shared=0.03)
    url = drawn(people, residents=5000)
    page = reader.get(f"{url}?first_month=2024-03&last_month=2024-05")
    newer, lsoas = page.context["offers"]
    assert reader.get(f"{url}{newer['href']}").context["series"].total == 1
    assert "ground=lsoas" in lsoas["href"]


def test_a_withheld_boundary_withholds_the_points_that_would_draw_it(people, reader, signed_in):
    held()
    url = drawn(people, residents=5000)
    query = "?first_month=2024-03&last_month=2024-05"
    warden = UserFactory(name="Wendy Warden", agency=people.housing)
    give_location_role(warden, people.location, Role.COORDINATOR)
    other = signed_in(warden)
    page = other.get(f"{url}{query}")
    assert page.status_code == 200
    assert page.context["points"] is None
    assert b"-2.798" not in page.content
    assert page.context["series"].total == 3
    assert other.get(f"{url}points/{query}").status_code == 409
    by_lsoas = other.get(f"{url}{query}&ground=lsoas")
    assert by_lsoas.context["points"] is None


def test_who_cannot_see_the_location_finds_nothing(people, signed_in):
    make_areas(people.location)
    held()
    stranger = signed_in(people.stranger)
    assert stranger.get(PAGE).status_code == 404
    assert stranger.get(POINTS).status_code == 404


def test_without_area_or_data_the_page_says_what_is_missing(people, signed_in):
    reader = signed_in(people.analyst)
    assert b"No area yet" in reader.get(PAGE).content
    assert reader.get(POINTS).status_code == 409
    make_areas(people.location)
    assert b"No police data yet" in reader.get(PAGE).content
    assert reader.get(POINTS).status_code == 409


def test_the_usual_months_begin_where_data_do():
    months = [dt.date(2022, 3, 1), dt.date(2024, 1, 1), dt.date(2024, 4, 1)]
    assert usual_first(months, months[-1]) == dt.date(2024, 1, 1)
    assert usual_first(months[:1], months[0]) == months[0]


def test_columns_are_differences_sorted_by_street():
    data = columns([(-2.5, 52.1, "On or near B", 2), (-2.4, 52.2, "A", 1), (-2.3, 52.0, "A", 5)])
    assert data["streets"] == ["A", "B"]
    assert unpacked(data) == {("A", -2.3, 52.0): 5, ("A", -2.4, 52.2): 1, ("B", -2.5, 52.1): 2}
    assert columns([])["n"] == []


def test_the_live_chart_has_a_bar_for_each_held_month_and_words_for_the_others():
    chart = MonthlyBars(
        title="T",
        alt="A",
        unit="Reports & more",
        months=(
            MonthValue("2024-01", 40),
            MonthValue("2024-02", None, "missing"),
            MonthValue("2024-03", 10, "partial"),
        ),
    )
    svg = drawing(chart)
    assert svg.count("data-month=") == chart.marks == 2
    assert ">missing<" in svg
    assert "Reports &amp; more" in svg
    heights = {
        part[:7]: float(part.split('height="')[1].split('"')[0])
        for part in svg.split('data-month="')[1:]
    }
    assert heights["2024-01"] == pytest.approx(4 * heights["2024-03"], rel=0.01)


def test_a_target_places_own_page_leads_to_its_reports(people, reader, signed_in):
    url = drawn(people, residents=90)
    own = "/locations/leominster/places/court/"
    assert f'href="{url}"' in reader.get(own).content.decode()
    assert url not in signed_in(people.partner).get(own).content.decode()  # reads no data
    TargetPlace.objects.update(area=None)
    assert url not in reader.get(own).content.decode()


def test_the_page_asks_for_the_points_at_once_and_only_for_what_may_be_shown(people, reader):
    held()
    page = reader.get("/locations/leominster/data/explore/?first_month=2024-03").content.decode()
    (asked,) = re.findall(r'rel="preload" as="fetch" crossorigin href="([^"]+)"', page)
    assert f'data-explore="{asked}"' in page
    assert reader.get(asked.replace("&amp;", "&")).status_code == 200
    refused = reader.get(f"{drawn(people, residents=90)}?first_month=2024-03").content.decode()
    assert 'rel="preload"' not in refused


@pytest.mark.parametrize(
    ("asked", "ranks", "readings"),
    [
        ("", [1, 2], 1),
        ("2", [3, 4], 1),
        ("3", [5], 1),  # after it come the reports without a point, which have no rank
        ("4", [5], 3),
        ("999999", [5], 3),
        ("0", [5], 2),
        ("-1", [5], 2),
        ("two", [1, 2], 1),
        ("9" * 5000, [1, 2], 1),  # more digits than Python reads
    ],
    ids=lambda value: str(value)[:9],
)
def test_pages_of_map_points_and_their_totals_come_from_one_reading(
    reader, monkeypatch, asked, ranks, readings
):
    monkeypatch.setattr("incidents.explore.ranking.PAGE", 2)
    hold_month("2024-03", {CODES[0]: 9, CODES[1]: 6}, without=2)
    for place, report in enumerate(Incident.objects.filter(lsoa_code=CODES[1])):
        spot = Point(-2.7, 52.2 + place / 1000, srid=4326) if place < 3 else None
        Incident.objects.filter(pk=report.pk).update(point=spot, street="Spread")
    with CaptureQueriesContext(connection) as queries:
        page = reader.get(f"{PAGE}?first_month=2024-03&page={asked}")
    rows, totals = page.context["ranked"].object_list, page.context["totals"]
    assert [row["rank"] for row in rows] == ranks
    assert (totals.points, totals.reports, totals.without_location) == (5, 12, 3)
    assert page.context["ranked"].paginator.num_pages == 3
    assert all(row["share"] == pytest.approx(100 * row["n"] / 12) for row in rows)
    assert sum("ST_X" in one["sql"] for one in queries) == readings


def test_reports_of_another_force_in_the_same_place_are_not_counted(reader):
    held()
    other = Force.objects.create(slug="btp", name="British Transport Police")
    report = Incident.objects.filter(lsoa_code=CODES[0], category__is_asb=True)[0]
    month = report.force_month
    month.pk, month.force = None, other
    month.save()
    Incident.objects.filter(pk=report.pk).update(force_month=month)
    query = "?first_month=2024-03&last_month=2024-05"
    assert reader.get(f"{PAGE}{query}").context["series"].total == 6
    assert reader.get(f"{POINTS}{query}").json()["reports"] == 6
