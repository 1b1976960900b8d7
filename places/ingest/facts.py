"""Import of facts about areas: population (three layouts), deprivation, classification."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.errors import Refused
from places.ingest.files import About, Errors, Row, copy_rows, finish_import, new_import, read_table
from places.services import refresh_definitions

_AGE = re.compile(r"\d{1,2}|90\+|100\+")
_TOTALS = ("total_residents", "total_population", "all_ages")
_INDEX = re.compile(r"(?P<domain>.+)_(?P<measure>rank|decile|score)")
MOST_PEOPLE = 100_000_000
MOST_CODE = 20  # characters of a class


@dataclass(frozen=True, slots=True)
class FactFile:
    """A table of figures: of which areas, and which column holds their code."""

    path: Path
    kind: str
    vintage: int
    code: str


@dataclass(frozen=True, slots=True)
class PopulationLayout:
    """How a table of population is laid out; what is left empty is found from the header.

    ``total`` is the column of all residents; with ``group`` and ``value`` the table is long (one
    row for each group, the total repeated); with a column ``sex`` it is the ONS layout of
    estimates (a row each for females, males and persons) and ``period`` holds the date.
    """

    source: str
    date: dt.date | None = None
    total: str = ""
    group: str = ""
    value: str = ""
    prefix: str = ""
    totals_only: bool = False


def import_population(
    file: FactFile, layout: PopulationLayout, *, about: About, by: Any = None
) -> dict[str, Any]:
    """Take in a table of population as its difference to what is held of its source and date.

    Writes the total of each area as group "all", single years as "age 15", sexes as "females" and
    "males", groups of a long table under their own names. Rows of areas that are not held are
    counted as ``unknown_areas`` and not stored; if none is held, the file is refused.

    Raises core.errors.BadInput, naming row and column, for anything that is no whole number, a
    total that differs between the rows of an area, a group twice, or no date.
    """
    header, rows = read_table(file.path, [file.code])
    total = layout.total or next((name for name in _TOTALS if name in header), "")
    if not total or total not in header:
        raise Refused(
            f"{file.path.name} has no column of all residents. Name it (--total COLUMN); a table "
            "of households is no population."
        )
    errors = Errors(file.path.name)
    figures: dict[tuple[str, str], int] = {}
    dates: set[dt.date] = {layout.date} if layout.date else set()
    read = 0
    for row in rows:
        read += 1
        if layout.date is None:
            dates.add(_date(errors, row))
        for group, residents in _groups(errors, row, layout, header, total):
            key = (row.fields[file.code], group)
            if group == "all" and layout.group and key in figures:
                if figures[key] != residents:
                    errors.add(
                        row.number,
                        total,
                        residents,
                        f"{figures[key]}, as in the rows before for {key[0]}",
                    )
            elif key in figures:
                errors.add(row.number, file.code, f"{key[0]}, {group}", "each area and group once")
            else:
                figures[key] = residents
    if len(dates) > 1:
        errors.add(None, "period", ", ".join(sorted(str(date) for date in dates)), "one date")
    errors.refuse()
    values = {"source": layout.source, "date": dates.pop() if dates else None}
    return _apply(
        file,
        ((code, group, residents) for (code, group), residents in figures.items()),
        _POPULATION,
        values,
        kind="population",
        about=about,
        by=by,
        read=read,
    )


def _groups(
    errors: Errors, row: Row, layout: PopulationLayout, header: list[str], total: str
) -> Iterator[tuple[str, int]]:
    """Yield the figures of one row as (group, residents)."""

    def number(column: str) -> int:
        text = row.fields[column].replace(",", "")
        if not text.isdigit() or int(text) > MOST_PEOPLE:
            errors.add(row.number, column, row.fields[column], "a whole number of people")
            return 0
        return int(text)

    sex = row.fields.get("sex", "").lower()
    if sex in {"females", "males"}:
        yield sex, number(total)
        return
    if sex not in {"", "persons"}:
        errors.add(row.number, "sex", row.fields["sex"], "Females, Males or Persons")
    yield "all", number(total)
    if layout.totals_only:
        return
    if layout.group:
        if layout.group not in row.fields or layout.value not in row.fields:
            missing = layout.group if layout.group not in row.fields else layout.value
            errors.add(1, missing, ", ".join(header), f"a column named “{missing}”")
            errors.refuse()
        yield f"{layout.prefix}{row.fields[layout.group]}"[:120], number(layout.value)
    else:
        for column in header:
            if _AGE.fullmatch(column):
                yield f"age {column}", number(column)


def _date(errors: Errors, row: Row) -> dt.date:
    text = row.fields.get("period", "")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        errors.add(
            row.number,
            "period",
            text or "nothing",
            "a date as 2022-06-30",
            "Or state the date (--date).",
        )
        errors.refuse()
        raise


def import_deprivation(
    file: FactFile, *, year: int, about: About, by: Any = None
) -> dict[str, Any]:
    """Take in an index of deprivation: columns named DOMAIN_rank, DOMAIN_decile, DOMAIN_score.

    Rank 1 and decile 1 are the most deprived. Blank means not published. Areas that are not held
    are counted and not stored. Raises core.errors.BadInput for a decile outside 1 to 10, a rank
    below 1 or a score that is no number.
    """
    header, rows = read_table(file.path, [file.code])
    columns = {name: match for name in header if (match := _INDEX.fullmatch(name))}
    if not columns:
        raise Refused(f"{file.path.name} has no column that ends in _rank, _decile or _score.")
    errors = Errors(file.path.name)
    figures: dict[tuple[str, str], dict[str, float | None]] = {}
    read = 0
    for row in rows:
        read += 1
        for column, match in columns.items():
            key = (row.fields[file.code], match["domain"].replace("_", " ")[:40])
            one = figures.setdefault(key, {"rank": None, "decile": None, "score": None})
            if one[match["measure"]] is not None:
                errors.add(row.number, file.code, key[0], "each area once")
            one[match["measure"]] = _measure(errors, row, column, match["measure"])
    errors.refuse()
    return _apply(
        file,
        (
            (code, domain, one["rank"], one["decile"], one["score"])
            for (code, domain), one in figures.items()
        ),
        _DEPRIVATION,
        {"year": year},
        kind="deprivation",
        about=about,
        by=by,
        read=read,
    )


def _measure(errors: Errors, row: Row, column: str, measure: str) -> float | None:
    text = row.fields[column]
    if text in {"", "NA"}:
        return None
    if measure == "score":
        if re.fullmatch(r"-?\d{1,6}(\.\d{1,12})?", text):
            return float(text)
        errors.add(row.number, column, text, "a number")
    elif not text.isdigit() or not 1 <= int(text) <= (10 if measure == "decile" else 10**6):
        errors.add(row.number, column, text, "1 to 10" if measure == "decile" else "a rank from 1")
    else:
        return int(text)
    return None


def import_classification(
    file: FactFile, *, scheme: str, column: str, name: str, about: About, by: Any = None
) -> dict[str, Any]:
    """Take in the class of each area in a scheme: ``column`` holds its code, ``name`` its words.

    Areas that are not held are counted and not stored. Raises core.errors.BadInput for an area
    without a class or with two.
    """
    __, rows = read_table(file.path, [file.code, column, name])
    errors = Errors(file.path.name)
    classes: dict[str, tuple[str, str]] = {}
    for row in rows:
        area, code = row.fields[file.code], row.fields[column]
        if area in classes:
            errors.add(row.number, file.code, area, "each area once")
        if not 0 < len(code) <= MOST_CODE:
            errors.add(row.number, column, code or "nothing", f"1 to {MOST_CODE} characters")
        classes[area] = (code, row.fields[name][:150])
    errors.refuse()
    return _apply(
        file,
        ((area, code, words) for area, (code, words) in classes.items()),
        _CLASSIFICATION,
        {"scheme": scheme},
        kind="classification",
        about=about,
        by=by,
        read=len(classes),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """How a table of facts is staged and compared. ``same`` compares held f with staged s."""

    staging: str
    columns: str
    held: str
    match: str
    fixed: str
    fields: str
    change: str
    same: str


_POPULATION = _Table(
    staging='code text, "group" text, residents integer',
    columns='code, "group", residents',
    held="places_population",
    match='f.area_id = s.area_id AND f."group" = s."group"'
    " AND f.source = %(source)s AND f.reference_date = %(date)s",
    fixed="f.source = %(source)s AND f.reference_date = %(date)s",
    fields='(source, reference_date, data_import_id, area_id, "group", residents)'
    ' SELECT %(source)s, %(date)s, %(import)s, s.area_id, s."group", s.residents',
    change="residents = s.residents",
    same="f.residents = s.residents",
)
_DEPRIVATION = _Table(
    staging="code text, domain text, rank integer, decile smallint, score float8",
    columns="code, domain, rank, decile, score",
    held="places_deprivation",
    match="f.area_id = s.area_id AND f.domain = s.domain AND f.index_year = %(year)s",
    fixed="f.index_year = %(year)s",
    fields="(index_year, data_import_id, area_id, domain, rank, decile, score)"
    " SELECT %(year)s, %(import)s, s.area_id, s.domain, s.rank, s.decile, s.score",
    change="rank = s.rank, decile = s.decile, score = s.score",
    same="(f.rank, f.decile, f.score) IS NOT DISTINCT FROM (s.rank, s.decile, s.score)",
)

_CLASSIFICATION = _Table(
    staging="code text, class text, name text",
    columns="code, class, name",
    held="places_classification",
    match="f.area_id = s.area_id AND f.scheme = %(scheme)s",
    fixed="f.scheme = %(scheme)s",
    fields="(scheme, data_import_id, area_id, code, name)"
    " SELECT %(scheme)s, %(import)s, s.area_id, s.class, s.name",
    change="code = s.class, name = s.name",
    same="(f.code, f.name) = (s.class, s.name)",
)


@transaction.atomic
def _apply(
    file: FactFile,
    rows: Iterable[tuple[object, ...]],
    table: _Table,
    values: dict[str, Any],
    *,
    kind: str,
    about: About,
    by: Any,
    read: int,
) -> dict[str, Any]:
    """Write the figures as their difference; the file speaks completely for its own areas."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.fact_staging")
        cursor.execute(
            f"CREATE TEMP TABLE fact_staging ({table.staging}, area_id bigint) ON COMMIT DROP"
        )
    copy_rows("fact_staging", table.columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE fact_staging s SET area_id = a.id FROM places_area a"
            " WHERE a.code = s.code AND a.kind = %s AND a.vintage = %s",
            [file.kind, file.vintage],
        )
        cursor.execute(
            "SELECT count(DISTINCT code) FILTER (WHERE area_id IS NULL),"
            " count(DISTINCT code) FROM fact_staging"
        )
        unknown, areas = cursor.fetchone()
        if unknown == areas:
            raise Refused(
                f"None of the {areas:,} areas in {file.path.name} is held as {file.kind} of "
                f"{file.vintage}. Import the areas first, or check --kind, --vintage and --code."
            )
        cursor.execute("DELETE FROM fact_staging WHERE area_id IS NULL")
        row = new_import(kind, file.path, about, by=by)
        values = {**values, "import": row.pk}

        def run(sql: str) -> int:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

        removed = run(
            f"DELETE FROM {table.held} f WHERE {table.fixed} AND f.area_id IN"
            " (SELECT area_id FROM fact_staging) AND NOT EXISTS"
            f" (SELECT FROM fact_staging s WHERE {table.match})"
        )
        changed = run(
            f"UPDATE {table.held} f SET {table.change}, data_import_id = %(import)s"
            f" FROM fact_staging s WHERE {table.match} AND NOT ({table.same})"
        )
        added = run(
            f"INSERT INTO {table.held} {table.fields} FROM fact_staging s WHERE NOT EXISTS"
            f" (SELECT FROM {table.held} f WHERE {table.match})"
        )
        cursor.execute("SELECT array_agg(DISTINCT area_id) FROM fact_staging")
        touched = cursor.fetchone()[0]
    account = {
        "file": file.path.name,
        "kind": file.kind,
        "vintage": file.vintage,
        "read": read,
        "areas": areas - unknown,
        "unknown_areas": unknown,
        "added": added,
        "changed": changed,
        "removed": removed,
    }
    if added or changed or removed:
        finish_import(row, account)
        refresh_definitions(touched)
    else:
        row.delete()
    return account
