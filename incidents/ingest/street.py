"""The import of street files: whole or not at all, and the same file again is no change."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.clock import today
from core.errors import BadInput, RowError
from core.models import DataImport, RejectedRow
from incidents.choices import FileKind
from incidents.forces import FORCES, area_key
from incidents.ingest.layout import ASB, CRIME_TYPES
from incidents.ingest.plan import Plan, StreetFile, force_name, make_plan
from incidents.ingest.staging import (
    Staged,
    first_reported_by,
    make_staging,
    sha256_of,
    stage,
)
from incidents.models import Category, Force, ForceMonth, Source
from places.choices import AreaKind
from places.models import Area

SOURCE = "data-police-uk"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: data.police.uk"
)
OUTCOMES_REASON = "Outcomes files are read and counted, but outcomes are not stored."
HELD_REASON = "This month is held already, in another version. It stays as it is."

# So many new rows make the database's statistics stale; counts would run by the wrong plan until
# it notices by itself.
MANY_ROWS = 10_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class FileSums:
    """The account of one file: ``stored`` rows are in the database, ``rejected`` are not."""

    force: str
    month: str
    read: int
    stored: int
    without_location: int
    rejected: int


@dataclass(slots=True)
class StreetImport:
    """The account of an import: sums of each street file, and what else the paths held."""

    files: list[FileSums] = field(default_factory=list)
    inserted: int = 0
    deleted: int = 0
    plan: Plan = field(default_factory=Plan)
    written: set[int] = field(default_factory=set)

    def as_summary(self) -> dict[str, Any]:
        """Return the account as the command prints it."""
        names = ("read", "stored", "without_location", "rejected")
        return {
            "force_months": [asdict(one) for one in self.files],
            "totals": {name: sum(getattr(one, name) for one in self.files) for name in names},
            "changed": {"inserted": self.inserted, "deleted": self.deleted},
            "outcomes": {
                "files": self.plan.outcomes_files,
                "read": self.plan.outcomes_rows,
                "stored": 0,
                "reason": OUTCOMES_REASON if self.plan.outcomes_files else "",
            },
            "skipped": self.plan.skipped,
            "repeated": self.plan.repeated,
        }


def import_street_crime(
    paths: Iterable[str | Path],
    *,
    by: Any = None,
    keep_good: bool = False,
    replace: bool = True,
    progress: Progress | None = None,
) -> StreetImport:
    """Take street files into the database, all of them or, if one is bad, none.

    ``paths`` are zips, folders and CSV files. A file that is already held is no change at all; a
    changed one is applied as its difference. With ``keep_good`` a bad row is left out, kept as
    RejectedRow and counted; a file that as a whole is no street file refuses the import even then.
    Without ``replace`` a month that is held in another version stays as it is, and is named among
    what was skipped.
    ``progress(done, total, stage)`` is called for each file. Everything happens in one transaction
    under one lock for each force and month, so that a repeat at the same time is harmless.

    Raises core.errors.BadInput, naming file, row and column; nothing has changed then.
    """
    plan = make_plan(list(paths))
    result = StreetImport(plan=plan)
    errors: list[RowError] = []
    more = 0
    with transaction.atomic():
        _lock(plan.street)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
        source = street_source()
        held = {
            (row.force.slug, row.month): row
            for row in ForceMonth.objects.filter(
                source=source, kind=FileKind.STREET
            ).select_related("force")
        }
        make_staging()
        for done, file in enumerate(plan.street):
            if progress:
                progress(done, len(plan.street), file.member.label)
            try:
                row = _take(
                    file,
                    held.get((file.force, file.month)),
                    source,
                    by=by,
                    keep_good=keep_good,
                    replace=replace,
                    dry=bool(errors),
                    result=result,
                )
            except BadInput as error:
                errors += error.errors[: max(0, 100 - len(errors))]
                more += error.more + max(0, len(error.errors) - 100)
                continue
            if row is not None:
                result.files.append(
                    FileSums(
                        file.force,
                        f"{file.month:%Y-%m}",
                        row.rows_read,
                        row.rows_stored,
                        row.rows_without_location,
                        row.rows_rejected,
                    )
                )
        if errors:
            raise BadInput(errors, more=more)
        if result.written:
            _compare_points(source, {file.force for file in plan.street}, result.written)
        if result.inserted > MANY_ROWS:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE incidents_incident")
    if progress:
        progress(len(plan.street), len(plan.street), "")
    return result


def street_source() -> Source:
    """Return the source data.police.uk with its fourteen categories, made if it is not there."""
    source, made = Source.objects.get_or_create(
        slug=SOURCE,
        defaults={
            "title": "data.police.uk street-level crime and ASB",
            "licence": LICENCE,
            "attribution": ATTRIBUTION,
            "url": "https://data.police.uk/data/",
            "restricted": False,
        },
    )
    if made or source.categories.count() < len(CRIME_TYPES):
        for name in CRIME_TYPES:
            Category.objects.get_or_create(
                source=source,
                slug=name.lower().replace(" ", "-"),
                defaults={"name": name, "is_asb": name == ASB},
            )
    return source


def _lock(files: list[StreetFile]) -> None:
    """Hold each force and month until the end of the transaction, always in the same order."""
    with connection.cursor() as cursor:
        for key in sorted((f"street {file.force}", file.month.toordinal()) for file in files):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", key)


def _take(
    file: StreetFile,
    held: ForceMonth | None,
    source: Source,
    *,
    by: Any,
    keep_good: bool,
    replace: bool,
    dry: bool,
    result: StreetImport,
) -> ForceMonth | None:
    """Take in one file and return its force-month, None where nothing of the file is stored.

    With ``dry`` it only looks for what is wrong.
    """
    if (
        held is not None
        and (keep_good or not held.rows_rejected)
        and held.sha256 == sha256_of(file.member)
    ):
        return held
    if held is not None and not replace:
        result.plan.skipped.append({"file": file.member.label, "reason": HELD_REASON})
        return None
    staged = stage(file.member, f"{file.month:%Y-%m}")
    rejected = staged.rejected
    if rejected and (not keep_good or len(rejected) == staged.read):
        raise BadInput([one.error for one in rejected[:20]], more=max(0, len(rejected) - 20))
    reported_by = first_reported_by()
    name = force_name(file.force, reported_by, file.member.label)
    if dry:
        return None
    force, __ = Force.objects.get_or_create(slug=file.force, defaults={"name": name})
    if force.area_id is None:
        _link_area(force)
    row = _write(file, held, force, source, staged, by=by, result=result)
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                data_import=row.data_import,
                file=one.error.file[:255],
                row=one.error.row or 0,
                column=one.error.column or "",
                found=one.error.found,
                expected=one.error.expected,
                raw=one.raw,
            )
            for one in rejected
        ],
        batch_size=1000,
    )
    return row


def _write(
    file: StreetFile,
    held: ForceMonth | None,
    force: Force,
    source: Source,
    staged: Staged,
    *,
    by: Any,
    result: StreetImport,
) -> ForceMonth:
    """Write the staged rows and the force-month that carries them."""
    row = held or ForceMonth(source=source, force=force, month=file.month, kind=FileKind.STREET)
    row.sha256, row.rows_read, row.rows_rejected = staged.sha256, staged.read, len(staged.rejected)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE longitude = ''),"
            " count(DISTINCT (longitude, latitude)) FILTER (WHERE longitude <> '')"
            " FROM street_staging"
        )
        row.rows_stored, row.rows_without_location, row.points = cursor.fetchone()
    row.data_import = DataImport.objects.create(
        kind="street",
        file_name=file.member.label[-255:],
        sha256=staged.sha256,
        title=f"Street-level crime and ASB, {force.name}, {file.month:%Y-%m}",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        imported_by=by,
        imported_on=today(),
    )
    row.save()
    inserted, deleted = _write_incidents(file, row, source, fresh=held is None)
    result.written.add(row.pk)
    result.inserted += inserted
    result.deleted += deleted
    row.data_import.summary = {
        "read": row.rows_read,
        "stored": row.rows_stored,
        "rejected": row.rows_rejected,
        "without_location": row.rows_without_location,
        "inserted": inserted,
        "deleted": deleted,
    }
    row.data_import.save(update_fields=["summary", "updated_at"])
    return row


# The identity of a row: force, month, kind, content (all columns as published, joined by a
# character that no field can hold) and which of several identical rows it is.
_IDENTIFIED = r"""
    SELECT md5(key || chr(31) || n)::uuid AS id, s.*
      FROM (SELECT *, row_number() OVER (PARTITION BY key) AS n
              FROM (SELECT md5(concat_ws(chr(31), %(force)s, %(month)s, 'street',
                           crime_id, month, reported_by, falls_within, longitude, latitude, street,
                           lsoa_code, lsoa_name, crime_type, last_outcome, context)) AS key, *
                      FROM street_staging) keyed) s
"""
_INSERT = """
    INSERT INTO incidents_incident (
        id, force_month_id, month, category_id, occurrence, crime_id, reported_by, falls_within,
        point, street, lsoa_code, lsoa_name, last_outcome, context)
    SELECT r.id, %(row)s, %(day)s, c.id, r.n, r.crime_id, r.reported_by, r.falls_within,
           CASE WHEN r.longitude <> ''
                THEN ST_SetSRID(ST_MakePoint(r.longitude::float8, r.latitude::float8), 4326) END,
           r.street, r.lsoa_code, r.lsoa_name, r.last_outcome, r.context
      FROM rows r JOIN incidents_category c ON c.source_id = %(source)s AND c.name = r.crime_type
"""


def _write_incidents(
    file: StreetFile, row: ForceMonth, source: Source, *, fresh: bool
) -> tuple[int, int]:
    """Insert the staged rows; of a force-month already held, only the difference."""
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
            cursor.execute(f"WITH rows AS ({_IDENTIFIED}) {_INSERT} ORDER BY r.line", values)
            return cursor.rowcount, 0
        cursor.execute("DROP TABLE IF EXISTS pg_temp.street_rows")
        cursor.execute(f"CREATE TEMP TABLE street_rows ON COMMIT DROP AS {_IDENTIFIED}", values)
        cursor.execute("ALTER TABLE street_rows ADD PRIMARY KEY (id)")
        cursor.execute(
            "DELETE FROM incidents_incident i WHERE i.force_month_id = %(row)s"
            " AND NOT EXISTS (SELECT FROM street_rows r WHERE r.id = i.id)",
            values,
        )
        deleted = cursor.rowcount
        cursor.execute(
            f"WITH rows AS (SELECT * FROM street_rows) {_INSERT}"
            " WHERE NOT EXISTS (SELECT FROM incidents_incident i WHERE i.id = r.id)",
            values,
        )
        return cursor.rowcount, deleted


def _compare_points(source: Source, forces: set[str], written: set[int]) -> None:
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


def _link_area(force: Force) -> None:
    """Link a force to its police force area, if that area is known by now."""
    known = FORCES.get(force.slug)
    if known is None or known.area is None:
        return
    for area in Area.objects.filter(kind=AreaKind.FORCE).order_by("-vintage"):
        if area_key(area.name) == area_key(known.area):
            force.area = area
            force.save(update_fields=["area"])
            return
