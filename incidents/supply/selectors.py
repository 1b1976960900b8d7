"""Gaps in the data of a location, told from what is held, and how requests for data stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from incidents.choices import Coverage, GapKind, Grain, RequestState
from incidents.feeds.selectors import LEAST_USUAL, feeds_open
from incidents.models import (
    DataGap,
    DataPackage,
    DataRequest,
    Feed,
    FeedFile,
    FeedMonth,
    PackageUse,
)
from incidents.packages.findings import months_words
from incidents.selectors import coverage, forces_of, months_between
from incidents.selectors.coverage import looks_incomplete
from programmes.models import Location

PUBLISHED_AFTER = 2  # months until data.police.uk publishes a month
LOOKED_BACK = 12
LEAST_LOCATED, LEAST_TIMED = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """Months of one source with one thing wrong with them; ``what`` names the source.

    ``owned`` is the record by which somebody has taken it on. ``feed``, ``force`` or ``request``
    says of what it is.
    """

    kind: str
    what: str
    words: str
    first_month: dt.date
    last_month: dt.date
    feed: Feed | None = None
    force: Any = None
    request: DataRequest | None = None
    owned: DataGap | None = None

    @property
    def key(self) -> str:
        """Return a text by which a form names the gap."""
        of: Any = self.feed or self.force or self.request
        kind = "feed" if self.feed else "force" if self.force else "request"
        return f"{self.kind}:{kind}:{of.pk}:{self.first_month:%Y-%m}:{self.last_month:%Y-%m}"

    @property
    def label(self) -> str:
        """Return what is wrong, in the words of the choice."""
        return str(GapKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """How a request stands: ``status`` is came, partly, late, waiting, refused or cancelled.

    ``came`` of ``wanted`` months are held; ``late_days`` is by how much the last of them came
    after the day it was due, 0 if it did not.
    """

    request: DataRequest
    status: str
    came: int
    wanted: int
    late_days: int


def gaps_of(location: Location, reader: Any) -> list[Gap]:
    """Return the gaps in a location's data that a person may know of, worst first.

    Published street data of the last twelve months that could have been published by the business
    date; feeds that are open to the person, for months that were asked for and are overdue, or
    that lie between months held; requests that were refused.
    """
    found = [*_street_gaps(location)]
    requests = list(
        DataRequest.objects.filter(programme=location.programme)
        .visible_to(reader, Permission.VIEW)
        .select_related("agency", "feed")
    )
    for feed in feeds_open(location.programme, reader):
        found += _feed_gaps(feed, [one for one in requests if one.feed_id == feed.pk])
    for request in requests:
        found += _request_gaps(request)
    return _with_owners(location, found)


def _street_gaps(location: Location) -> list[Gap]:
    if location.area is None:
        return []
    last = _months_back(clock.today(), PUBLISHED_AFTER)
    first = _months_back(last, LOOKED_BACK - 1)
    gaps = []
    for force in forces_of(location.area):
        rows = coverage(force, first, last)
        what = _("Street-level data of %(force)s") % {"force": force.name}
        for kind, status in (
            (GapKind.MISSING, Coverage.MISSING),
            (GapKind.PARTIAL, Coverage.PARTIAL),
        ):
            months = [row.month for row in rows if row.status == status]
            gaps += [
                Gap(kind, what, _held_words(kind, run), run[0], run[-1], force=force)
                for run in runs(months)
            ]
        thin = [
            row.month
            for row in rows
            if row.rows and (row.rows - (row.without_location or 0)) < LEAST_LOCATED * row.rows
        ]
        gaps += [
            Gap(
                GapKind.UNLOCATED,
                what,
                _held_words(GapKind.UNLOCATED, run),
                run[0],
                run[-1],
                force=force,
            )
            for run in runs(thin)
        ]
    return gaps


def _feed_gaps(feed: Feed, requests: Sequence[DataRequest]) -> list[Gap]:
    held = {one.month: one for one in FeedMonth.objects.filter(feed=feed).order_by("month")}
    today = clock.today()
    wanted = {
        month
        for one in requests
        if one.state == RequestState.ASKED and one.due_on < today
        for month in months_between(one.first_month, one.last_month)
    }
    if held:
        wanted |= set(months_between(min(held), max(held)))
    low = looks_incomplete([(m, one.rows) for m, one in held.items()], least_usual=LEAST_USUAL)
    by_kind = {
        GapKind.MISSING: sorted(wanted - set(held)),
        GapKind.PARTIAL: sorted(low),
        GapKind.UNLOCATED: [
            m for m, one in held.items() if one.rows and one.located < LEAST_LOCATED * one.rows
        ],
        GapKind.UNTIMED: [
            m
            for m, one in held.items()
            if feed.grain == Grain.INCIDENT and one.rows and one.timed < LEAST_TIMED * one.rows
        ],
    }
    return [
        Gap(kind, feed.title, _held_words(kind, run), run[0], run[-1], feed=feed)
        for kind, months in by_kind.items()
        for run in runs(months)
    ]


def _request_gaps(request: DataRequest) -> list[Gap]:
    """Return a refusal, or an overdue request for something that no feed brings yet."""
    what = f"{request.agency}: {request.wanted}"
    span = (request.first_month, request.last_month)
    if request.state == RequestState.REFUSED:
        words = _("Refused: %(answer)s") % {"answer": request.answer or _("no reason given")}
        return [Gap(GapKind.REFUSED, what, words, *span, request=request)]
    overdue = request.state == RequestState.ASKED and request.due_on < clock.today()
    if overdue and request.feed_id is None:
        words = _held_words(GapKind.MISSING, months_between(*span))
        return [Gap(GapKind.MISSING, what, words, *span, request=request)]
    return []


def _held_words(kind: str, months: Sequence[dt.date]) -> str:
    told = months_words([f"{month:%Y-%m}" for month in months])
    words = {
        GapKind.MISSING: _("Not held: %(months)s. Missing is not zero."),
        GapKind.PARTIAL: _("Under half the usual rows: %(months)s."),
        GapKind.UNLOCATED: _("Fewer than 8 in 10 rows have a place: %(months)s."),
        GapKind.UNTIMED: _("Fewer than half of the rows have a time: %(months)s."),
    }
    return words[GapKind(kind)] % {"months": told}


def _with_owners(location: Location, gaps: Iterable[Gap]) -> list[Gap]:
    """Put beside each gap the record of who has taken it on, if it covers the same months."""
    owned = list(
        DataGap.objects.filter(location=location)
        .select_related("action__owner", "action__location")
        .order_by("-created_at")
    )
    order = list(GapKind)

    def owner(gap: Gap) -> DataGap | None:
        for one in owned:
            same = (one.kind, one.feed_id, one.force_id, one.request_id) == (
                gap.kind,
                gap.feed.pk if gap.feed else None,
                gap.force.pk if gap.force else None,
                gap.request.pk if gap.request else None,
            )
            if same and one.first_month <= gap.first_month and one.last_month >= gap.last_month:
                return one
        return None

    found = [
        Gap(
            gap.kind,
            gap.what,
            gap.words,
            gap.first_month,
            gap.last_month,
            gap.feed,
            gap.force,
            gap.request,
            owner(gap),
        )
        for gap in gaps
    ]
    return sorted(
        found,
        key=lambda gap: (
            gap.owned is not None,
            order.index(GapKind(gap.kind)),
            gap.what,
            gap.first_month,
        ),
    )


def request_lines(requests: Iterable[DataRequest]) -> list[RequestLine]:
    """Return how requests stand by the business date; three queries for all of them."""
    requests = list(requests)
    feeds = {one.feed_id for one in requests if one.feed_id}
    held: dict[Any, set[dt.date]] = {}
    for feed_id, month in FeedMonth.objects.filter(feed__in=feeds).values_list("feed", "month"):
        held.setdefault(feed_id, set()).add(month)
    files: dict[Any, list[tuple[dt.date, dt.date, dt.date]]] = {}
    rows = FeedFile.objects.filter(feed__in=feeds).values_list(
        "feed", "first_month", "last_month", "received_on"
    )
    for feed_id, first, last, received in rows:
        files.setdefault(feed_id, []).append((first, last, received))
    return [
        _line(one, held.get(one.feed_id, set()), files.get(one.feed_id, [])) for one in requests
    ]


def _line(
    request: DataRequest,
    held: set[dt.date],
    files: Sequence[tuple[dt.date, dt.date, dt.date]],
) -> RequestLine:
    wanted = months_between(request.first_month, request.last_month)
    came = [month for month in wanted if month in held]
    # Each month came with the first file that answered for it.
    arrivals = [
        min(day for first, last, day in files if first <= month <= last)
        for month in came
        if any(first <= month <= last for first, last, __ in files)
    ]
    if request.state == RequestState.CAME and request.closed_on:
        arrivals.append(request.closed_on)
    late = max(((day - request.due_on).days for day in arrivals), default=0)
    if request.state in (RequestState.REFUSED, RequestState.CANCELLED):
        status = str(request.state)
    elif len(came) == len(wanted) or request.state == RequestState.CAME:
        status = "came"
    elif request.due_on < clock.today():
        status = "late"
        late = (clock.today() - request.due_on).days
    else:
        status = "partly" if came else "waiting"
    return RequestLine(request, status, len(came), len(wanted), max(0, late))


def uses_of(package: DataPackage, reader: Any) -> list[dict[str, Any]]:
    """Return the meetings that used a package, each with what it decided."""
    uses = (
        PackageUse.objects.filter(package=package)
        .visible_to(reader, Permission.VIEW)
        .select_related("meeting__location")
        .prefetch_related("meeting__decisions")
        .order_by("meeting__held_on", "pk")
    )
    return [
        {"use": use, "meeting": use.meeting, "decisions": list(use.meeting.decisions.all())}
        for use in uses
    ]


def feed_quality(feed: Feed) -> dict[str, int | None]:
    """Return rows held, and per cent of them with a place and with a time (None without rows)."""
    sums = FeedMonth.objects.filter(feed=feed).aggregate(
        rows=Sum("rows"), located=Sum("located"), timed=Sum("timed")
    )
    rows = sums["rows"] or 0
    return {
        "rows": rows,
        "located": round(100 * sums["located"] / rows) if rows else None,
        "timed": round(100 * sums["timed"] / rows) if rows else None,
    }


def runs(months: Iterable[dt.date]) -> list[list[dt.date]]:
    """Part months into runs without a gap."""
    found: list[list[dt.date]] = []
    for month in sorted(months):
        if found and months_between(found[-1][-1], month)[1:] == [month]:
            found[-1].append(month)
        else:
            found.append([month])
    return found


def _months_back(day: dt.date, number: int) -> dt.date:
    n = day.year * 12 + day.month - 1 - number
    return dt.date(n // 12, n % 12 + 1, 1)
