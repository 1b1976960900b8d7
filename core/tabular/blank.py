"""The empty table that people fill in, with notes on each column and lists of allowed values."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from core.exports.cells import neutral
from core.exports.excel import Book
from core.tabular.columns import TableColumn, TableForm
from core.tabular.reading import MAX_ROWS


def blank_csv(form: TableForm) -> bytes:
    """Return the headings as CSV."""
    out = io.StringIO()
    csv.writer(out).writerow(neutral(column.title) for column in form.columns)
    return out.getvalue().encode("utf-8-sig")


def blank_workbook(form: TableForm, path: Path) -> None:
    """Write the headings, a sheet of notes, and the allowed values as lists to pick from."""
    book = Book()
    titles = [column.title for column in form.columns]
    data = book.sheet(_("Table"), titles, widths=[max(16, len(title) + 6) for title in titles])
    notes = book.sheet(
        _("Notes"),
        [_("Column"), _("Must it be filled in?"), _("How to write it"), _("What it means")],
        widths=[28, 22, 44, 70],
    )
    for column in form.columns:
        needed = _("yes") if column.required and not column.has_initial else _("no")
        row = [column.title, needed, column.expected, column.help_text]
        book.row(notes, row, wrap=True)
    chosen = [column for column in form.columns if column.choices]
    if chosen:
        name = _("Allowed values")
        values = book.sheet(name, [column.title for column in chosen], widths=[40] * len(chosen))
        longest = max(len(column.choices) for column in chosen)
        for number in range(longest):
            book.row(
                values,
                [
                    column.choices[number][1] if number < len(column.choices) else None
                    for column in chosen
                ],
            )
        for place, column in enumerate(chosen):
            _offer(data, column, titles.index(column.title), name, place)
    book.save(path)


def _offer(data: Any, column: TableColumn, position: int, sheet: str, place: int) -> None:
    """Let the cells of a column be picked from the list; several at once are only advised."""
    letter = get_column_letter(place + 1)
    source = f"={quote_sheetname(sheet)}!${letter}$2:${letter}${len(column.choices) + 1}"
    rule = DataValidation(
        type="list", formula1=source, allow_blank=True, showErrorMessage=not column.several
    )
    rule.error = _("Pick one of the allowed values.")
    own = get_column_letter(position + 1)
    rule.add(f"{own}2:{own}{MAX_ROWS + 1}")
    data.data_validations.append(rule)
