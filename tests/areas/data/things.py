"""Feeds of agencies for the access matrix: ours, the neighbour's and another agency's."""

from __future__ import annotations

from typing import Any

from core import files
from core.models import DataImport, RejectedRow
from incidents.feeds.sending import SENT
from tests.factories.feeds import FeedFactory, feed_category, feed_held, feed_rows

TWINS = ("feed", "feed_file", "sent")
OTHERS = ("feed", "feed_file", "sent")
SECRETS = {
    "neighbours-feed-q7": {"neighbour"},
    "neighbours-category-q7": {"neighbour"},
    "x-feed-q7": {"covered", "teme"},
    "x-category-q7": {"covered", "teme"},
    "x-rejected-q7": {"covered", "teme"},
}


def _feed(by: Any, mark: str, **given: Any) -> Any:
    """Make a feed with a category, a month held by a file, a rejected row and a file that waits."""
    feed = FeedFactory(slug=f"{mark}-feed-q7", title=f"{mark}-feed-q7", **given)
    feed_rows(feed, "2024-01", 2, category=feed_category(feed, f"{mark}-category-q7"))
    feed_held(feed, "2024-01")
    file = feed.files.get()
    RejectedRow.objects.create(
        data_import=file.data_import,
        file="noise.csv",
        row=3,
        found=f"{mark}-rejected-q7",
        expected="a date",
        raw=f"{mark}-rejected-q7",
    )
    stored = files.store(b"Reference,Occurred\n1,02/05/2024 23:40\n", name="noise.csv")
    sent = DataImport.objects.create(
        kind=SENT,
        file_name="noise.csv",
        sha256=stored.sha256,
        imported_by=by,
        imported_on=file.received_on,
        summary={"feed": str(feed.pk), "file": str(stored.pk)},
    )
    return feed, file, sent


def _names(prefix: str, made: Any) -> dict[str, Any]:
    feed, file, sent = made
    return {
        f"{prefix}feed": feed.slug,
        f"{prefix}feed_id": feed.pk,
        f"{prefix}feed_file": file.pk,
        f"{prefix}sent": sent.pk,
    }


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Make the police's feed."""
    feed, file, __ = _feed(people.analyst, "own", programme=people.programme, agency=people.police)
    return [feed, file, feed.categories.get(name="own-category-q7")]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return the placeholders."""
    feed = made["incidents.Feed"]
    sent = DataImport.objects.get(kind=SENT, summary__feed=str(feed.pk))
    return _names("", (feed, feed.files.get(), sent))


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the neighbour's own feed."""
    people = cast.people
    return _names(
        "n_",
        _feed(
            people.neighbour,
            "neighbours",
            programme=people.other_programme,
            agency=people.neighbour.agency,
        ),
    )


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make Teme's feed in our programme."""
    return _names(
        "x_",
        _feed(
            cast.users["teme"],
            "x",
            programme=cast.people.programme,
            agency=cast.agencies["teme"],
        ),
    )
