"""Rows of a feed's file as incidents, read by its mapping: each row is one, or says why not."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from core.errors import BadInput, RowError
from core.tabular.reading import Limits, Line, letters, open_bytes
from incidents.choices import Grain
from incidents.feeds import cells
from incidents.feeds.cells import Moment, Unreadable
from incidents.feeds.mapping import FLAGS, SECRET, Fields, Mapping, tidy
from incidents.models import Feed

LIMITS = Limits(size=50 * 1024 * 1024, rows=200_000)
HIDDEN = "•••"
LONGEST = {Fields.REFERENCE: 64, Fields.CATEGORY: 150, Fields.PLACE: 200, Fields.OUTCOME: 150}
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it will be stored; ``month`` is local, moments are UTC.

    ``x`` and ``y`` are in ``srid``. ``twice``: a time of it came twice when the clock went back.
    """

    line: int
    month: dt.date
    category: str
    count: int
    reference: str
    opened_at: dt.datetime | None
    from_at: dt.datetime | None
    to_at: dt.datetime | None
    qualifier: str
    x: float | None
    y: float | None
    srid: int
    place: str
    lsoa_code: str
    place_key: str
    caller_key: str
    victim_key: str
    repeat_caller: bool | None
    repeat_victim: bool | None
    repeat_place: bool | None
    vulnerable: bool | None
    outcome: str
    twice: bool

    def content(self) -> str:
        """Return all that is stored of it, as one text: equal rows have equal texts."""
        return "\x1f".join(
            repr(getattr(self, one.name))
            for one in fields(self)
            if one.name not in ("line", "twice")
        )


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken: why, and its text with everything hidden that is not kept."""

    error: RowError
    raw: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An opened file: its headings, its notes and its rows as they stand, once."""

    name: str
    sha256: str
    headings: tuple[str, ...]
    lines: Iterator[Line]
    notes: tuple[str, ...]


@contextmanager
def opened(content: bytes, name: str) -> Generator[OpenFile]:
    """Open a file of a feed. Raises BadInput, here or while its rows are read."""
    sheet = open_bytes(content, name, LIMITS)
    try:
        first = next(sheet.lines, None)
        if first is None or sum(bool(cell) for cell in first.cells) < 1:
            raise BadInput(
                [RowError(name, None, None, _("nothing"), _("a table with headings first"))]
            )
        yield OpenFile(name, sheet.sha256, _headings(first.cells), sheet.lines, sheet.notes)
    finally:
        close = getattr(sheet.lines, "close", None)
        if close is not None:
            close()


def _headings(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return one name for each column, all different: blank ones by their letter."""
    names: list[str] = []
    taken: set[str] = set()
    for position, text in enumerate(found):
        name = tidy(text)[:100] or _("Column %(letter)s") % {"letter": letters(position)}
        number = 1
        while (one := name if number == 1 else f"{name} ({number})").casefold() in taken:
            number += 1
        taken.add(one.casefold())
        names.append(one)
    return tuple(names)


class Reader:
    """Reads the rows of one file by a mapping.

    ``first`` and ``last`` are the months that the file answers for, None where any will do.
    """

    def __init__(
        self,
        *,
        feed: Feed,
        mapping: Mapping,
        file: OpenFile,
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> None:
        counts = feed.grain == Grain.COUNT
        problems = mapping.problems(counts=counts)
        if problems:
            raise BadInput([RowError(file.name, None, None, one, "") for one in problems])
        self.name, self.headings, self.mapping = file.name, file.headings, mapping
        self.first, self.last, self.counts = first, last, counts
        self.plain = mapping.category or feed.title
        self._salt = feed.salt.encode()
        self._at = positions(mapping, file)
        kept = {at for one, at in self._at.items() if one not in SECRET}
        self._kept = frozenset(kept)
        self._references: dict[bytes, int] = {}

    def read(self, line: Line) -> Row | Rejected:
        """Return a row, or why it is none."""
        try:
            return self._row(line)
        except _Wrong as wrong:
            return self.rejected(line, wrong.field, wrong.expected, wrong.advice)

    def rejected(self, line: Line, field: str, expected: str, advice: str = "") -> Rejected:
        """Return a row as one that is not taken, by one of its fields."""
        at = self._at.get(field)
        found = self._cell(line, field) if field not in SECRET else HIDDEN
        heading = self.headings[at] if at is not None else None
        return Rejected(
            RowError(self.name, line.number, heading, found[:200], expected, advice),
            self.raw(line),
        )

    def raw(self, line: Line) -> str:
        """Return the row's text; what is not kept of it, its keys too, is hidden."""
        shown = (
            _UNFIT.sub(" ", cell) if position in self._kept else HIDDEN if cell else ""
            for position, cell in enumerate(line.cells)
        )
        return ",".join(
            '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"') else cell for cell in shown
        )[:4000]

    def _cell(self, line: Line, field: str) -> str:
        at = self._at.get(field)
        if at is None or at >= len(line.cells):
            return ""
        return tidy(line.cells[at])

    def _get(self, line: Line, field: str, read: Callable[..., Any], *given: Any) -> Any:
        """Read a cell; what is wrong with it is the row's error."""
        try:
            return read(self._cell(line, field), *given)
        except Unreadable as error:
            raise _Wrong(field, error.expected, error.advice) from error

    def _text(self, line: Line, field: str) -> str:
        text = self._cell(line, field)
        most = LONGEST[Fields(field)]
        if len(text) > most:
            raise _Wrong(field, _("at most %(limit)s characters") % {"limit": most})
        return text

    def _row(self, line: Line) -> Row:
        if len(line.cells) > len(self.headings):
            raise _Wrong(
                "",
                _("%(count)s cells, as there are headings") % {"count": len(self.headings)},
                _("A comma inside a text may not be in quotation marks."),
            )
        month, opened_at, start, end, twice = self._when(line)
        self._check_month(line, month)
        x, y, srid = self._where(line)
        area = self._get(line, Fields.LSOA, cells.read_area) if self._said(line, "lsoa") else ""
        category = self._category(line)
        count = self._get(line, Fields.COUNT, cells.read_count) if self.counts else 1
        if self.counts and not area:
            raise _Wrong(Fields.LSOA, _("the code of an LSOA, like E01014034"))
        reference = self._text(line, Fields.REFERENCE)
        flags = {name: self._get(line, name, cells.read_flag) for name in FLAGS}
        qualifier = self._get(line, Fields.QUALIFIER, cells.read_qualifier)
        row = Row(
            line=line.number,
            month=month,
            category=category,
            count=count,
            reference=reference,
            opened_at=opened_at,
            from_at=start,
            to_at=end,
            qualifier=qualifier,
            x=x,
            y=y,
            srid=srid,
            place=self._text(line, Fields.PLACE),
            lsoa_code=area,
            place_key=self._key(line, Fields.PREMISES),
            caller_key=self._key(line, Fields.CALLER),
            victim_key=self._key(line, Fields.VICTIM),
            repeat_caller=flags[Fields.REPEAT_CALLER],
            repeat_victim=flags[Fields.REPEAT_VICTIM],
            repeat_place=flags[Fields.REPEAT_PLACE],
            vulnerable=flags[Fields.VULNERABLE],
            outcome=self._text(line, Fields.OUTCOME),
            twice=twice,
        )
        self._once(row)
        return row

    def _said(self, line: Line, field: str) -> bool:
        return bool(self._cell(line, field))

    def _once(self, row: Row) -> None:
        """Refuse what stands in the file a second time: a reference, or a count of an area."""
        if self.counts:
            key, field = f"{row.month}\x1f{row.lsoa_code}\x1f{row.category}", Fields.LSOA
        elif row.reference:
            key, field = row.reference, Fields.REFERENCE
        else:
            return
        digest = hashlib.md5(key.encode(), usedforsecurity=False).digest()
        before = self._references.setdefault(digest, row.line)
        if before != row.line:
            raise _Wrong(field, _("each once; it stands in row %(row)s too") % {"row": before})

    def _key(self, line: Line, field: str) -> str:
        """Return the keyed hash of a cell, small letters and single spaces; empty for blank."""
        text = self._cell(line, field).casefold()
        if not text:
            return ""
        return hmac.new(self._salt, f"{field}\x1f{text}".encode(), hashlib.sha256).hexdigest()[:32]

    def _category(self, line: Line) -> str:
        if not self.mapping.has(Fields.CATEGORY):
            return self.plain
        name = self._text(line, Fields.CATEGORY)
        if not name:
            raise _Wrong(Fields.CATEGORY, _("a category"))
        sub = self._cell(line, Fields.SUBTYPE)
        if sub:
            name = f"{name} / {sub}"
            if len(name) > LONGEST[Fields.CATEGORY]:
                raise _Wrong(Fields.SUBTYPE, _("at most %(limit)s characters") % {"limit": 150})
        return name

    def _where(self, line: Line) -> tuple[float | None, float | None, int]:
        system = self.mapping.system
        if self._said(line, Fields.POINT):
            x, y, system = self._get(line, Fields.POINT, cells.read_point, system)
        elif self._said(line, Fields.X) or self._said(line, Fields.Y):
            x = self._get(line, Fields.X, cells.read_number)
            y = self._get(line, Fields.Y, cells.read_number)
            if x == 0 and y == 0:
                return None, None, 4326  # what systems write for "no place"
            try:
                cells.check_place(x, y, system)
            except Unreadable as error:
                raise _Wrong(Fields.X, error.expected, error.advice) from error
        else:
            return None, None, 4326
        return x, y, 27700 if system == "bng" else 4326

    def _when(
        self, line: Line
    ) -> tuple[dt.date, dt.datetime | None, dt.datetime | None, dt.datetime | None, bool]:
        """Return the month, when it was reported, the bounds of when it happened."""
        began = self._moment(line, Fields.FROM, Fields.FROM_TIME)
        ended = self._moment(line, Fields.TO, Fields.TO_TIME)
        told = self._moment(line, Fields.OPENED, "")
        beside = self.mapping.has(Fields.FROM_TIME) and not self.mapping.has(Fields.FROM)
        if beside and self._said(line, Fields.DATE):
            began = self._joined(line, Fields.DATE, self._cell(line, Fields.FROM_TIME))
        if ended is not None and began is None:
            if not self._said(line, Fields.DATE):
                raise _Wrong(Fields.FROM, _("a date, because there is one for “to”"))
            began = self._joined(line, Fields.DATE, "")
        start, end = self._bounds(began, ended)
        if began is not None:
            month = began.day.replace(day=1)
        elif self._said(line, Fields.DATE):
            month = self._get(line, Fields.DATE, cells.read_month, self.mapping.order)
        elif told is not None:
            month = told.day.replace(day=1)
        else:
            field = cells_when(self.mapping)[0]
            raise _Wrong(field, _("a date"))
        twice = any(one is not None and one.twice for one in (began, ended, told))
        return month, told.at if told else None, start, end, twice

    def _bounds(
        self, began: Moment | None, ended: Moment | None
    ) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Return from and to; of a side without a time, the beginning or the end of its day."""
        if began is None or (began.at is None and (ended is None or ended.at is None)):
            if began is not None and ended is not None and ended.day < began.day:
                raise _Wrong(Fields.TO, _("a day that does not come before “from”"))
            return None, None
        start = began.at or cells.midnight(began.day)
        if ended is None:
            end = start
        else:
            end = ended.at or cells.midnight(ended.day + dt.timedelta(days=1))
        if end < start:
            raise _Wrong(Fields.TO, _("a moment that does not come before “from”"))
        return start, end

    def _moment(self, line: Line, day: str, time: str) -> Moment | None:
        if not self._said(line, day):
            if time and self._said(line, time) and self.mapping.has(day):
                raise _Wrong(day, _("a date, because there is a time"))
            return None
        return self._joined(line, day, self._cell(line, time) if time else "")

    def _joined(self, line: Line, day: str, time: str) -> Moment:
        found: Moment = self._get(line, day, self._read_moment, time)
        return found

    def _read_moment(self, text: str, time: str) -> Moment:
        mapping = self.mapping
        return cells.read_moment(text, time, order=mapping.order, clock=mapping.clock)

    def _check_month(self, line: Line, month: dt.date) -> None:
        if (self.first and month < self.first) or (self.last and month > self.last):
            field = next(
                (one for one in cells_when(self.mapping) if self._said(line, one)), Fields.DATE
            )
            raise _Wrong(
                field,
                _("a date from %(first)s to %(last)s, the months this file answers for")
                % {"first": f"{self.first:%m/%Y}", "last": f"{self.last:%m/%Y}"},
            )


class _Wrong(Exception):
    """A row is none because of one of its fields."""

    def __init__(self, field: str, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.field, self.expected, self.advice = str(field), expected, advice


def cells_when(mapping: Mapping) -> list[str]:
    """Return the fields of a mapping that tell when, the one that counts first."""
    return [one for one in (Fields.FROM, Fields.DATE, Fields.OPENED) if mapping.has(one)]


def positions(mapping: Mapping, file: OpenFile) -> dict[str, int]:
    """Return where the column of each field stands. Raises BadInput for one that is not there."""
    there = {heading.casefold(): at for at, heading in enumerate(file.headings)}
    errors, found = [], {}
    for field, heading in mapping.columns.items():
        at = there.get(heading.casefold())
        if at is None:
            errors.append(
                RowError(
                    file.name,
                    1,
                    None,
                    ", ".join(file.headings)[:120],
                    _("the column “%(heading)s”") % {"heading": heading},
                    _("If the agency changed its headings, say anew what each column becomes."),
                )
            )
        else:
            found[field] = at
    if errors:
        raise BadInput(errors)
    return found
