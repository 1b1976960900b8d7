"""A location's ASB by month with its reading, for reports: the same selectors as the package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refused
from incidents import selectors
from incidents.packages.changes import change_of
from incidents.packages.figures import ASB, Change, MonthCount
from incidents.packages.findings import change_words
from incidents.packages.gather import area_words
from incidents.packages.recipe import Recipe, month_text
from places import selectors as places
from programmes.models import Location

MONTHS_BEFORE = 9


@dataclass(frozen=True, slots=True)
class LocationSeries:
    """Months of ASB that end with the last month asked for, and how the period reads."""

    months: tuple[MonthCount, ...]
    change: Change
    words: str
    area_words: str


def asb_series(*, location: Location, first_month: dt.date, last_month: dt.date) -> LocationSeries:
    """Return ASB from nine months before the first month to the last, and what changed in it.

    The change is that of the months asked for, beside the same months of an earlier year. Raises
    core.errors.Refused without an area, or where street data cannot serve a drawn boundary.
    """
    definition = location.area
    if definition is None:
        raise Refused(_("The location has no area yet, so nothing can be counted."))
    start = first_month.year * 12 + first_month.month - 1 - MONTHS_BEFORE
    rows = selectors.monthly_counts(
        definition, dt.date(start // 12, start % 12 + 1, 1), last_month, categories=[ASB]
    )
    recipe = Recipe(location.slug, month_text(first_month), month_text(last_month))
    change = change_of(definition, recipe.months)
    return LocationSeries(
        months=tuple(
            MonthCount(month_text(row.month), location.name, ASB, row.count, str(row.status))
            for row in rows
        ),
        change=change,
        words=" ".join(change_words(change)),
        area_words=area_words(definition, places.lsoas_of(definition)),
    )
