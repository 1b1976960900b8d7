"""Reads of what agencies supply, for one area and some months.

Nothing here asks who reads: callers pass feeds that are open to the reader (``feeds_open``), or
publish what comes out only through incidents.feeds.publishing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.sharing import Category as Shared
from core.statistics import aoristic_weights
from core.together import kept
from incidents.choices import Coverage
from incidents.feeds.figures import (
    LEAST_TIMED,
    WIDEST_HOURS,
    FeedCategoryCount,
    FeedFigures,
    FeedMonthCount,
    HourWeight,
    PlaceName,
    QualifierCount,
    QuarterCount,
    Repeats,
)
from incidents.models import Feed, FeedIncident, FeedMonth
from incidents.selectors.base import months_between
from incidents.selectors.coverage import looks_incomplete
from places import selectors as places
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import Programme
from programmes.sharing import shared_with

LONDON = ZoneInfo("Europe/London")
TOP_PLACES = 10
LEAST_USUAL = 20  # rows a month; a feed with fewer may halve by chance
KEYS = {"place": "place_key", "caller": "caller_key", "victim": "victim_key"}
FLAGS = {"place": "repeat_place", "caller": "repeat_caller", "victim": "repeat_victim"}


def feeds_open(programme: Programme, by: Any) -> list[Feed]:
    """Return the feeds of a programme that are open to a person, by title.

    Those of the person's own agency and those an agreement covers. For nobody in particular: those
    that may stand in public versions, whose figures are published with small counts hidden.
    """
    feeds = Feed.objects.filter(programme=programme).select_related("agency").order_by("title")
    if by is None:
        return list(feeds.filter(Q(published=True) | Q(public_figures=True)))
    if not feeds:
        return []
    shared = shared_with(by, programme)
    return [one for one in feeds if shared.covers(Shared.FORCE_EXTRACTS, one.agency_id)]


def rows_within(
    feed: Feed, definition: AreaDefinition, first_month: dt.date, last_month: dt.date
) -> QuerySet[FeedIncident]:
    """Return the rows of a feed that count for an area: by LSOA code, or by point if it is drawn.

    Points of feeds are where the agency put the incident, not snapped to a list as published ones
    are, so a small drawn area may be counted.
    """
    rows = FeedIncident.objects.filter(feed=feed, month__range=(first_month, last_month))
    if definition.kind == DefinitionKind.LSOA_SET:
        return rows.filter(lsoa_code__in=places.codes_for_counting(definition).codes)
    return rows.filter(point__intersects=definition.boundary)


def months_of(feed: Feed) -> list[FeedMonth]:
    """Return the months for which the agency answered; within ``core.together`` read once."""
    known, key = kept(), (months_of, feed.pk)
    if key not in known:
        known[key] = list(FeedMonth.objects.filter(feed=feed).order_by("month"))
    found: list[FeedMonth] = known[key]
    return found


def held_months(feed: Feed, first_month: dt.date, last_month: dt.date) -> dict[dt.date, str]:
    """Return the status of each month: missing, or partial with under half the usual rows."""
    held = months_of(feed)
    low = looks_incomplete([(one.month, one.rows) for one in held], least_usual=LEAST_USUAL)
    there = {one.month for one in held}
    return {
        month: Coverage.MISSING
        if month not in there
        else Coverage.PARTIAL
        if month in low
        else Coverage.OBSERVED
        for month in months_between(first_month, last_month)
    }


def feed_figures(
    feed: Feed, definition: AreaDefinition, first_month: dt.date, last_month: dt.date
) -> FeedFigures:
    """Return what a feed says of an area from one month to another, both included."""
    held = held_months(feed, first_month, last_month)
    rows = rows_within(feed, definition, first_month, last_month)
    asb = rows.filter(category__is_asb=True)
    by_month = dict(asb.values_list("month").annotate(n=Sum("count")).order_by())
    hours, timed, wide, untimed = _hours(asb)
    return FeedFigures(
        slug=feed.slug,
        title=feed.title,
        agency=str(feed.agency),
        kind=feed.kind,
        terms=feed.terms,
        published=feed.published,
        public_figures=feed.public_figures,
        months=tuple(
            FeedMonthCount(
                f"{month:%Y-%m}",
                None if status == Coverage.MISSING else by_month.get(month, 0),
                str(status),
            )
            for month, status in held.items()
        ),
        categories=_categories(rows),
        qualifiers=_qualifiers(asb),
        timed=timed,
        wide=wide,
        untimed=untimed,
        hours=hours,
        repeats=tuple(found for kind in KEYS if (found := _repeats(asb, kind)) is not None),
        places=_places(asb),
        quarters=_quarters(asb, held),
    )


def _categories(rows: QuerySet[FeedIncident]) -> tuple[FeedCategoryCount, ...]:
    found = (
        rows.values_list(
            "category__name", "category__theme", "category__qualifier", "category__is_asb"
        )
        .annotate(n=Sum("count"))
        .order_by()
    )
    return tuple(
        sorted(
            (FeedCategoryCount(*row) for row in found),
            key=lambda one: (not one.is_asb, -one.count, one.category),
        )
    )


def _qualifiers(asb: QuerySet[FeedIncident]) -> tuple[QualifierCount, ...]:
    """Count by the row's own qualifier, else by that of its category."""
    own = Coalesce(NullIf("qualifier", Value("")), F("category__qualifier"))
    found = asb.annotate(own=own).values_list("own").annotate(n=Sum("count")).order_by()
    counted = [QualifierCount(*row) for row in found]
    if not any(one.qualifier for one in counted):
        return ()
    return tuple(sorted(counted, key=lambda one: (one.qualifier == "", -one.count, one.qualifier)))


def _hours(asb: QuerySet[FeedIncident]) -> tuple[tuple[HourWeight, ...], int, int, int]:
    """Spread each incident over the hours in which it may have happened.

    Equal spans are weighed once: times are often rounded, so there are fewer spans than rows.
    """
    weights: Counter[tuple[int, int]] = Counter()
    timed = wide = untimed = 0
    spans = (
        asb.values_list("from_at", "to_at").annotate(n=Sum("count")).order_by("from_at", "to_at")
    )
    for start, end, count in spans.iterator(chunk_size=5000):
        if start is None or end is None:
            untimed += count
        elif end - start >= dt.timedelta(hours=WIDEST_HOURS):
            wide += count
        else:
            timed += count
            for cell, weight in aoristic_weights(start, end, LONDON).items():
                weights[cell] += weight * count
    if timed < LEAST_TIMED:
        return (), timed, wide, untimed
    grid = tuple(
        HourWeight(day, hour, round(weights[(day, hour)], 6))
        for day in range(7)
        for hour in range(24)
    )
    return grid, timed, wide, untimed


def _repeats(asb: QuerySet[FeedIncident], kind: str) -> Repeats | None:
    """Return how far a kind repeats; None where the feed says nothing of it."""
    key, flag = KEYS[kind], FLAGS[kind]
    units = list(asb.exclude(**{key: ""}).values_list(key).annotate(n=Sum("count")).order_by())
    said = asb.filter(**{f"{flag}__isnull": False}).exists()
    if not units and not said:
        return None
    counts = [count for __, count in units]
    again = [count for count in counts if count > 1]
    flagged = asb.filter(**{flag: True}).aggregate(n=Sum("count"))["n"] or 0 if said else None
    return Repeats(kind, sum(counts), len(counts), len(again), sum(again), flagged)


def _places(asb: QuerySet[FeedIncident]) -> tuple[PlaceName, ...]:
    found = (
        asb.exclude(place="")
        .values_list("place")
        .annotate(n=Sum("count"))
        .filter(n__gt=1)
        .order_by()
    )
    ranked = sorted(found, key=lambda row: (-row[1], row[0]))[:TOP_PLACES]
    return tuple(PlaceName(rank, place, n) for rank, (place, n) in enumerate(ranked, start=1))


def quarter_of(month: dt.date) -> str:
    """Return a month's calendar quarter as "2024-Q1"."""
    return f"{month.year}-Q{(month.month + 2) // 3}"


def _quarters(asb: QuerySet[FeedIncident], held: dict[dt.date, str]) -> tuple[QuarterCount, ...]:
    """Count by theme and whole quarter; only quarters whose three months are held and whole."""
    months: dict[str, list[str]] = defaultdict(list)
    for month, status in held.items():
        months[quarter_of(month)].append(status)
    whole = {
        quarter
        for quarter, statuses in months.items()
        if len(statuses) == 3 and Coverage.MISSING not in statuses
    }
    counts: Counter[tuple[str, str]] = Counter()
    rows = asb.values_list("category__theme", "month").annotate(n=Sum("count")).order_by()
    for theme, month, count in rows:
        if quarter_of(month) in whole:
            counts[(theme, quarter_of(month))] += count
    themes = {theme for theme, __ in counts}
    return tuple(
        QuarterCount(theme, quarter, counts[(theme, quarter)])
        for theme in sorted(themes)
        for quarter in sorted(whole)
    )


def located_and_timed(feed: Feed, months: Iterable[dt.date]) -> tuple[int, int, int]:
    """Return rows, rows with a place and rows with a time of a feed's held months."""
    found = FeedMonth.objects.filter(feed=feed, month__in=list(months)).aggregate(
        rows=Sum("rows"), located=Sum("located"), timed=Sum("timed"), n=Count("*")
    )
    return found["rows"] or 0, found["located"] or 0, found["timed"] or 0
