"""What would be done with each row of a table: headings, keys, errors, changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import BadInput, Conflict, Refused, RowError
from core.tabular.columns import TableColumn, TableForm, plain, table_form
from core.tabular.reading import Sheet, letters, whole_file
from core.tabular.registry import AMBIGUOUS, Key, Table

CREATE, UPDATE, SAME, ERROR = "create", "update", "same", "error"
ERROR_COLUMN = "What is wrong"  # not translated: it must be known again whatever the language
WHOLE_ROW = ""  # the column of errors that are no single column's


@dataclass(slots=True)
class PlannedRow:
    """One row with what would be done. ``values`` are its texts, ``changes`` before and after."""

    row: int
    values: dict[str, str]
    plan: str = CREATE
    errors: dict[str, list[str]] = field(default_factory=dict)
    key: Key = ()
    changes: dict[str, list[Any]] = field(default_factory=dict)
    found: Any = None
    cleaned: dict[str, Any] = field(default_factory=dict)

    def wrong(self, column: str, text: str) -> None:
        """Add an error."""
        self.plan = ERROR
        self.errors.setdefault(column, []).append(text)

    def stored(self) -> dict[str, Any]:
        """Return it as ``TabularImport.rows`` keeps it."""
        return {
            "row": self.row,
            "values": self.values,
            "plan": self.plan,
            "errors": self.errors,
            "key": "\n".join(self.key),
            "changes": self.changes,
        }


def read_rows(form: TableForm, sheet: Sheet) -> tuple[list[str], list[PlannedRow]]:
    """Return the names of the columns found and the rows under them. Raises BadInput."""
    first = sheet.lines[0] if sheet.lines else None
    if first is None:
        raise whole_file(sheet.name, _("nothing"), _("a table with headings in its first row"))
    known = _known_headings(form)
    if form.table.bare and not any(_heading(cell) in known for cell in first.cells):
        return _bare(form.table, sheet)
    names = _columns(form, known, sheet)
    rows = []
    for line in sheet.lines[1:]:
        texts = {
            name: line.cells[place] if place < len(line.cells) else ""
            for place, name in enumerate(names)
            if name
        }
        row = PlannedRow(line.number, texts)
        spare = [cell for cell in line.cells[len(names) :] if cell]
        if spare:
            row.wrong(
                WHOLE_ROW,
                _("There are more cells than headings: “%(found)s”.") % {"found": spare[0][:60]},
            )
        if any(texts.values()) or spare:
            rows.append(row)
    if not rows:
        raise whole_file(sheet.name, _("headings only"), _("at least one row under the headings"))
    return [name for name in names if name], rows


def plan_rows(form: TableForm, rows: Sequence[PlannedRow], base: uuid.UUID) -> None:
    """Fill in what would be done with each row; ``base`` makes the ids of new records."""
    table = form.table
    for row in rows:
        one = form.bind(row.values, row_id(base, row.row))
        for name, words in form.wrong_words(row.values).items():
            row.wrong(name, words)
        if not one.is_valid():
            _note(row, form, one.errors)
        row.cleaned = {name: one.cleaned_data.get(name) for name in form.fields}
        if all(one.cleaned_data.get(name) not in (None, "") for name in table.key_columns):
            row.key = table.key_of(table, one.cleaned_data)
    _refuse_doubles(table, rows)
    keys = {row.key for row in rows if row.key}
    found = table.find(target=form.target, keys=keys, by=form.by)
    for row in rows:
        if row.plan != ERROR:
            row.found = found.get(row.key)
            _plan(form, row)


def check(
    table: Table, target: Any, by: Any, sheet: Sheet, base: uuid.UUID
) -> tuple[list[TableColumn], list[PlannedRow]]:
    """Return the columns and the planned rows of a table just sent. Raises BadInput."""
    form = table_form(table, target, by)
    names, rows = read_rows(form, sheet)
    plan_rows(form, rows, base)
    return [form.by_name[name] for name in names], rows


def row_id(base: uuid.UUID, row: int) -> uuid.UUID:
    """Return the id of what a row makes: the same on every try, so that a repeat is harmless."""
    return uuid.uuid5(base, str(row))


def _plan(form: TableForm, row: PlannedRow) -> None:
    table = form.table
    if row.found is AMBIGUOUS:
        row.found = None
        row.wrong(table.key_columns[0], _("Several records have this; change it on their pages."))
        return
    if row.found is not None:
        present = table.values(row.found)
        for name in form.fields:
            if name not in row.values and name in present:
                row.cleaned[name] = present[name]
        row.changes = {
            name: [plain(present[name]), plain(row.cleaned[name])]
            for name in form.fields
            if name in present and plain(present[name]) != plain(row.cleaned[name])
        }
        row.plan = UPDATE if row.changes else SAME
    if table.check is not None and row.plan != SAME:
        try:
            table.check(target=form.target, found=row.found, cleaned=row.cleaned, by=form.by)
        except (Refused, Conflict, BadInput) as error:
            row.wrong(WHOLE_ROW, str(error))
        except ValidationError as error:
            _note(row, form, error.message_dict if hasattr(error, "error_dict") else {"": error})


def _note(row: PlannedRow, form: TableForm, errors: Mapping[str, Any]) -> None:
    for name, texts in errors.items():
        column = name if name in form.fields else WHOLE_ROW
        for text in getattr(texts, "messages", texts):
            row.wrong(column, str(text))


def _refuse_doubles(table: Table, rows: Sequence[PlannedRow]) -> None:
    by_key: dict[Key, list[PlannedRow]] = defaultdict(list)
    for row in rows:
        if row.key:
            by_key[row.key].append(row)
    for same in by_key.values():
        for row in same if len(same) > 1 else ():
            others = ", ".join(str(other.row) for other in same if other is not row)
            row.wrong(
                table.key_columns[0],
                _("This stands more than once in the table: also in row %(rows)s.")
                % {"rows": others},
            )


def _known_headings(form: TableForm) -> dict[str, str]:
    known = {_heading(column.name): column.name for column in form.columns}
    known |= {_heading(column.title): column.name for column in form.columns}
    return {**known, _heading(ERROR_COLUMN): ""}


def _heading(text: str) -> str:
    """Return a heading without what people and templates add to it."""
    plainly = " ".join(text.replace("_", " ").split()).casefold()
    return plainly.removesuffix("(optional)").rstrip(" *:")


def _columns(form: TableForm, known: Mapping[str, str], sheet: Sheet) -> list[str]:
    """Return the name of each column, empty for those passed over. Raises BadInput."""
    line, errors, names = sheet.lines[0], [], []
    titles = ", ".join(f"“{column.title}”" for column in form.columns)
    for place, cell in enumerate(line.cells):
        name = known.get(_heading(cell)) if cell else None
        where = letters(place)
        if name is None:
            advice = "" if cell else _("A heading is missing above this column.")
            words = _("one of the headings %(titles)s") % {"titles": titles}
            errors.append(RowError(sheet.name, line.number, where, cell, words, advice))
        elif name and name in names:
            errors.append(RowError(sheet.name, line.number, where, cell, _("each heading once")))
        names.append(name or "")
    if not errors:
        errors += [
            RowError(
                sheet.name,
                line.number,
                None,
                ", ".join(cell for cell in line.cells)[:200],
                _("the heading “%(title)s”") % {"title": column.title},
                _("The template has every heading."),
            )
            for column in form.columns
            if column.needed and column.name not in names
        ]
    if errors:
        raise BadInput(errors[:20], more=max(0, len(errors) - 20))
    return names


def _bare(table: Table, sheet: Sheet) -> tuple[list[str], list[PlannedRow]]:
    """Read lines without headings: each entry is one row of the table's bare column."""
    rows: list[PlannedRow] = []
    for line in sheet.lines:
        for cell in line.cells:
            for entry in cell.replace(";", "\n").splitlines():
                if not entry.strip():
                    continue
                name, address = parseaddr(entry)
                values = {table.bare[0]: address if "@" in address else entry.strip()}
                if len(table.bare) > 1 and name and "@" in address:
                    values[table.bare[1]] = name
                rows.append(PlannedRow(line.number, values))
    _number_apart(rows)
    return [name for name in table.bare if any(name in row.values for row in rows)], rows


def _number_apart(rows: Sequence[PlannedRow]) -> None:
    """Count rows from 1 where several stand in one line: each needs a number of its own."""
    if len({row.row for row in rows}) != len(rows):
        for number, row in enumerate(rows, 1):
            row.row = number
