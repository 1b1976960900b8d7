"""The tables of a package as one spreadsheet, in Excel's and in OpenDocument's format."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from incidents.packages.figures import Figures
from incidents.packages.findings import months_words
from incidents.packages.resources import TABLES, Column, Table
from incidents.packages.supplied_tables import supplied_tables

ABOUT = "About"


def as_xlsx(figures: Figures) -> bytes:
    """Return the workbook: a sheet that says what it is, then one for each table."""
    from core.exports.excel import Book

    book = Book()
    about = book.sheet(ABOUT, [_("What"), _("Text")], widths=[28, 110])
    for said in about_rows(figures):
        book.row(about, said, wrap=True)
    for table in _tables(figures):
        sheet = book.sheet(table.name, [column.name for column in table.columns])
        for row in _rows(table, figures):
            book.row(sheet, row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "package.xlsx"
        book.save(path)
        return path.read_bytes()


def as_ods(figures: Figures) -> bytes:
    """Return the same as an OpenDocument spreadsheet."""
    from core.exports.opendocument import OpenBook

    book = OpenBook()
    book.sheet(ABOUT, [_("What"), _("Text")], about_rows(figures))
    for table in _tables(figures):
        book.sheet(table.name, [column.name for column in table.columns], _rows(table, figures))
    return book.save()


def about_rows(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield what the file is, what is missing, its sources, and what each column holds."""
    recipe = figures.recipe
    yield _("Location"), figures.location
    yield _("Programme"), figures.programme
    yield _("Months"), months_words(recipe.months)
    yield (
        _("Missing months"),
        months_words(figures.missing) + ". " + _("Missing is not zero.")
        if figures.missing
        else _("None"),
    )
    if figures.partial:
        yield _("Look incomplete"), months_words(figures.partial)
    yield _("Area counted"), figures.area_words
    yield _("Marking"), f"{figures.marking} {figures.handling}".strip()
    yield _("Edition"), recipe.edition
    yield _("Method"), str(recipe.method)
    yield _("Fingerprint"), figures.fingerprint
    for caveat in figures.caveats:
        yield _("Bear in mind"), caveat
    for source in figures.sources:
        yield _("Source"), f"{source.title}. {source.licence}. {source.attribution}"
    for table in _tables(figures):
        yield _("Sheet %(name)s") % {"name": table.name}, table.description
        for column in table.columns:
            yield f"{table.name}.{column.name}", column.description


def _tables(figures: Figures) -> tuple[Table, ...]:
    return (*TABLES, *supplied_tables(figures))


def _rows(table: Table, figures: Figures) -> Iterator[list[Any]]:
    for row in table.rows(figures):
        yield [_value(column, getattr(row, column.name)) for column in table.columns]


def _value(column: Column, value: Any) -> Any:
    """Return numbers as numbers, with the decimals of the CSV file; all else as text."""
    if isinstance(value, float) and column.decimals is not None:
        return round(value, column.decimals)
    return value
