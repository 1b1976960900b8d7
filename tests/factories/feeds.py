"""Feeds for tests, and rows of theirs as the importer would have stored them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import factory

from incidents.choices import FeedKind
from incidents.models import Feed, FeedCategory, FeedFile, FeedIncident, FeedMonth
from tests.factories.accounts import AgencyFactory
from tests.factories.incidents import DataImportFactory
from tests.factories.programmes import ProgrammeFactory


class FeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Feed
        django_get_or_create = ("slug",)

    programme = factory.SubFactory(ProgrammeFactory)
    agency = factory.SubFactory(AgencyFactory, name="Herefordshire Council", kind="council")
    slug = "council-noise"
    title = "Noise complaints"
    kind = FeedKind.COUNCIL
    terms = "Information sharing agreement of May 2023"
    salt = "0" * 64


class FeedFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FeedFile

    feed = factory.SubFactory(FeedFactory)
    data_import = factory.SubFactory(DataImportFactory, kind="feed", file_name="noise.csv")
    first_month = dt.date(2024, 1, 1)
    last_month = dt.date(2024, 3, 1)
    received_on = dt.date(2024, 4, 12)


def feed_category(feed: Feed, name: str = "Noise", **changes: Any) -> FeedCategory:
    """Return a category of a feed, made with these facts if it is not there."""
    return FeedCategory.objects.get_or_create(feed=feed, name=name, defaults=changes)[0]


def feed_rows(feed: Feed, month: str, number: int = 1, **changes: Any) -> list[FeedIncident]:
    """Store some equal rows of a month, of the first LSOA of tests.incidents.streets."""
    given = {
        "feed": feed,
        "month": dt.date.fromisoformat(f"{month}-01"),
        "lsoa_code": "E01000001",
        **changes,
    }
    given.setdefault("category", feed_category(feed))
    return FeedIncident.objects.bulk_create(
        FeedIncident(id=uuid.uuid4(), **given) for __ in range(number)
    )


def feed_held(feed: Feed, *months: str) -> None:
    """Say that months of a feed are held, with the rows that are there."""
    taken = FeedFileFactory(feed=feed)
    for month in months:
        first = dt.date.fromisoformat(f"{month}-01")
        rows = FeedIncident.objects.filter(feed=feed, month=first)
        FeedMonth.objects.create(
            feed=feed,
            month=first,
            file=taken,
            rows=rows.count(),
            incidents=sum(row.count for row in rows),
            located=rows.exclude(lsoa_code="").count(),
            timed=rows.filter(from_at__isnull=False).count(),
        )
