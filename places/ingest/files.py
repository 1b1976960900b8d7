"""What every import of area data shares: the file, its account, and reading a table."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from core.archives import Member, file_error, members_of
from core.clock import today
from core.errors import BadInput, RowError
from core.models import DataImport

OGL = "Open Government Licence v3.0"
ONS = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right"
)
MHCLG = "Source: Ministry of Housing, Communities and Local Government"
MOST_ERRORS = 50


@dataclass(frozen=True, slots=True)
class About:
    """Where a file comes from, shown wherever its data are."""

    title: str = ""
    licence: str = OGL
    attribution: str = ONS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number (the header is 1) and its fields by column."""

    number: int
    fields: dict[str, str]


class Errors:
    """Collects what is wrong in a file, and refuses it as a whole at the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._errors: list[RowError] = []
        self._more = 0

    def add(
        self, row: int | None, column: str | None, found: object, expected: str, advice: str = ""
    ) -> None:
        """Note one thing that is wrong."""
        if len(self._errors) < MOST_ERRORS:
            self._errors.append(
                RowError(self.file, row, column, str(found)[:200], expected, advice)
            )
        else:
            self._more += 1

    def refuse(self) -> None:
        """Raise BadInput if anything was wrong."""
        if self._errors:
            raise BadInput(self._errors, more=self._more)


def new_import(kind: str, path: Path, about: About, *, by: Any) -> DataImport:
    """Open the account of an import, which the rows it brings point to."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return DataImport.objects.create(
        kind=kind,
        file_name=path.name[-255:],
        sha256=sha256,
        title=about.title or path.stem,
        licence=about.licence,
        attribution=about.attribution,
        imported_by=by,
        imported_on=today(),
    )


def finish_import(row: DataImport, summary: dict[str, Any]) -> None:
    """Close the account with its sums."""
    row.summary = summary
    row.save(update_fields=["summary", "updated_at"])


def only_member(path: Path) -> Member:
    """Return the one CSV file at a path: itself, or the only one in a zip."""
    members, __ = members_of([path])
    if len(members) != 1:
        raise file_error(path.name, f"{len(members)} CSV files", "one CSV file")
    return members[0]


def read_table(path: Path, wanted: Sequence[str]) -> tuple[list[str], Iterator[Row]]:
    """Open a CSV table (UTF-8, with or without byte order mark; or the only one in a zip).

    Returns its header and its rows as they are read. Raises BadInput for a missing column, a
    column that stands twice, a ragged row, or bytes that are not UTF-8.
    """
    member = only_member(path)
    lines = _lines(member)
    number, header = next(lines, (1, []))
    header = [title.strip() for title in header]
    missing = [title for title in wanted if title not in header]
    if missing:
        raise BadInput(
            [
                RowError(
                    member.label,
                    number,
                    title,
                    ", ".join(header)[:200] or "nothing",
                    f"a column named “{title}”",
                )
                for title in missing
            ]
        )
    twice = {title for title in header if title and header.count(title) > 1}
    if twice:
        raise BadInput(
            [RowError(member.label, 1, sorted(twice)[0], "the column twice", "each column once")]
        )
    return header, _rows(member.label, header, lines)


def _lines(member: Member) -> Iterator[tuple[int, list[str]]]:
    with member.open() as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        reader = csv.reader(_without_nul(text), strict=True)
        try:
            for fields in reader:
                if fields:
                    yield reader.line_num, fields
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadInput(
                [
                    RowError(
                        member.label,
                        reader.line_num + 1,
                        None,
                        str(error)[:200],
                        "a CSV file in UTF-8",
                    )
                ]
            ) from error


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            raise csv.Error("a NUL character")
        yield line


def _rows(label: str, header: list[str], lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, fields in lines:
        if len(fields) != len(header):
            raise BadInput(
                [RowError(label, number, None, f"{len(fields)} columns", f"{len(header)} columns")]
            )
        yield Row(number, dict(zip(header, (field.strip() for field in fields), strict=True)))


def copy_rows(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """COPY rows of plain values into a table of this session; None becomes NULL.

    The table and its columns are named by code, never by input.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    with connection.cursor() as cursor:
        for count, row in enumerate(rows, start=1):
            writer.writerow(["\\N" if value is None else value for value in row])
            if count % 50_000 == 0:
                _send(cursor, table, columns, buffer)
        _send(cursor, table, columns, buffer)


def _send(cursor: Any, table: str, columns: str, buffer: io.StringIO) -> None:
    buffer.seek(0)
    cursor.copy_expert(
        f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N', ENCODING 'UTF8')",
        buffer,
    )
    buffer.seek(0)
    buffer.truncate()
