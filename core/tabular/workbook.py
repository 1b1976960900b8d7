"""Reads the first visible sheet of an Excel file that may have been made to harm.

The container is judged before anything is unpacked, every part of XML before openpyxl sees it: no
document type (so no entities), limits on what it unpacks to. Formulas are refused where they stand,
because their result is somebody else's computation; dates are dates.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.errors import BadInput, RowError
from core.exports.cells import from_xml
from core.tabular.reading import MAX_COLUMNS, MAX_ROWS, Line, letters, not_a_table, whole_file

MAX_UNPACKED = 50_000_000
MAX_PARTS = 2_000
MAX_RATIO = 200
SMALL = 1_000_000
MAX_LINES = MAX_ROWS * 20  # blank ones included
MAX_CELLS = 500_000  # formatted empty ones included
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    expat.ExpatError,
)


class _Forbidden(Exception):
    """A document type stands in a part."""


def read_workbook(content: bytes, name: str) -> tuple[Iterator[Line], list[str]]:
    """Return the rows of the first visible sheet, and notes. Raises BadInput."""
    merged = _check_container(content, name)
    import openpyxl

    try:
        book: Any = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except UNREADABLE as error:
        raise damaged(name) from error
    if not sheets:
        raise whole_file(name, _("no visible sheet"), _("a sheet with headings in its first row"))
    sheet, notes = sheets[0], []
    if len(book.sheetnames) > 1:
        notes.append(
            _("Only the first visible sheet, “%(sheet)s”, is read.") % {"sheet": sheet.title}
        )
    if merged:
        notes.append(_("Of merged cells the first holds the text; the others are empty."))
    return _lines(sheet, name), notes


def damaged(name: str) -> BadInput:
    """Return the error about a workbook that cannot be opened."""
    return whole_file(
        name,
        _("an Excel file that is damaged or cut off"),
        _("an Excel file (.xlsx) that opens"),
        _("Open it in the spreadsheet and save it again."),
    )


def _check_container(content: bytes, name: str) -> bool:
    """Refuse what no spreadsheet program writes; say whether any cells are merged."""
    merged = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise not_a_table(name)
            _check_parts(parts, name)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    merged |= _check_xml(archive, part, name)
    except _Forbidden as error:
        raise whole_file(
            name,
            _("a document type or entities inside the Excel file"),
            _("a plain Excel file (.xlsx)"),
            _("No spreadsheet program writes this: it may have been made to do harm."),
        ) from error
    except UNREADABLE as error:
        raise damaged(name) from error
    return merged


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise damaged(name)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise whole_file(
            name, _("macros"), _("a file without macros"), _("Save it as “Excel Workbook (.xlsx)”.")
        )
    if any(part.flag_bits & 1 or part.compress_type not in PLAIN for part in parts):
        raise damaged(name)
    if total > MAX_UNPACKED or (total > SMALL and total > MAX_RATIO * max(packed, 1)):
        raise whole_file(
            name,
            _("%(packed)s bytes that unpack to %(total)s")
            % {"packed": f"{packed:,}", "total": f"{total:,}"},
            _("at most %(limit)s") % {"limit": f"{MAX_UNPACKED:,}"},
            _("Copy the table into a new, empty spreadsheet and save that."),
        )


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    """Parse a part once with a parser that stops at a document type, and count what is in it."""
    counts = {"c": 0, "mergeCell": 0}

    def forbidden(*_given: Any) -> Any:
        raise _Forbidden

    def started(element: str, _attributes: Any) -> None:
        plain = element.rpartition(":")[2]
        if plain in counts:
            counts[plain] += 1
            if counts[plain] > MAX_CELLS:
                raise too_many_cells(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.ExternalEntityRefHandler = forbidden
    parser.StartElementHandler = started
    with archive.open(part) as stream:
        while block := stream.read(65536):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    return counts["mergeCell"] > 0


def too_many_cells(name: str) -> BadInput:
    """Return the error about a sheet that is far larger than any table taken."""
    return whole_file(
        name,
        _("a sheet far larger than its table"),
        _("at most %(rows)s rows and %(columns)s columns")
        % {"rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS},
        _("Copy the table into a new, empty spreadsheet and save that."),
    )


def _lines(sheet: Any, name: str) -> Iterator[Line]:
    errors: list[RowError] = []
    sheet.reset_dimensions()  # the sheet's own word on its size may be wrong
    try:
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number > MAX_LINES:
                raise too_many_cells(name)
            if any(cell.data_type in ("f", "e") for cell in row):
                errors += _no_values(row, number, name)
            yield Line(number, tuple(_text(cell.value) for cell in row))
    except UNREADABLE as error:
        raise damaged(name) from error
    if errors:
        raise BadInput(errors[:20], more=max(0, len(errors) - 20))


def _no_values(row: Any, number: int, name: str) -> list[RowError]:
    """Return the errors of cells that hold a formula, or the error that one has left."""
    return [
        RowError(
            name,
            number,
            letters(position),
            str(getattr(cell.value, "text", cell.value))[:100],
            _("a plain value"),
            _("Copy the column and paste its values over it."),
        )
        for position, cell in enumerate(row)
        if cell.data_type in ("f", "e")
    ]


def _text(value: Any) -> str:
    """Return a cell's value as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return from_xml(str(value))
