"""Guesses what the columns of a file are, from their headings and first values; says how."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from incidents.choices import Grain
from incidents.feeds import cells
from incidents.feeds.cells import Unreadable
from incidents.feeds.mapping import Clock, Fields, Mapping, Order, System

LOOKED_AT = 200
ENOUGH = 0.8  # of the values that are there have to be readable for a guess by them

# Words of headings, all small and without anything between them; the first field that fits wins.
_WORDS: tuple[tuple[str, str], ...] = (
    (Fields.REPEAT_CALLER, r"repeatcaller|repeatcomplainant|repeatinformant"),
    (Fields.REPEAT_VICTIM, r"repeatvictim"),
    (Fields.REPEAT_PLACE, r"repeatlocation|repeatpremises|repeatplace|repeataddress"),
    (Fields.VULNERABLE, r"vulnerab"),
    (Fields.QUALIFIER, r"qualifier|nsir|asbtype|pne$"),
    (Fields.SUBTYPE, r"subtype|subcategory|secondarytype|secondarycategory|type2|category2"),
    (Fields.FROM_TIME, r"(from|start|earliest|committed|occurred).*time$|^timefrom|^timestart"),
    (Fields.TO_TIME, r"(to|end|latest)time$|^timeto|^timeend"),
    (
        Fields.TO,
        r"(^|date|datetime|incident|committed|occurred)(to|end|until|latest)(date|datetime)?$"
        r"|^(latest|end|to)(date|datetime)",
    ),
    (
        Fields.OPENED,
        r"opened|reported(date|on|at)|(date|time|on)reported|created|received|logged"
        r"|calltime|^requestdate",
    ),
    (
        Fields.FROM,
        r"(^|date|datetime|incident|committed|occurred)(from|start|earliest|began)"
        r"(date|datetime)?$|^(earliest|start|from)(date|datetime)|^datetime$|^when"
        r"|occur|incidentdate|offencedate|dateofincident|dateofoffence",
    ),
    (Fields.FROM_TIME, r"^time$|incidenttime|timeofincident"),
    (Fields.DATE, r"date|month|period|^day$"),
    (Fields.X, r"^lon|longitude|lng|easting|^east|^x$|xcoord|coordx|geox"),
    (Fields.Y, r"^lat|latitude|northing|^north|^y$|ycoord|coordy|geoy"),
    (Fields.POINT, r"gridref|^point$|coordinates|^geom|latlon|latlong|^location1$"),
    (Fields.LSOA, r"lsoa.*(code|cd)|^lsoa(11|21)?$|areacode|^lsoa(01|11|21)"),
    (Fields.CALLER, r"caller|complainant|informant|reporter|reportedby|customer"),
    (Fields.VICTIM, r"victim|injuredparty|aggrieved"),
    (Fields.PREMISES, r"uprn|premisesid|addressid|propertyref|usrn"),
    (Fields.PLACE, r"street|address|premises|locationname|^location$|^place|road|venue"),
    (Fields.OUTCOME, r"outcome|closure|closing|disposal|result|^status"),
    (Fields.COUNT, r"^count|number|^total|^n$|incidents$"),
    (
        Fields.CATEGORY,
        r"category|type$|incidenttype|crimetype|offencetype|^type|classification|description"
        r"|openingcode|closingcode|nature|subject|offence",
    ),
    (
        Fields.REFERENCE,
        r"reference|^ref|ref$|incidentno|incidentnumber|lognumber|urn$|^uid$|^id$|"
        r"caseid|crimeno|number$",
    ),
)
_RULES = tuple((name, re.compile(pattern)) for name, pattern in _WORDS)
_BARE = re.compile(r"[^a-z0-9]+")
_FIGURES = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ](?:[0-9]{4}|[0-9]{2})(?:\D.*)?")
_OFFSET = re.compile(r".*[0-9:](?:Z|z|UTC| ?[+-]00:?00)")
READERS: dict[str, Callable[[str], object]] = {
    Fields.X: cells.read_number,
    Fields.Y: cells.read_number,
    Fields.LSOA: cells.read_area,
    Fields.COUNT: cells.read_count,
    Fields.FROM_TIME: cells.read_time,
    Fields.TO_TIME: cells.read_time,
    Fields.REPEAT_CALLER: cells.read_flag,
    Fields.REPEAT_VICTIM: cells.read_flag,
    Fields.REPEAT_PLACE: cells.read_flag,
}
# A field that says nothing without another one.
NEEDS = (
    (Fields.FROM_TIME, Fields.FROM),
    (Fields.TO_TIME, Fields.TO),
    (Fields.TO, Fields.FROM),
    (Fields.X, Fields.Y),
    (Fields.Y, Fields.X),
)
_TIMED = (Fields.FROM, Fields.TO, Fields.OPENED)


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping to begin with, and in words what it rests on or what cannot be told."""

    mapping: Mapping
    notes: tuple[str, ...]


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]], grain: str) -> Guess:
    """Return a guess for a file; ``rows`` are its first rows as they stand."""
    values = {
        heading: [row[at].strip() for row in rows[:LOOKED_AT] if at < len(row) and row[at].strip()]
        for at, heading in enumerate(headings)
    }
    columns = _columns(headings, values, grain)
    notes: list[str] = []
    order = _order(
        [one for name in (*_TIMED, Fields.DATE) for one in _of(columns, values, name)], notes
    )
    clock = _clock([one for name in _TIMED for one in _of(columns, values, name)], notes)
    columns, system = _system(columns, values, notes)
    return Guess(Mapping(columns, system=system, clock=clock, order=order), tuple(notes))


def fitted(saved: Mapping, headings: Sequence[str], first: Guess) -> tuple[Mapping, bool]:
    """Return the saved mapping if all its headings are there, else the guess; and whether saved."""
    there = {heading.casefold() for heading in headings}
    if saved.columns and all(one.casefold() in there for one in saved.columns.values()):
        return saved, True
    return replace(first.mapping, category=saved.category), False


def _of(columns: dict[str, str], values: dict[str, list[str]], name: str) -> list[str]:
    return values[columns[name]] if name in columns else []


def _columns(headings: Sequence[str], values: dict[str, list[str]], grain: str) -> dict[str, str]:
    """Return the field of each heading that says one and whose values do not contradict it."""
    found: dict[str, str] = {}
    for heading in headings:  # codes of areas are known by themselves
        shown = values[heading]
        if Fields.LSOA not in found and shown and _share(shown, cells.read_area) >= ENOUGH:
            found[Fields.LSOA] = heading
    for heading in headings:
        bare = _BARE.sub("", heading.casefold())
        for name, rule in _RULES:
            if name in found or (name == Fields.COUNT and grain != Grain.COUNT):
                continue
            if heading not in found.values() and rule.search(bare) and _fits(name, values[heading]):
                found[name] = heading
                break
    _settle_dates(found, values)
    if Fields.SUBTYPE in found and Fields.CATEGORY not in found:
        found[Fields.CATEGORY] = found.pop(Fields.SUBTYPE)
    for one, other in NEEDS:
        if one in found and other not in found:
            found.pop(one)
    if Fields.X in found:
        found.pop(Fields.POINT, None)
    return found


def _settle_dates(found: dict[str, str], values: dict[str, list[str]]) -> None:
    """Take a lone date for "happened from" where a time stands in it or beside it."""
    if Fields.DATE not in found or Fields.FROM in found:
        return
    shown = values[found[Fields.DATE]]
    inside = bool(shown) and sum(":" in one for one in shown) >= ENOUGH * len(shown)
    if inside or Fields.FROM_TIME in found:
        found[Fields.FROM] = found.pop(Fields.DATE)


def _fits(name: str, values: list[str]) -> bool:
    """Say whether values can be what the heading says; a column of blanks can be anything."""
    if not values:
        return True
    if name in (*_TIMED, Fields.DATE):
        return _share(values, _date) >= ENOUGH
    return name not in READERS or _share(values, READERS[name]) >= ENOUGH


def _date(text: str) -> object:
    """Read a date of any order; which one it is comes after."""
    for order in (Order.DAY_FIRST, Order.MONTH_FIRST):
        try:
            return cells.read_moment(text, "", order=order, clock=Clock.UTC)
        except Unreadable:
            continue
    return cells.read_month(text, Order.DAY_FIRST)


def _share(values: list[str], read: Callable[[str], object]) -> float:
    """Return the share of values that can be read."""
    good = 0
    for one in values:
        try:
            read(one)
        except Unreadable:
            continue
        good += 1
    return good / len(values) if values else 0.0


def _order(values: list[str], notes: list[str]) -> str:
    """Return the order of figures in dates, by the evidence of figures above twelve."""
    figures = [match for one in values if (match := _FIGURES.fullmatch(one))]
    day_first = sum(int(match[1]) > 12 for match in figures)
    month_first = sum(int(match[2]) > 12 for match in figures)
    if not figures:
        return Order.DAY_FIRST
    if day_first and month_first:
        notes.append(
            _(
                "Some dates can only have the day first, others only the month: %(one)s and "
                "%(two)s of the first rows. Ask the agency how the file was made."
            )
            % {"one": day_first, "two": month_first}
        )
    if month_first > day_first:
        notes.append(_("Dates have the month first: the second figure is above 12 in some."))
        return Order.MONTH_FIRST
    if not day_first:
        notes.append(
            _(
                "The first dates could be read with the day first or the month first. Day first is "
                "taken, as is usual here: check it."
            )
        )
    return Order.DAY_FIRST


def _clock(values: list[str], notes: list[str]) -> str:
    """Return the clock; times that say themselves that they are UTC are taken by that anyway."""
    timed = [one for one in values if ":" in one]
    marked = sum(bool(_OFFSET.fullmatch(one)) for one in timed)
    if timed and marked >= ENOUGH * len(timed):
        notes.append(_("Times say that they are UTC; they are shown in local time."))
        return Clock.UTC
    if timed:
        notes.append(_("Times do not say by which clock; local time is taken. Ask the agency."))
    return Clock.LOCAL


def _system(
    columns: dict[str, str], values: dict[str, list[str]], notes: list[str]
) -> tuple[dict[str, str], str]:
    """Return the system of coordinates by their size, and put a swapped pair right."""
    system = System.DEGREES
    if Fields.X in columns:
        pairs = []
        for x, y in zip(values[columns[Fields.X]], values[columns[Fields.Y]], strict=False):
            try:
                pairs.append((cells.read_number(x), cells.read_number(y)))
            except Unreadable:
                continue
        pairs = [pair for pair in pairs if pair != (0.0, 0.0)]
        straight = sum(cells.in_degrees(x, y) for x, y in pairs)
        swapped = sum(cells.in_degrees(y, x) for x, y in pairs)
        grid = sum(abs(x) > 1000 and abs(y) > 1000 for x, y in pairs)
        if grid > max(straight, swapped):
            system = System.GRID
            notes.append(_("Coordinates look like metres of the British National Grid."))
        elif swapped > straight:
            columns = {
                **columns,
                Fields.X: columns[Fields.Y],
                Fields.Y: columns[Fields.X],
            }
            notes.append(
                _("Longitude and latitude stand the wrong way round; they are read swapped.")
            )
        elif pairs and not straight:
            notes.append(_("The coordinates do not lie in the United Kingdom."))
    elif Fields.POINT in columns:
        shown = values[columns[Fields.POINT]]
        as_grid = _share(shown, lambda text: cells.read_point(text, System.GRID))
        if as_grid > _share(shown, lambda text: cells.read_point(text, System.DEGREES)):
            system = System.GRID
    return columns, system
