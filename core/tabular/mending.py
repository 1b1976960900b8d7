"""The wrong rows of a table as a file: the sender's own columns and what is wrong in each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from core.exports.cells import neutral
from core.exports.excel import Book
from core.models import TabularImport
from core.tabular.checking import ERROR, ERROR_COLUMN


def heads(sent: TabularImport) -> list[str]:
    """Return the headings: as sent, and the column of errors, which is passed over on return."""
    return [*(column["title"] for column in sent.columns), ERROR_COLUMN]


def wrong_rows(sent: TabularImport) -> Iterator[list[str]]:
    """Yield the cells of each wrong row as they were sent, and its errors in one cell."""
    titles = {column["name"]: column["title"] for column in sent.columns}
    for row in sent.rows:
        if row["plan"] == ERROR:
            words = [
                f"{titles[name]}: {text}" if name in titles else text
                for name, texts in row["errors"].items()
                for text in texts
            ]
            cells = [row["values"].get(name, "") for name in titles]
            yield [*cells, _("Row %(row)s: ") % {"row": row["row"]} + "; ".join(words)]


def wrong_csv(sent: TabularImport) -> bytes:
    """Return the wrong rows as CSV that cannot act as formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in [heads(sent), *wrong_rows(sent)]:
        writer.writerow([neutral(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def wrong_workbook(sent: TabularImport, path: Path) -> None:
    """Write the wrong rows as an Excel file."""
    book = Book()
    head = heads(sent)
    sheet = book.sheet(_("Rows to mend"), head, widths=[24] * (len(head) - 1) + [80])
    for row in wrong_rows(sent):
        book.row(sheet, row)
    book.save(path)
