"""Real incidents with times: local and UTC, exact and years wide, as they stand and are counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from incidents.feeds.mapping import Clock, Mapping
from incidents.feeds.selectors import feed_figures
from incidents.feeds.taking import take_feed_file
from incidents.models import FeedIncident
from tests.factories.feeds import FeedFactory
from tests.incidents.streets import make_areas

LONDON = ZoneInfo("Europe/London")
TIMED = Path(__file__).parent.parent / "data" / "timed"
MARCH = dt.date(2024, 3, 1)


@pytest.fixture
def feed(people):
    make_areas(people.location)
    return FeedFactory(programme=people.programme, agency=people.police, salt="5a" * 32)


def take(feed, content, mapping, first, last, **more):
    return take_feed_file(
        feed=feed,
        name="rows.csv",
        content=content,
        mapping=mapping,
        first_month=first,
        last_month=last,
        by=None,
        **more,
    )


def wall(at):
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def test_real_windows_stand_as_they_were_given(feed):
    """Local wall clock in, the same out; an exact time has no width; years of width are wide."""
    content = (TIMED / "nyc_vehicle_thefts.csv").read_bytes()
    mapping = Mapping({"reference": "uid", "from": "date_start", "to": "date_end"})
    taken = take(feed, content, mapping, dt.date(2013, 1, 1), dt.date(2018, 1, 1), keep_good=True)
    assert taken.read == 400 == taken.stored + taken.rejected
    assert taken.stored >= 395
    given = {}
    for line in content.decode().splitlines()[1:]:
        uid, start, end, __ = line.split(",")
        given[uid] = (start, end or start)
    rows = FeedIncident.objects.filter(feed=feed)
    assert {row.reference: (wall(row.from_at), wall(row.to_at)) for row in rows} == {
        row.reference: given[row.reference] for row in rows
    }


def test_real_times_in_utc_are_shown_in_summer_time(feed, people):
    content = (TIMED / "derbyshire_searches_2024-04.csv").read_bytes()
    mapping = Mapping(
        {"from": "datetime", "x": "longitude", "y": "latitude", "place": "street"}, clock=Clock.UTC
    )
    taken = take(feed, content, mapping, MARCH, dt.date(2024, 5, 1))
    assert (taken.read, taken.stored, taken.without_location) == (293, 293, 50)
    shown = sorted(wall(row.from_at) for row in FeedIncident.objects.filter(feed=feed))
    utc = [line.split(",")[1] for line in content.decode().splitlines()[1:]]
    expected = sorted(
        f"{dt.datetime.fromisoformat(text).astimezone(LONDON):%Y-%m-%d %H:%M}" for text in utc
    )
    assert shown == expected
    # All of April is summer time: the first of the file, 07:29 UTC, was at 08:29.
    assert "2024-04-01 08:29" in shown


def test_real_local_times_fall_into_their_own_hours(feed, people):
    content = (TIMED / "memphis_robberies.csv").read_bytes()
    mapping = Mapping({"reference": "uid", "from": "date", "category": "offense_type"})
    taken = take(feed, content, mapping, dt.date(2019, 1, 1), dt.date(2019, 12, 1), keep_good=True)
    assert taken.stored == taken.read == 225
    FeedIncident.objects.filter(feed=feed).update(lsoa_code="E01000001")
    people.location.refresh_from_db()
    figures = feed_figures(feed, people.location.area, dt.date(2019, 1, 1), dt.date(2019, 12, 1))
    counted = {(one.weekday, one.hour): one.weight for one in figures.hours}
    expected = dict.fromkeys(counted, 0)
    for line in content.decode().splitlines()[1:]:
        at = dt.datetime.fromisoformat(line.split(",")[2])
        expected[at.weekday(), at.hour] += 1
    assert counted == expected
