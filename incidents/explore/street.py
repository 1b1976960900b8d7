"""The published street-level reports as a layer to explore."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db.models import Count, F
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from incidents.choices import Coverage
from incidents.explore.ground import Ground
from incidents.explore.layers import Kind, Layer, MonthTotal, Points, Wanted, degrees
from incidents.ingest.layout import ASB, CRIME_TYPES
from incidents.selectors.base import category_ids, source_of
from incidents.selectors.coverage import coverage_of, held_by_all, redraw_within
from programmes.models import Location
from programmes.sharing import Shared


class StreetLayer(Layer):
    """Reports as data.police.uk publishes them: open, by month, at anonymous map points."""

    slug = "street"
    label = _("Published street-level reports (data.police.uk)")
    point_words = _(
        "A map point is not where something happened: reports are published at the nearest of a "
        "fixed list of points."
    )

    def is_open(self, *, location: Location, shared: Callable[[], Shared]) -> bool:
        """Say yes: published data are open to everybody who may read the location's data."""
        return True

    def kinds(self) -> Sequence[Kind]:
        """Return the categories as published, anti-social behaviour first."""
        return [Kind(slugify(name), name) for name in CRIME_TYPES]

    def usual(self) -> Sequence[str]:
        """Return anti-social behaviour."""
        return [slugify(ASB)]

    def held(self, ground: Ground) -> list[dt.date]:
        """Return the months of which the files of all of the area's forces are held."""
        return held_by_all(ground.forces)

    def attribution(self) -> str:
        """Return the attribution of the source, empty before any import."""
        source = source_of()
        return source.attribution if source else ""

    def months(self, ground: Ground, wanted: Wanted) -> list[MonthTotal]:
        """Count by month and category: one query over the reports."""
        ground.check(wanted.first_month, wanted.last_month)
        rows = (
            ground.rows(wanted.first_month, wanted.last_month, wanted.categories)
            .values("month", "category")
            .annotate(n=Count("*"))
            .order_by()
        )
        names = category_ids()
        counts: dict[dt.date, dict[str, int]] = defaultdict(dict)
        for row in rows:
            name = names[row["category"]]
            counts[row["month"]][name] = counts[row["month"]].get(name, 0) + row["n"]
        statuses = coverage_of(ground.forces, wanted.first_month, wanted.last_month)
        return [
            MonthTotal(month, status, None, {})
            if status == Coverage.MISSING
            else MonthTotal(month, status, sum(counts[month].values()), counts[month])
            for month, status in statuses.items()
        ]

    def points(self, ground: Ground, wanted: Wanted) -> Points:
        """Count by point and street, over the months since the last redraw of the points."""
        ground.check(wanted.first_month, wanted.last_month)
        redraw = redraw_within(ground.forces, wanted.first_month, wanted.last_month)
        first = redraw[1] if redraw else wanted.first_month
        rows = (
            ground.rows(first, wanted.last_month, wanted.categories)
            .values(x=degrees("ST_X"), y=degrees("ST_Y"), at=F("street"))
            .annotate(n=Count("*"))
            .order_by()
        )
        return Points(first, wanted.last_month, redraw is not None, rows)
