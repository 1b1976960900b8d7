"""Reads what a person sent into rows of texts; whatever cannot be taken is said by row and column.

Nothing is guessed in silence: how the text was read (coding, separator, sheet) goes into ``notes``,
which the preview shows.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.errors import BadInput, RowError
from core.exports.cells import original

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELL = 32_767  # what a spreadsheet's cell can hold
SEPARATORS = {",": _lazy("comma"), ";": _lazy("semicolon"), "\t": _lazy("tab")}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = "\ufeff\u200b\u00a0 \t\r\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file; ``number`` counts as a text editor or spreadsheet does."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken: its bytes, and its rows under the headings."""

    size: int = MAX_BYTES
    rows: int = MAX_ROWS


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A file whose rows are read as they are asked for, once; reading on may raise BadInput."""

    name: str
    sha256: str
    lines: Iterator[Line]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as rows of texts, blank ones left out, and what was noticed on the way."""

    name: str
    sha256: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = field(default=())


def read_upload(upload: Any) -> Sheet:
    """Read an uploaded CSV or Excel file. Raises BadInput."""
    name = str(getattr(upload, "name", "") or "table")
    size = getattr(upload, "size", 0) or 0
    if size > MAX_BYTES:
        raise too_large(name, size)
    upload.seek(0)
    return read_bytes(upload.read(MAX_BYTES + 1), name)


def read_bytes(content: bytes, name: str, limits: Limits = LIMITS) -> Sheet:
    """Read the bytes of a CSV or Excel file, told apart by what they are. Raises BadInput."""
    opened = open_bytes(content, name, limits)
    return Sheet(name, opened.sha256, tuple(opened.lines), opened.notes)


def open_bytes(content: bytes, name: str, limits: Limits = LIMITS) -> OpenSheet:
    """Return the same, but read row by row: of CSV no more is held than the text. BadInput too."""
    if len(content) > limits.size:
        raise too_large(name, len(content), limits)
    if not content.strip():
        raise whole_file(name, _("nothing"), _("a table with headings in its first row"))
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK"):
        from core.tabular.workbook import read_workbook

        lines, notes = read_workbook(content, name)
        return OpenSheet(name, digest, _limited(lines, name, limits), tuple(notes))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise whole_file(
            name,
            _("an old or protected Excel file"),
            _("CSV, or Excel (.xlsx)"),
            _("Open it in the spreadsheet and save it as “Excel Workbook (.xlsx)”, no password."),
        )
    text, coding = decode(content, name)
    if text.lstrip(_BLANKS).startswith("{"):
        from core.tabular.geojson import read_geojson

        features, remarks = read_geojson(text, name, limits.rows)
        return OpenSheet(name, digest, _limited(iter(features), name, limits), tuple(remarks))
    notes = [] if coding == "UTF-8" else [_("Read as %(coding)s text.") % {"coding": coding}]
    return _from_text(text, name, digest, notes, limits)


def read_text(text: str, name: str) -> Sheet:
    """Read pasted text: cells copied from a spreadsheet, CSV, or a bare list. Raises BadInput."""
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > MAX_BYTES:
        raise too_large(name, len(content))
    if not text.strip():
        raise whole_file(name, _("nothing"), _("a table with headings in its first row"))
    _refuse_controls(text, name)
    opened = _from_text(text, name, hashlib.sha256(content).hexdigest(), [], LIMITS)
    return Sheet(name, opened.sha256, tuple(opened.lines), opened.notes)


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of some bytes and the name of their coding; never a guess beyond two."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise whole_file(
            name, _("UTF-16 text"), _("UTF-8 text"), _("Save it as “CSV UTF-8” and send it again.")
        )
    for coding, label in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        _refuse_controls(text, name)
        return text, label
    raise not_a_table(name)


def _refuse_controls(text: str, name: str) -> None:
    found = _CONTROL.search(text)
    if found is None:
        return
    if found.group() == "\0" or found.start() < 1000:
        raise not_a_table(name)
    place = found.start()
    raise BadInput(
        [
            RowError(
                name,
                text.count("\n", 0, place) + 1,
                None,
                text[place - 20 : place + 20],
                _("text without control characters"),
            )
        ]
    )


def _from_text(text: str, name: str, digest: str, notes: list[str], limits: Limits) -> OpenSheet:
    separator = _separator(text)
    if separator != ",":
        notes.append(
            _("Cells are separated by %(separator)s.") % {"separator": SEPARATORS[separator]}
        )
    lines = _limited(_csv(text, separator, name, limits), name, limits)
    return OpenSheet(name, digest, lines, tuple(notes))


def _separator(text: str) -> str:
    """Return what stands most often between the cells of the first line that is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare, quoted = [], False
    for letter in first:
        quoted ^= letter == '"'
        if not quoted:
            bare.append(letter)
    counts = {separator: bare.count(separator) for separator in SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    return best if counts[best] else ","


def _csv(text: str, separator: str, name: str, limits: Limits) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    previous = csv.field_size_limit(limits.size)  # our own limit is checked with row and column
    try:
        start = 1
        for cells in reader:
            yield Line(start, tuple(original(cell) for cell in cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            [
                RowError(
                    name,
                    start,
                    None,
                    text.splitlines()[start - 1][:60] if start <= len(text.splitlines()) else "",
                    _("cells whose quotation marks are closed"),
                    _("The file may be cut off: save it again."),
                )
            ]
        ) from error
    finally:
        csv.field_size_limit(previous)


def _limited(lines: Iterator[Line], name: str, limits: Limits) -> Iterator[Line]:
    """Trim the cells, leave blank rows out, and refuse what is beyond the limits."""
    taken = 0
    for line in lines:
        cells = [cell.strip(_BLANKS) for cell in line.cells]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise BadInput(
                [
                    RowError(
                        name,
                        line.number,
                        None,
                        _("%(count)s cells") % {"count": len(cells)},
                        _("at most %(limit)s") % {"limit": MAX_COLUMNS},
                    )
                ]
            )
        for position, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                raise BadInput(
                    [
                        RowError(
                            name,
                            line.number,
                            letters(position),
                            f"{cell[:40]}…",
                            _("at most %(limit)s characters in a cell") % {"limit": MAX_CELL},
                        )
                    ]
                )
        taken += 1
        if taken > limits.rows + 1:
            raise whole_file(
                name,
                _("more than %(limit)s rows") % {"limit": f"{limits.rows:,}"},
                _("at most %(limit)s rows") % {"limit": f"{limits.rows:,}"},
                _("Share it out over several files."),
            )
        yield Line(line.number, tuple(cells))


def letters(position: int) -> str:
    """Return a column's name in a spreadsheet: 0 is A, 26 is AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def whole_file(name: str, found: str, expected: str, advice: str = "") -> BadInput:
    """Return the error about a file as a whole."""
    return BadInput([RowError(name, None, None, found, expected, advice)])


def too_large(name: str, size: int, limits: Limits = LIMITS) -> BadInput:
    """Return the error about a file that is too large."""
    return whole_file(
        name,
        filesizeformat(size),
        _("at most %(limit)s") % {"limit": filesizeformat(limits.size)},
        _("Share it out over several files."),
    )


def not_a_table(name: str) -> BadInput:
    """Return the error about bytes that are no text."""
    return whole_file(
        name,
        _("something that is neither text nor a spreadsheet"),
        _("CSV in UTF-8, or Excel (.xlsx)"),
        _("Open it in the spreadsheet and save it as “CSV UTF-8” or “Excel Workbook (.xlsx)”."),
    )
