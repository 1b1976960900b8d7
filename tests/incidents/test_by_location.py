"""Reports of ASB at the locations of a programme, side by side, and whether they change."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.choices import Coverage
from incidents.models import ForceMonth
from incidents.packages.by_location import by_location
from incidents.packages.changes import change_from, change_of
from incidents.packages.gather import gather
from incidents.packages.recipe import Recipe, months_between
from incidents.programme_views import headline
from incidents.selectors import MonthlyCount
from places.models import Area, AreaDefinition, AreaDefinitionMember, AreaPart
from places.services import define_drawn
from programmes.models import Location
from tests.factories.programmes import LocationFactory
from tests.incidents.streets import ASB, CODES, hold_month, make_areas, square

A, B, REST = CODES
TODAY = dt.date(2024, 5, 20)


def held(counts, status=Coverage.OBSERVED):
    return [
        MonthlyCount(dt.date.fromisoformat(f"{month}-01"), ASB, count, status)
        for month, count in counts.items()
    ]


def window(last, months=12):
    end = dt.date.fromisoformat(f"{last}-01")
    start = end.year * 12 + end.month - months
    return months_between(dt.date(start // 12, start % 12 + 1, 1), end)


def test_the_earlier_year_that_holds_most_like_months_is_taken_the_later_of_two():
    counts = {f"2024-0{n}": 10 for n in range(1, 6)}
    counts |= {"2023-01": 1, "2023-02": 2, "2023-03": 3}
    counts |= {f"2022-0{n}": 20 for n in range(1, 5)} | {f"2021-0{n}": 90 for n in range(1, 5)}
    change = change_from(window("2024-05"), held(counts))
    assert (change.now, change.before) == (40, 80)
    assert change.months == ("2024-01", "2024-02", "2024-03", "2024-04")
    assert change.earlier == ("2022-01", "2022-02", "2022-03", "2022-04")
    assert (change.status, change.z) == ("clear_change", -5.24)  # 2 (√40 − √80)
    assert change.percent is None  # 40 is fewer than a percentage needs


def test_two_like_months_or_incomplete_ones_are_too_early():
    two = {"2024-01": 10, "2024-02": 10, "2023-01": 50, "2023-02": 50}
    assert change_from(window("2024-02"), held(two)).status == "too_early"
    third = held({"2024-03": 10, "2023-03": 50})
    assert change_from(window("2024-03"), held(two) + third).status == "clear_change"
    partial = held({"2023-03": 50}, Coverage.PARTIAL)
    assert change_from(window("2024-03"), held(two) + third[:1] + partial).status == "too_early"
    six_years = held({f"{year}-0{n}": 9 for year in (2024, 2018) for n in range(1, 5)})
    assert change_from(window("2024-04"), six_years).now is None


@pytest.fixture
def town(people):
    """Leominster counts two LSOAs; the months of a year before have thrice as many reports."""
    make_areas(people.location)
    for lsoa in Area.objects.filter(code__in=CODES):
        AreaPart.objects.create(area=lsoa, piece=lsoa.boundary[0])
    for month in range(1, 5):
        hold_month(f"2023-0{month}", {A: 20, B: 10, REST: 9}, other=50)
        hold_month(f"2024-0{month}", {A: 7, B: 3, REST: 9}, other=50)
    return people.location


@pytest.fixture
def neighbour(town):
    """Another location of the programme, of the third LSOA alone."""
    made = LocationFactory(programme=town.programme, name="Bromyard", slug="bromyard")
    made.area = AreaDefinition.objects.create(kind="lsoa_set", residents=2000)
    AreaDefinitionMember.objects.create(definition=made.area, area=Area.objects.get(code=REST))
    made.save()
    return made


def lines(*locations, today=TODAY):
    asked = Location.objects.select_related("area").filter(pk__in=[one.pk for one in locations])
    found = by_location(list(asked), today)
    return found, {line.location.slug: line for line in found.lines}


@pytest.mark.django_db
def test_each_location_has_the_figures_its_package_would_have(town, neighbour):
    bare = LocationFactory(programme=town.programme, name="Ledbury", slug="ledbury")
    found, by_slug = lines(town, neighbour, bare)
    assert (found.first_month, found.last_month) == (dt.date(2023, 5, 1), dt.date(2024, 4, 1))
    ours = by_slug["leominster"]
    assert (ours.reports, ours.held, ours.direction) == (40, 4, "fewer")
    assert (ours.change.now, ours.change.before) == (40, 120)
    assert ours.rate.value == 10.0  # 40 among 4,000 residents
    figures = gather(
        Recipe("leominster", "2023-05", "2024-04"),
        Location.objects.select_related("programme", "area").get(pk=town.pk),
    )
    assert ours.change == figures.change
    assert (by_slug["bromyard"].reports, by_slug["bromyard"].direction) == (36, "same")
    assert by_slug["ledbury"].reports is None
    assert headline(found) == (
        "Beside the same months of an earlier year: clearly fewer in Leominster; "
        "no clear change at 1 location."
    )
    earlier, __ = lines(town, today=dt.date(2023, 2, 28))
    assert earlier.last_month == dt.date(2023, 2, 1)
    assert (earlier.lines[0].reports, earlier.lines[0].direction) == (60, "unknown")
    assert lines(town, today=dt.date(2022, 1, 1))[0].last_month is None


@pytest.mark.django_db
def test_a_drawn_area_is_never_compared_across_a_redraw_of_the_points(town):
    drawn = define_drawn(boundary=square(-2.8)[0], by=None, note="")
    drawn.residents = 2000
    drawn.save()
    Location.objects.filter(pk=town.pk).update(area=drawn)
    months = window("2024-04")
    ForceMonth.objects.update(points=1000, points_shared=0.5)
    assert change_of(drawn, months).status == "clear_change"
    assert lines(town)[1]["leominster"].change == change_of(drawn, months)
    # Redrawn between the two years: each side lies within one list, and they do not compare.
    ForceMonth.objects.filter(month=dt.date(2024, 1, 1)).update(points_shared=0.01)
    assert change_of(drawn, months).status == "too_early"
    line = lines(town)[1]["leominster"]
    assert (line.reports, line.held, line.direction) == (28, 4, "unknown")
    AreaDefinition.objects.filter(pk=drawn.pk).update(residents=400)
    few = lines(town)[1]["leominster"]
    assert (few.reports, few.change) == (None, None)
    assert "1,000" in few.refused


@pytest.mark.django_db
def test_the_page_shows_those_whose_data_are_open(client, people, town, neighbour):
    page = f"/programmes/{town.programme.slug}/asb/"
    client.force_login(people.leader)
    text = client.get(page).content.decode()
    assert "Clearly fewer" in text
    assert "Bromyard" in text
    client.force_login(people.coordinator)  # of Leominster alone
    text = client.get(page).content.decode()
    assert "40 in January to April 2024, against 120 in 2023" in text
    assert "Bromyard" not in text
    client.force_login(people.partner)
    text = client.get(page).content.decode()
    assert "data are open to you" in text
    assert "against 120" not in text


@pytest.mark.django_db
def test_many_locations_take_no_more_queries_than_one(town, neighbour):
    with CaptureQueriesContext(connection) as few:
        lines(town)
    for n in range(5):
        made = LocationFactory(programme=town.programme, name=f"Place {n}", slug=f"place-{n}")
        made.area = AreaDefinition.objects.create(kind="lsoa_set", residents=2000)
        AreaDefinitionMember.objects.create(definition=made.area, area=Area.objects.get(code=REST))
        made.save()
    every = list(Location.objects.all())
    with CaptureQueriesContext(connection) as many:
        found, __ = lines(*every)
    assert len(found.lines) >= 7
    assert len(many) == len(few)
