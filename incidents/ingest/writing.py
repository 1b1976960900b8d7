"""The staged rows of a file in their table: whole, or as the difference to what is held.

One query writes a file. The rows of a new file go straight in; those of a changed one are compared
by identity with what is held.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from core.clock import today
from core.models import DataImport
from incidents.choices import FileKind
from incidents.ingest.layout import Layout
from incidents.ingest.plan import PublishedFile
from incidents.ingest.staging import Staged
from incidents.models import Force, ForceMonth, Incident, Outcome, Source

LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: data.police.uk"
)

# So many new rows make the database's statistics stale; counts would run by the wrong plan until
# it notices by itself.
MANY_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Written:
    """The force-month that carries a file's rows, and how many rows that changed."""

    row: ForceMonth
    inserted: int
    deleted: int


def write(
    file: PublishedFile,
    held: ForceMonth | None,
    force: Force,
    source: Source,
    staged: Staged,
    *,
    by: Any,
) -> Written:
    """Write the staged rows and the force-month that carries them."""
    layout = file.layout
    row = held or ForceMonth(source=source, force=force, month=file.month, kind=layout.kind)
    row.sha256, row.rows_read, row.rows_rejected = staged.sha256, staged.read, len(staged.rejected)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(staging=layout.staging))
        row.rows_stored, row.rows_without_location, row.points = cursor.fetchone()
    row.data_import = DataImport.objects.create(
        kind=layout.kind.value,
        file_name=file.member.label[-255:],
        sha256=staged.sha256,
        title=f"{_TITLES[layout.kind]}, {force.name}, {file.month:%Y-%m}",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        imported_by=by,
        imported_on=today(),
    )
    row.save()
    inserted, deleted = _write_rows(file, row, source, fresh=held is None)
    if held is None and inserted != row.rows_stored:
        # Only a category missing in the database could do that: no row may go unsaid.
        raise RuntimeError(f"{file.member.label}: {inserted} of {row.rows_stored} rows written")
    row.data_import.summary = {
        "read": row.rows_read,
        "stored": row.rows_stored,
        "rejected": row.rows_rejected,
        "without_location": row.rows_without_location,
        "inserted": inserted,
        "deleted": deleted,
    }
    row.data_import.save(update_fields=["summary", "updated_at"])
    return Written(row, inserted, deleted)


_TITLES = {
    FileKind.STREET: "Street-level crime and ASB",
    FileKind.OUTCOMES: "Outcomes of crimes",
}
_SUMS = """
    SELECT count(*), count(*) FILTER (WHERE longitude = ''),
           (SELECT count(*) FROM (SELECT FROM {staging} WHERE longitude <> ''
                                   GROUP BY longitude, latitude) points)
      FROM {staging}
"""
# The identity of a row: force, month, kind, content (all columns as published, joined by a
# character that no field can hold) and which of several identical rows it is.
_IDENTIFIED = """
    SELECT md5(key || chr(31) || n)::uuid AS id, s.*
      FROM (SELECT *, row_number() OVER (PARTITION BY key) AS n
              FROM (SELECT md5(concat_ws(chr(31), %(force)s, %(month)s, '{kind}', {columns}))
                           AS key, *
                      FROM {staging}) keyed) s
"""
_POINT = """CASE WHEN r.longitude <> ''
                THEN ST_SetSRID(ST_MakePoint(r.longitude::float8, r.latitude::float8), 4326) END"""
_INSERT = {
    FileKind.STREET: f"""
    INSERT INTO incidents_incident (
        id, force_month_id, month, category_id, occurrence, crime_id, reported_by, falls_within,
        point, street, lsoa_code, lsoa_name, last_outcome, context)
    SELECT r.id, %(row)s, %(day)s, c.id, r.n, r.crime_id, r.reported_by, r.falls_within,
           {_POINT},
           r.street, r.lsoa_code, r.lsoa_name, r.last_outcome, r.context
      FROM rows r JOIN incidents_category c ON c.source_id = %(source)s AND c.name = r.crime_type
""",
    FileKind.OUTCOMES: f"""
    INSERT INTO incidents_outcome (
        id, force_month_id, month, occurrence, crime_id, outcome_type, reported_by, falls_within,
        point, street, lsoa_code, lsoa_name)
    SELECT r.id, %(row)s, %(day)s, r.n, r.crime_id, r.outcome_type, r.reported_by, r.falls_within,
           {_POINT},
           r.street, r.lsoa_code, r.lsoa_name
      FROM rows r
""",
}
_TABLES = {
    FileKind.STREET: Incident._meta.db_table,
    FileKind.OUTCOMES: Outcome._meta.db_table,
}


def identified(layout: Layout) -> str:
    """Return the query for the staged rows with their identity, of parameters force and month."""
    return _IDENTIFIED.format(
        kind=layout.kind.value, columns=", ".join(layout.columns), staging=layout.staging
    )


def _write_rows(
    file: PublishedFile, row: ForceMonth, source: Source, *, fresh: bool
) -> tuple[int, int]:
    """Insert the staged rows; of a force-month already held, only the difference."""
    rows, insert, table = (
        identified(file.layout),
        _INSERT[file.layout.kind],
        _TABLES[file.layout.kind],
    )
    values: dict[str, Any] = {
        "force": file.force,
        "month": f"{file.month:%Y-%m}",
        "row": row.pk,
        "day": file.month,
        "source": source.pk,
    }
    with connection.cursor() as cursor:
        if fresh:
            # In the file's order, which follows the map: neighbours in the indexes lie together.
            cursor.execute(f"WITH rows AS ({rows}) {insert} ORDER BY r.line", values)
            return cursor.rowcount, 0
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staged_rows")
        cursor.execute(f"CREATE TEMP TABLE staged_rows ON COMMIT DROP AS {rows}", values)
        cursor.execute("ALTER TABLE staged_rows ADD PRIMARY KEY (id)")
        cursor.execute(
            f"DELETE FROM {table} i WHERE i.force_month_id = %(row)s"
            " AND NOT EXISTS (SELECT FROM staged_rows r WHERE r.id = i.id)",
            values,
        )
        deleted = cursor.rowcount
        cursor.execute(
            f"WITH rows AS (SELECT * FROM staged_rows) {insert}"
            f" WHERE NOT EXISTS (SELECT FROM {table} i WHERE i.id = r.id)",
            values,
        )
        return cursor.rowcount, deleted


def refresh_statistics(inserted: dict[FileKind, int]) -> None:
    """Let the database look at the tables that got many new rows."""
    for kind, count in inserted.items():
        if count > MANY_ROWS:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {_TABLES[kind]}")


def compare_points(source: Source, forces: Collection[str], written: set[int]) -> None:
    """Keep, for each month of these forces, the share of its points that the month before used.

    Only where the month, or the held month before it, was written in this import.
    """
    months = list(
        ForceMonth.objects.filter(
            source=source, kind=FileKind.STREET, force__slug__in=forces
        ).order_by("force_id", "month")
    )
    for before, after in itertools.pairwise(months):
        if before.force_id == after.force_id and written & {before.pk, after.pk}:
            with connection.cursor() as cursor:
                cursor.execute(_SHARED, {"before": before.pk, "after": after.pk})
                after.points_shared = cursor.fetchone()[0]
            after.save(update_fields=["points_shared"])


# One pass and no join: right after a load the planner knows nothing about the new rows yet.
_SHARED = """
    SELECT count(*) FILTER (WHERE now AND before)::float8
           / greatest(count(*) FILTER (WHERE now), 1)
      FROM (SELECT bool_or(force_month_id = %(after)s) AS now,
                   bool_or(force_month_id = %(before)s) AS before
              FROM incidents_incident
             WHERE force_month_id IN (%(before)s, %(after)s) AND point IS NOT NULL
             GROUP BY point::bytea) points
"""
