"""Feeds on the explore page: a source of their own for those whom they are open to."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from core.models import LedgerEntry
from tests.factories.feeds import FeedFactory, feed_category, feed_held, feed_rows
from tests.incidents.streets import hold_month, make_areas

EXPLORE = "/locations/leominster/data/explore/"
FEED = "?source=feed-noise"
AT = Point(-2.795, 52.205, srid=4326)


@pytest.fixture
def feed(people):
    make_areas(people.location)
    for month in ("2024-01", "2024-02", "2024-03"):
        hold_month(month, {"E01000001": 5})
    feed = FeedFactory(programme=people.programme, agency=people.police, slug="noise")
    feed_rows(feed, "2024-01", 7, place="Corn Square", point=AT)
    feed_rows(feed, "2024-03", 2, category=feed_category(feed, "Pests", is_asb=False))
    feed_held(feed, "2024-01", "2024-03")
    return feed


def get(client, user, path):
    client.force_login(user)
    return client.get(path)


def test_it_is_offered_to_those_alone_whom_it_is_open_to(client, people, feed):
    assert "Noise complaints" in get(client, people.coordinator, EXPLORE).content.decode()
    assert "Noise complaints" not in get(client, people.researcher, EXPLORE).content.decode()
    page = get(client, people.researcher, EXPLORE + FEED)
    assert "Corn Square" not in page.content.decode()
    assert page.status_code == 422  # no such source for them, as if there were none


def test_its_months_are_its_own_and_a_missing_one_is_missing(client, people, feed):
    page = get(client, people.coordinator, EXPLORE + FEED).content.decode()
    assert "Corn Square" in page
    points = get(client, people.coordinator, f"{EXPLORE}points/{FEED}&first_month=2024-01").json()
    assert points["source"] == "feed-noise"
    assert "Herefordshire Council" not in points["attribution"]
    assert str(people.police) in points["attribution"]


def test_other_categories_can_be_chosen(client, people, feed):
    kind = feed_category(feed, "Pests")
    page = get(
        client, people.coordinator, f"{EXPLORE}{FEED}&category={kind.pk}&first_month=2024-01"
    ).content.decode()
    assert "Corn Square" not in page


def test_looking_at_it_is_in_the_ledger(client, people, feed):
    before = LedgerEntry.objects.count()
    get(client, people.coordinator, EXPLORE + FEED)
    entry = LedgerEntry.objects.order_by("-pk").first()
    assert LedgerEntry.objects.count() > before
    assert "force_extracts" in str(entry.touches)


def test_published_reports_are_never_added_to_it(client, people, feed):
    points = get(client, people.coordinator, f"{EXPLORE}points/{FEED}&first_month=2024-01").json()
    assert (points["reports"], points["held"]) == (7, ["2024-01", "2024-03"])
    assert points["missing"][0] == "2024-02"
