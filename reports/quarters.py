"""Financial quarters: Q1 is April to June, Q4 January to March."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refused
from core.screen import month_name

_QUARTER = re.compile(r"(\d{4})-(\d{2})-[Qq]([1-4])")
_FIRST_MONTH = {1: 4, 2: 7, 3: 10, 4: 1}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the financial year that begins in ``year`` (2023 means 2023-24)."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read "2023-24-Q4". Raises Refused for anything else, 2023-25 included."""
        match = _QUARTER.fullmatch(text.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise Refused(
                _(
                    "“%(text)s” is not a financial quarter. Write it like 2023-24-Q4, which is "
                    "January to March 2024."
                )
                % {"text": text}
            )
        return cls(int(match[1]), int(match[3]))

    @classmethod
    def of(cls, date: dt.date) -> Quarter:
        """Return the quarter in which a date lies."""
        year = date.year if date.month >= 4 else date.year - 1
        return cls(year, (date.month - 4) % 12 // 3 + 1)

    @property
    def first_day(self) -> dt.date:
        """Return its first day."""
        return dt.date(self.year + (self.number == 4), _FIRST_MONTH[self.number], 1)

    @property
    def last_day(self) -> dt.date:
        """Return its last day."""
        return self.next.first_day - dt.timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """Return the quarter after it."""
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)

    @property
    def previous(self) -> Quarter:
        """Return the quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def words(self) -> str:
        """Write it for people: "Quarter 4 of 2023-24, January to March 2024"."""
        return _("Quarter %(number)s of %(year)s, %(months)s") % {
            "number": self.number,
            "year": str(self)[:7],
            "months": self.months_words,
        }

    @property
    def months_words(self) -> str:
        """Write its months: "January to March 2024"."""
        return _("%(first)s to %(last)s") % {
            "first": month_name(self.first_day).split(" ")[0],
            "last": month_name(self.last_day),
        }

    def __str__(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}-Q{self.number}"
