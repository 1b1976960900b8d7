"""What is asked for: the location, the months and the version of the method."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refused

METHOD = 4
"""Version of the method. Counted up when figures or files of the same data would come out
otherwise, so that a package built before is not taken for the present one."""

METHOD_WITH_SHEETS = 3
"""The first version whose zip holds the spreadsheets."""

PUBLIC, PARTNER = "public", "partner"
"""Editions: published data, with counts of what is supplied where small ones are hidden; and
everything that the builder may read."""

MAX_MONTHS = 120
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A location's address name, the first and last month ("2024-01"), edition, method."""

    location: str
    first_month: str
    last_month: str
    method: int = METHOD
    edition: str = PUBLIC

    @property
    def months(self) -> tuple[str, ...]:
        """Return every month from the first to the last."""
        return months_between(month_start(self.first_month), month_start(self.last_month))

    @property
    def slug(self) -> str:
        """Return a name for files: location, months, and the edition that is not for all."""
        partner = "_partner" if self.edition == PARTNER else ""
        return f"{self.location}_{self.first_month}_{self.last_month}{partner}"


def parse_month(text: str) -> dt.date:
    """Return the first day of a month written as "2024-01".

    Raises Refused for anything else, a month of 13 included.
    """
    if not _MONTH.fullmatch(text.strip()):
        raise Refused(
            _("“%(text)s” is not a month. Write it as year and month, for example 2024-01.")
            % {"text": text}
        )
    return month_start(text.strip())


def check_months(first: dt.date, last: dt.date) -> None:
    """Raise Refused unless the months are in order and not more than ten years."""
    if first > last:
        raise Refused(_("The first month must not come after the last."))
    if len(months_between(first, last)) > MAX_MONTHS:
        raise Refused(_("A package covers ten years at most."))


def month_start(text: str) -> dt.date:
    """Return the first day of a well-formed month."""
    return dt.date.fromisoformat(f"{text}-01")


def shifted(month: str, by: int) -> str:
    """Return the month that lies ``by`` months later, earlier if negative."""
    n = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{n // 12:04d}-{n % 12 + 1:02d}"


def month_text(date: dt.date) -> str:
    """Return a date's month as "2024-01"."""
    return f"{date:%Y-%m}"


def months_between(first: dt.date, last: dt.date) -> tuple[str, ...]:
    """Return the months from one date's month to another's, both included."""
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1))
