"""Writes Excel files row by row: typed cells, texts that stay texts, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import openpyxl
from django.utils import timezone
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import ExcelWriter

from core.exports.cells import neutral, to_xml

CELL_MAX = 32_767  # characters; a spreadsheet cannot hold more
CUT = " … [cut]"
DATE, MOMENT, TEXT = "d mmmm yyyy", "d mmmm yyyy hh:mm", "@"
EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE = dt.datetime(1980, 1, 1)  # noqa: DTZ001  # Excel knows no zones
_BOLD = Font(bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")


class Archive(zipfile.ZipFile):
    """A zip whose entries bear no time of their own."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_more: Any, **_named: Any) -> None:
        """Store bytes under a name."""
        super().writestr(self._entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_more: Any, **_named: Any) -> None:
        """Store a file under a name, block by block."""
        entry = self._entry(arcname or filename)
        entry.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(entry, "w") as target:
            while block := source.read(1 << 20):
                target.write(block)

    @staticmethod
    def _entry(name: Any) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(str(name), date_time=EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        return entry


class Book:
    """An Excel file on its way out; ``cut`` counts texts that were longer than a cell can be."""

    def __init__(self) -> None:
        self._book: Any = openpyxl.Workbook(write_only=True)
        self.cut = 0

    def sheet(
        self,
        title: str,
        head: Sequence[str],
        *,
        widths: Sequence[int] = (),
        position: int | None = None,
    ) -> Any:
        """Begin a sheet with a frozen row of headings."""
        sheet = self._book.create_sheet(title, position)
        for place, text in enumerate(head):
            width = widths[place] if place < len(widths) else max(12, min(40, len(text) + 4))
            sheet.column_dimensions[openpyxl.utils.get_column_letter(place + 1)].width = width
        sheet.freeze_panes = "A2"
        self.row(sheet, head, bold=True)
        return sheet

    def row(
        self, sheet: Any, values: Iterable[Any], *, bold: bool = False, wrap: bool = False
    ) -> None:
        """Add a row; see ``cell`` for what values become."""
        cells = [self.cell(sheet, value) for value in values]
        if bold or wrap:
            for cell in cells:
                if cell is not None and bold:
                    cell.font = _BOLD
                if cell is not None and wrap:
                    cell.alignment = _WRAP
        sheet.append(cells)

    def cell(self, sheet: Any, value: Any) -> Any:
        """Return a cell: numbers and dates as such, yes or no in words, all else as plain text."""
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, (int, float, Decimal)):
            return WriteOnlyCell(sheet, value)
        if isinstance(value, dt.datetime):
            return self._dated(sheet, timezone.make_naive(value) if value.tzinfo else value, MOMENT)
        if isinstance(value, dt.date):
            return self._dated(sheet, value, DATE)
        return self._text(sheet, str(value))

    def save(self, path: Path) -> None:
        """Write the file."""
        self._book.properties.created = self._book.properties.modified = _MADE
        with Archive(path, "w", allowZip64=True) as archive:
            ExcelWriter(self._book, archive).write_data()

    def _text(self, sheet: Any, text: str) -> Any:
        stored = to_xml(text)
        if len(stored) > CELL_MAX:
            self.cut += 1
            stored = to_xml(text[: CELL_MAX // 7])[: CELL_MAX - len(CUT)] + CUT
        cell: Any = WriteOnlyCell(sheet, "")
        # Set apart from openpyxl's guessing, which would make "=1+1" a formula and "#N/A" an error.
        cell._value, cell.data_type = stored, "s"
        if neutral(text) != text:
            cell.number_format = TEXT  # stays a text when somebody edits the cell
        return cell

    @staticmethod
    def _dated(sheet: Any, value: dt.date, form: str) -> Any:
        cell = cast("Any", WriteOnlyCell(sheet, value))
        cell.number_format = form
        return cell
