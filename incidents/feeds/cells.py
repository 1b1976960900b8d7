"""Reads one cell of a feed's file: a date, a moment, a place, a flag. Nothing is guessed here."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.forms.widgets import month_number
from incidents.choices import Qualifier
from incidents.feeds.mapping import Clock, Order, System

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 60  # characters of a date or coordinates; no real one is as long
# The box of the United Kingdom with its waters, in degrees and in metres of the national grid.
WEST, EAST, SOUTH, NORTH = -9.0, 2.2, 49.7, 61.1
GRID_EAST, GRID_NORTH = 700_000.0, 1_300_000.0

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_FIGURES = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_NAMED = re.compile(
    r"(?:[A-Za-z]{2,9},? )?([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]([A-Za-z]{3,9})[-/., ]{1,2}"
    r"([0-9]{4}|[0-9]{2})"
)
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})[-/. ]?(?P<month>[0-9]{1,2})"),
    re.compile(r"(?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[A-Za-z]{3,9})[-/. ](?P<year>[0-9]{4}|[0-9]{2})"),
)
_MOMENT = re.compile(
    r"(.+?)(?:[Tt]|,? +)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?: ?[AaPp]\.?[Mm]\.?)?) ?(Z|z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
_TIME = re.compile(
    r"([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?"
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,20})?")
_PAIR = re.compile(
    r"(?:(?:SRID=[0-9]+;)?POINT ?)?\(?\[? ?([+-]?[0-9.]{1,24}) ?[, ;] ?([+-]?[0-9.]{1,24}) ?\]?\)?",
    re.IGNORECASE,
)
_GRID_LETTERS = re.compile(r"([HNOST])([A-HJ-Z]) ?([0-9]{1,5}) ?([0-9]{1,5})", re.IGNORECASE)
_AREA = re.compile(r"[EWS]01[0-9]{6}")
YES = frozenset({"yes", "y", "true", "t", "1", "x", "repeat", "r"})
NO = frozenset({"no", "n", "false", "f", "0", "-", "none"})


class Unreadable(Exception):
    """A cell is not what it should be; carries what was expected, and advice."""

    def __init__(self, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.expected, self.advice = expected, advice


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a moment of it. ``at`` is in UTC; ``twice``: the clock showed it twice."""

    day: dt.date
    at: dt.datetime | None
    twice: bool = False


def read_day(text: str, order: str) -> dt.date:
    """Return a day. Raises Unreadable."""
    if len(text) <= LONGEST:
        found = _day(text, order)
        if found is not None:
            return found
    raise Unreadable(day_words(order))


def read_month(text: str, order: str) -> dt.date:
    """Return the first day of the month that a day or a month names. Raises Unreadable."""
    if len(text) <= LONGEST:
        for form in _MONTHS:
            if match := form.fullmatch(text):
                month = month_number(match["month"])
                year = _year(match["year"])
                if month is not None and FIRST_YEAR <= year <= LAST_YEAR:
                    return dt.date(year, month, 1)
        if (moment := _MOMENT.fullmatch(text)) is not None:
            text = moment[1]
        found = _day(text, order)
        if found is not None:
            return found.replace(day=1)
    raise Unreadable(_("a day or a month: %(day)s") % {"day": day_words(order)})


def day_words(order: str) -> str:
    """Return what a date looks like."""
    return {
        Order.DAY_FIRST: _("a real date with the day first, like 31/12/2024"),
        Order.MONTH_FIRST: _("a real date with the month first, like 12/31/2024"),
        Order.YEAR_FIRST: _("a real date with the year first, like 2024-12-31"),
    }[Order(order)]


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


@lru_cache(maxsize=4096)
def _day(text: str, order: str) -> dt.date | None:
    if match := (_YEAR_FIRST.fullmatch(text) or _PACKED.fullmatch(text)):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NAMED.fullmatch(text):
        found = month_number(match[2])
        if found is None:
            return None
        day, month, year = int(match[1]), found, _year(match[3])
    elif order != Order.YEAR_FIRST and (match := _FIGURES.fullmatch(text)):
        one, two, year = int(match[1]), int(match[2]), _year(match[3])
        day, month = (one, two) if order == Order.DAY_FIRST else (two, one)
    else:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> dt.time:
    """Return a time of day to the second. Raises Unreadable."""
    match = _TIME.fullmatch(text) if len(text) <= LONGEST else None
    if match is not None:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        half = (match[4] or "").lower()
        if half and not 1 <= hour <= 12:
            hour = 99
        elif half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour < 24 and minute < 60 and second < 60:
            return dt.time(hour, minute, second)
    raise Unreadable(_("a time, like 23:40"))


def read_moment(text: str, clock_text: str, *, order: str, clock: str) -> Moment:
    """Return a day or a moment from a date with its time in it, or beside it in ``clock_text``.

    A time with an offset is taken by it, any other by ``clock``. Of a local time that the clock
    showed twice the earlier is taken; one that it never showed is refused. Raises Unreadable.
    """
    match = _MOMENT.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or (day := _day(match[1].strip(), order)) is None:
        day = read_day(text, order)
        if not clock_text:
            return Moment(day, None)
        return _placed(dt.datetime.combine(day, read_time(clock_text)), clock)
    if clock_text:
        # A spreadsheet may add a midnight to the date; the time stands in its own column.
        if match[2].replace(":", "").strip("0. ") and match[2] != clock_text:
            raise Unreadable(_("a date without a time, because the time has its own column"))
        return _placed(dt.datetime.combine(day, read_time(clock_text)), clock)
    naive = dt.datetime.combine(day, read_time(match[2]))
    if match[3]:
        at = naive.replace(tzinfo=_offset(match[3])).astimezone(dt.UTC)
        return Moment(at.astimezone(LONDON).date(), at)
    return _placed(naive, clock)


def _offset(text: str) -> dt.timezone:
    if text[0] not in "+-":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise Unreadable(_("an offset from UTC, like +01:00"))
    return dt.timezone(dt.timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))


def _placed(naive: dt.datetime, clock: str) -> Moment:
    if clock == Clock.UTC:
        at = naive.replace(tzinfo=dt.UTC)
        return Moment(at.astimezone(LONDON).date(), at)
    local = naive.replace(tzinfo=LONDON)
    at = local.astimezone(dt.UTC)
    if at.astimezone(LONDON).replace(tzinfo=None) != naive:
        raise Unreadable(
            _("a time that the clock showed"),
            _("On this night it went forward from 01:00 to 02:00. Are these times UTC?"),
        )
    twice = local.replace(fold=1).utcoffset() != local.utcoffset()
    return Moment(naive.date(), at, twice)


def midnight(day: dt.date) -> dt.datetime:
    """Return the local beginning of a day, in UTC."""
    return dt.datetime.combine(day, dt.time(), LONDON).astimezone(dt.UTC)


def read_number(text: str) -> float:
    """Return a coordinate. Raises Unreadable."""
    bare = (
        text.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", text) else text
    )
    if _NUMBER.fullmatch(bare):
        return float(bare)
    raise Unreadable(_("a number"))


def check_place(x: float, y: float, system: str) -> tuple[float, float]:
    """Return coordinates that lie in the United Kingdom's box. Raises Unreadable."""
    if system == System.GRID:
        if 0 < x < GRID_EAST and 0 < y < GRID_NORTH:
            return x, y
        advice = _("Are these degrees?") if in_degrees(x, y) or in_degrees(y, x) else ""
        raise Unreadable(_("an easting under 700,000 and a northing under 1,300,000"), advice)
    if in_degrees(x, y):
        return x, y
    if in_degrees(y, x):
        advice = _("Longitude and latitude may be the wrong way round.")
    else:
        grid = x > 1000 and y > 1000
        advice = _("Are these metres of the British National Grid?") if grid else ""
    raise Unreadable(_("a place in the box of the United Kingdom"), advice)


def in_degrees(x: float, y: float) -> bool:
    """Say whether a longitude and latitude lie in the box of the United Kingdom."""
    return WEST <= x <= EAST and SOUTH <= y <= NORTH


def read_point(text: str, system: str) -> tuple[float, float, str]:
    """Return x, y and their system from one cell: a pair, “POINT (x y)” or a grid reference.

    Degrees are told apart by their size, whichever stands first. Raises Unreadable.
    """
    if len(text) <= LONGEST:
        if match := _GRID_LETTERS.fullmatch(text):
            east, north = _grid(*match.groups())
            return *check_place(east, north, System.GRID), System.GRID
        if match := _PAIR.fullmatch(text):
            one, two = (read_number(part) for part in match.groups())
            if system == System.DEGREES and in_degrees(two, one):
                one, two = two, one
            return *check_place(one, two, system), system
    raise Unreadable(_("two coordinates, like 52.2271, -2.7391, or a grid reference"))


def _grid(first: str, second: str, east: str, north: str) -> tuple[float, float]:
    """Return the middle of the square that a grid reference names, in metres."""
    figures = east + north
    if len(figures) % 2:
        raise Unreadable(_("a grid reference with as many figures east as north"))
    half = len(figures) // 2
    size = 10.0 ** (5 - half)
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    one, two = letters.index(first.upper()), letters.index(second.upper())
    column = (one % 5 - 2) * 5 + two % 5
    row = (3 - one // 5) * 5 + 4 - two // 5
    return (
        column * 100_000 + int(figures[:half]) * size + size / 2,
        row * 100_000 + int(figures[half:]) * size + size / 2,
    )


def read_area(text: str) -> str:
    """Return the code of an LSOA (or Scottish data zone). Raises Unreadable."""
    code = text.upper()
    if _AREA.fullmatch(code):
        return code
    raise Unreadable(_("the code of an LSOA, like E01014034"))


def read_flag(text: str) -> bool | None:
    """Return yes, no, or None for a blank cell. Raises Unreadable."""
    word = text.casefold()
    if not word:
        return None
    if word in YES or word in NO:
        return word in YES
    raise Unreadable(_("yes or no"))


def read_count(text: str) -> int:
    """Return a number of incidents. Raises Unreadable, for a hidden number too."""
    bare = text.replace(",", "").removesuffix(".0")
    if bare.isascii() and bare.isdigit() and len(bare) <= 7:
        return int(bare)
    raise Unreadable(
        _("a whole number"),
        _("A number that was hidden, like “<5”, cannot be counted: leave the row out."),
    )


def read_qualifier(text: str) -> str:
    """Return the qualifier that a cell names, empty for a blank one. Raises Unreadable."""
    words = text.casefold()
    if not words:
        return ""
    found = [one for one in Qualifier.values if one in words]
    if words in ("p", "n", "e"):
        found = [one for one in Qualifier.values if one.startswith(words)]
    if len(found) == 1:
        return found[0]
    raise Unreadable(_("personal, nuisance or environmental"))
