"""What agencies supply as layers to explore, one for each feed that is open to the reader."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from incidents.choices import Coverage
from incidents.explore.ground import Ground
from incidents.explore.layers import Kind, Layer, MonthTotal, Points, Wanted, degrees
from incidents.feeds.selectors import feeds_open, held_months, months_of, rows_within
from incidents.models import Feed, FeedCategory, FeedIncident
from programmes.models import Location
from programmes.policy import holds
from programmes.sharing import Shared


class FeedLayer(Layer):
    """The incidents of one feed. Their places are where the agency put them."""

    touches = (Category.FORCE_EXTRACTS,)

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.slug = f"feed-{feed.slug}"
        self.label = _("%(title)s (%(agency)s)") % {"title": feed.title, "agency": feed.agency}
        self.point_words = _(
            "A point is where the agency put the incident. Keep it among partners."
        )

    def is_open(self, *, location: Location, shared: Callable[[], Shared]) -> bool:
        """Say yes: only feeds that are open to the reader become layers (``supplied_layers``)."""
        return True

    @cached_property
    def categories(self) -> list[FeedCategory]:
        """Return the feed's own categories, those of anti-social behaviour first."""
        return list(self.feed.categories.order_by("-is_asb", "name"))

    def kinds(self) -> Sequence[Kind]:
        """Return the categories."""
        return [Kind(str(one.pk), one.name) for one in self.categories]

    def usual(self) -> Sequence[str]:
        """Return the categories that count as anti-social behaviour."""
        return [str(one.pk) for one in self.categories if one.is_asb]

    def held(self, ground: Ground) -> list[dt.date]:
        """Return the months for which the agency answered."""
        return [one.month for one in months_of(self.feed)]

    def attribution(self) -> str:
        """Return who supplies it, on which terms."""
        return f"{self.feed.agency}. {self.feed.terms}"

    def months(self, ground: Ground, wanted: Wanted) -> list[MonthTotal]:
        """Count by month and category."""
        counts: dict[dt.date, dict[str, int]] = defaultdict(dict)
        rows = (
            self._rows(ground, wanted)
            .values("month", name=F("category__name"))
            .annotate(n=Sum("count"))
            .order_by()
        )
        for row in rows:
            counts[row["month"]][row["name"]] = row["n"]
        statuses = held_months(self.feed, wanted.first_month, wanted.last_month)
        return [
            MonthTotal(month, status, None, {})
            if status == Coverage.MISSING
            else MonthTotal(month, status, sum(counts[month].values()), counts[month])
            for month, status in statuses.items()
        ]

    def points(self, ground: Ground, wanted: Wanted) -> Points:
        """Count by point and place."""
        rows = (
            self._rows(ground, wanted)
            .values(x=degrees("ST_X"), y=degrees("ST_Y"), at=F("place"))
            .annotate(n=Sum("count"))
            .order_by()
        )
        return Points(wanted.first_month, wanted.last_month, narrowed=False, rows=rows)

    def _rows(self, ground: Ground, wanted: Wanted) -> QuerySet[FeedIncident]:
        """Return the rows that count: as in packages, but by LSOAs where those were asked for."""
        if ground.codes is None:
            rows = rows_within(self.feed, ground.definition, wanted.first_month, wanted.last_month)
        else:
            rows = FeedIncident.objects.filter(
                feed=self.feed,
                month__range=(wanted.first_month, wanted.last_month),
                lsoa_code__in=ground.codes,
            )
        if wanted.categories is not None:
            rows = rows.filter(category__name__in=wanted.categories)
        return rows


def supplied_layers(location: Location, reader: Any) -> Sequence[Layer]:
    """Return a layer for each feed open to a reader who sees the location: points name places."""
    feeds = feeds_open(location.programme, reader)
    if not feeds or not holds(reader, Permission.VIEW, location):
        return []
    return [FeedLayer(feed) for feed in feeds]
