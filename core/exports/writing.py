"""Writes a list row by row, so that 200,000 rows need no more memory than 200."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.exports.about import Counts, Request, about, dictionary, dictionary_head
from core.exports.cells import neutral, original
from core.exports.disclosure import Disclosure
from core.exports.excel import Archive, Book
from core.exports.registry import by_date

ANNEX = "OFFICIAL-SENSITIVE annex"
Tell = Callable[[int], None]


def rows_of(asked: Request) -> Any:
    """Return the list's queryset for what was asked."""
    export = asked.export
    rows = export.queryset(asked.by, asked.scope)
    return by_date(rows, export.date, asked.first, asked.last) if export.date else rows


def disclosed(asked: Request, rules: Disclosure, tell: Tell) -> Iterator[tuple[list[Any], bool]]:
    """Yield the values of each row that may go out, and whether it belongs into the annex."""
    export, done = asked.export, 0
    chunk: list[Any] = []

    def opened() -> Iterator[tuple[list[Any], bool]]:
        for row in export.prepare(chunk):
            found = rules.row(row)
            if found is not None:
                yield found

    for row in rows_of(asked).iterator(chunk_size=export.chunk):
        chunk.append(row)
        if len(chunk) >= export.chunk:
            yield from opened()
            done += len(chunk)
            chunk = []
            tell(done)
    yield from opened()
    tell(done + len(chunk))


def write_csv(asked: Request, rules: Disclosure, path: Path, tell: Tell) -> Counts:
    """Write one zip: the list, its annex if there is one, data dictionary and About."""
    data, annex = path.with_suffix(".data"), path.with_suffix(".annex")
    counts = [0, 0]
    try:
        with ExitStack() as stack:
            writers = []
            for place in (data, annex):
                out = stack.enter_context(place.open("w", encoding="utf-8-sig", newline=""))
                writers.append(csv.writer(out))
                writers[-1].writerow(neutral(title) for title in rules.titles())
            for values, sensitive in disclosed(asked, rules, tell):
                writers[sensitive].writerow(as_text(value) for value in values)
                counts[sensitive] += 1
        told = Counts(rows=counts[0], annex=counts[1])
        with Archive(path, "w", allowZip64=True) as archive:
            archive.write(data, "data.csv")
            if counts[1]:
                archive.write(annex, "annex OFFICIAL-SENSITIVE.csv")
            archive.writestr("data dictionary.csv", _csv([dictionary_head(), *dictionary(rules)]))
            archive.writestr("about.csv", _csv(about(asked, rules, told)))
    finally:
        for place in (data, annex):
            place.unlink(missing_ok=True)
    return told


def write_xlsx(asked: Request, rules: Disclosure, path: Path, tell: Tell) -> Counts:
    """Write one Excel file with the same parts as sheets."""
    book, counts, annex = Book(), [0, 0], None
    head = rules.titles()
    data = book.sheet(_("Data"), head)
    for values, sensitive in disclosed(asked, rules, tell):
        if sensitive and annex is None:
            annex = book.sheet(ANNEX, head, position=1)
        book.row(annex if sensitive else data, values)
        counts[sensitive] += 1
    words = book.sheet(_("Data dictionary"), dictionary_head(), widths=[26, 20, 60, 14, 40, 30, 30])
    for line in dictionary(rules):
        book.row(words, line, wrap=True)
    told = Counts(rows=counts[0], annex=counts[1], cut=book.cut)
    sheet = book.sheet(_("About"), [_("About this list"), ""], widths=[24, 100])
    for pair in about(asked, rules, told):
        book.row(sheet, pair, wrap=True)
    book.save(path)
    return told


def as_text(value: Any) -> str:
    """Return a value as CSV holds it: ISO dates, yes or no, texts that cannot act as formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if value.tzinfo else value
        return local.isoformat(" ", "seconds")[:19]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        return neutral(value)
    return str(value)


def read_csv(content: bytes) -> list[list[str]]:
    """Return the texts of a CSV file of ours as they were before they were made safe."""
    text = content.decode("utf-8-sig")
    return [[original(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
