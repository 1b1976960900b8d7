"""What a file would become by a mapping: counts, the first rows in words, the months it is of."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from core.errors import BadInput, RowError
from core.screen import day, month_name
from core.tabular.reading import Line
from incidents.choices import Qualifier
from incidents.feeds.cells import LONDON
from incidents.feeds.guess import LOOKED_AT
from incidents.feeds.mapping import FLAGS, Fields, Mapping
from incidents.feeds.rows import OpenFile, Reader, Rejected, Row, opened
from incidents.feeds.staging import lsoas_of
from incidents.models import Feed

SHOWN = 10
CHECKED = 20_000  # rows looked at while a person waits; the job looks at all
SHOWN_ERRORS = 10
SHOWN_CATEGORIES = 12
SHOWN_VALUE = 60


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file: its headings and first rows as they stand."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def examples(self, position: int) -> str:
        """Return up to three different values of a column."""
        found = dict.fromkeys(
            row[position][:SHOWN_VALUE] for row in self.rows if position < len(row)
        )
        return "; ".join(one for one in list(found)[:4] if one)[:200]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it stands, and in words what it becomes or why it is refused."""

    line: int
    cells: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    wrong: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the rows that were checked come to; ``more`` rows follow unchecked."""

    rows: int
    good: int
    wrong: int
    more: int
    errors: tuple[RowError, ...]
    shown: tuple[ShownRow, ...]
    first_month: dt.date | None
    last_month: dt.date | None
    located: int
    timed: int
    twice: int
    categories: tuple[tuple[str, int], ...]
    more_categories: int


def head_of(content: bytes, name: str) -> Head:
    """Return the beginning of a file. Raises BadInput."""
    with opened(content, name) as file:
        rows = tuple(line.cells for line in islice(file.lines, LOOKED_AT))
        return Head(file.headings, rows, file.notes)


def preview(
    feed: Feed,
    content: bytes,
    name: str,
    mapping: Mapping,
    span: tuple[dt.date | None, dt.date | None] = (None, None),
) -> Preview:
    """Check the first rows of a file by a mapping. Raises BadInput if it cannot be read by it."""
    low, high = dt.date.max, dt.date.min
    good = wrong = more = located = timed = twice = 0
    errors: list[RowError] = []
    head: list[tuple[Line, Row | Rejected]] = []
    categories: Counter[str] = Counter()
    with opened(content, name) as file:
        reader = Reader(feed=feed, mapping=mapping, file=file, first=span[0], last=span[1])
        for line in file.lines:
            if good + wrong >= CHECKED:
                more += 1
                continue
            row = reader.read(line)
            if len(head) < SHOWN:
                head.append((line, row))
            if isinstance(row, Rejected):
                wrong += 1
                if len(errors) < SHOWN_ERRORS:
                    errors.append(row.error)
                continue
            good += 1
            low, high = min(low, row.month), max(high, row.month)
            located += row.x is not None or bool(row.lsoa_code)
            timed += row.from_at is not None
            twice += row.twice
            categories[row.category] += 1
        shown = _shown(file, head)
    common = categories.most_common(SHOWN_CATEGORIES)
    return Preview(
        rows=good + wrong,
        good=good,
        wrong=wrong,
        more=more,
        errors=tuple(errors),
        shown=shown,
        first_month=low if good else None,
        last_month=high if good else None,
        located=located,
        timed=timed,
        twice=twice,
        categories=tuple(common),
        more_categories=len(categories) - len(common),
    )


def try_preview(
    feed: Feed,
    content: bytes,
    name: str,
    mapping: Mapping,
    span: tuple[dt.date | None, dt.date | None],
) -> tuple[Preview | None, list[str]]:
    """Return a preview, or in words why there is none by this mapping."""
    try:
        return preview(feed, content, name, mapping, span), []
    except BadInput as error:
        return None, [
            one.found if not one.expected else str(one) for one in error.errors[:SHOWN_ERRORS]
        ]


def _shown(file: OpenFile, head: Sequence[tuple[Line, Row | Rejected]]) -> tuple[ShownRow, ...]:
    placed = [
        row for __, row in head if isinstance(row, Row) and row.x is not None and row.y is not None
    ]
    found = lsoas_of([(row.x or 0.0, row.y or 0.0, row.srid) for row in placed])
    places = {row.line: where for row, where in zip(placed, found, strict=True)}
    return tuple(
        ShownRow(
            line.number,
            tuple(
                (heading, cell[:SHOWN_VALUE])
                for heading, cell in zip(file.headings, line.cells, strict=False)
                if cell
            ),
            _words(row, places.get(line.number)) if isinstance(row, Row) else _why(row.error),
            not isinstance(row, Row),
        )
        for line, row in head
    )


def _why(error: RowError) -> tuple[str, ...]:
    column = f"{error.column}: " if error.column else ""
    words = _("%(column)sexpected %(expected)s") % {"column": column, "expected": error.expected}
    return (_("This row will be refused."), words, *([error.advice] if error.advice else []))


def _words(row: Row, place: tuple[float, float, str] | None) -> tuple[str, ...]:
    """Say what a row becomes, a line for each thing."""
    kind = row.category
    if row.qualifier:
        kind += f" · {Qualifier(row.qualifier).label}"
    if row.count != 1:
        kind += f" · {row.count}"
    words = [_when(row), kind]
    if row.twice:
        words.append(_("The clock showed this time twice; the earlier one is taken."))
    if row.opened_at is not None:
        words.append(_("Reported %(at)s") % {"at": moment(row.opened_at)})
    words.append(_where(row, place))
    if row.place:
        words.append(row.place)
    keys = {
        _("who reported it"): row.caller_key,
        _("who was harmed"): row.victim_key,
        _("premises"): row.place_key,
    }
    kept = [name for name, key in keys.items() if key]
    if kept:
        words.append(_("Kept as a key only: %(what)s") % {"what": ", ".join(kept)})
    flags = [str(Fields(one).label).partition(":")[0] for one in FLAGS if getattr(row, one)]
    if flags:
        words.append(", ".join(flags))
    if row.outcome:
        words.append(_("Outcome: %(outcome)s") % {"outcome": row.outcome})
    return tuple(words)


def _when(row: Row) -> str:
    if row.from_at is None or row.to_at is None:
        return _("%(month)s, no time") % {"month": month_name(row.month)}
    if row.from_at == row.to_at:
        return moment(row.from_at)
    return _("%(first)s to %(last)s") % {"first": moment(row.from_at), "last": moment(row.to_at)}


def moment(at: dt.datetime) -> str:
    """Return a moment in local time: "2 May 2024, 23:40"."""
    local = at.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def _where(row: Row, place: tuple[float, float, str] | None) -> str:
    if place is None:
        return _("In %(area)s") % {"area": row.lsoa_code} if row.lsoa_code else _("No place")
    longitude, latitude, area = place
    east = _("E") if longitude >= 0 else _("W")
    point = f"{latitude:.4f}° {_('N')}, {abs(longitude):.4f}° {east}"
    area = row.lsoa_code or area
    if not area:
        return _("%(point)s · in no area whose boundary is held") % {"point": point}
    return _("%(point)s · in %(area)s") % {"point": point, "area": area}
