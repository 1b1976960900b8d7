"""The import of street and outcomes files: whole or not at all; the same again is no change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.errors import BadInput, RowError
from core.models import RejectedRow
from incidents.choices import FileKind
from incidents.forces import FORCES, area_key
from incidents.ingest.layout import ASB, CRIME_TYPES, OUTCOMES, STREET
from incidents.ingest.plan import Plan, PublishedFile, force_name, make_plan
from incidents.ingest.staging import first_reported_by, make_staging, sha256_of, stage
from incidents.ingest.writing import (
    ATTRIBUTION,
    LICENCE,
    compare_points,
    refresh_statistics,
    write,
)
from incidents.models import Category, Force, ForceMonth, Source
from places.choices import AreaKind
from places.models import Area

SOURCE = "data-police-uk"
HELD_REASON = "This month is held already, in another version. It stays as it is."

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
    """The account of an import: sums of each file, and what else the paths held.

    ``files`` are the street files, ``outcomes`` the outcomes files; ``inserted`` and ``deleted``
    count reports, and rows of outcomes are counted apart.
    """

    files: list[FileSums] = field(default_factory=list)
    outcomes: list[FileSums] = field(default_factory=list)
    added: Counter[FileKind] = field(default_factory=Counter)
    removed: Counter[FileKind] = field(default_factory=Counter)
    plan: Plan = field(default_factory=Plan)
    written: set[int] = field(default_factory=set)

    @property
    def inserted(self) -> int:
        """How many reports were added."""
        return self.added[FileKind.STREET]

    @property
    def deleted(self) -> int:
        """How many reports were removed."""
        return self.removed[FileKind.STREET]

    def as_summary(self) -> dict[str, Any]:
        """Return the account as the command prints it."""
        return {
            "force_months": [asdict(one) for one in self.files],
            "totals": _totals(self.files),
            "changed": {"inserted": self.inserted, "deleted": self.deleted},
            "outcomes": {
                "files": len(self.outcomes),
                **_totals(self.outcomes),
                "inserted": self.added[FileKind.OUTCOMES],
                "deleted": self.removed[FileKind.OUTCOMES],
                "force_months": [asdict(one) for one in self.outcomes],
            },
            "skipped": self.plan.skipped,
            "repeated": self.plan.repeated,
        }


def _totals(files: list[FileSums]) -> dict[str, int]:
    names = ("read", "stored", "without_location", "rejected")
    return {name: sum(getattr(one, name) for one in files) for name in names}


def import_street_crime(
    paths: Iterable[str | Path],
    *,
    by: Any = None,
    keep_good: bool = False,
    replace: bool = True,
    progress: Progress | None = None,
) -> StreetImport:
    """Take street and outcomes files into the database, all of them or, if one is bad, none.

    ``paths`` are zips, folders and CSV files. A file that is already held is no change at all; a
    changed one is applied as its difference. With ``keep_good`` a bad row is left out, kept as
    RejectedRow and counted; a file that as a whole is none of its kind refuses the import even
    then. Without ``replace`` a month that is held in another version stays as it is, and is named
    among what was skipped.
    ``progress(done, total, stage)`` is called for each file. Everything happens in one transaction
    under one lock for each force and month, so that a repeat at the same time is harmless.

    Raises core.errors.BadInput, naming file, row and column; nothing has changed then.
    """
    plan = make_plan(list(paths))
    result = StreetImport(plan=plan)
    errors: list[RowError] = []
    more = 0
    with transaction.atomic():
        _lock(plan.files)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
        source = street_source()
        held = {
            (row.kind, row.force.slug, row.month): row
            for row in ForceMonth.objects.filter(source=source).select_related("force")
        }
        for layout in (STREET, OUTCOMES):
            make_staging(layout)
        for done, file in enumerate(plan.files):
            if progress:
                progress(done, len(plan.files), file.member.label)
            try:
                row = _take(
                    file,
                    held.get(file.key),
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
                (result.files if file.layout is STREET else result.outcomes).append(
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
            compare_points(source, {file.force for file in plan.files}, result.written)
        refresh_statistics(result.added)
    if progress:
        progress(len(plan.files), len(plan.files), "")
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


def _lock(files: list[PublishedFile]) -> None:
    """Hold each kind, force and month until the transaction ends, always in the same order."""
    with connection.cursor() as cursor:
        for key in sorted(
            (f"{file.layout.kind.value} {file.force}", file.month.toordinal()) for file in files
        ):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", key)


def _take(
    file: PublishedFile,
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
    staged = stage(file.layout, file.member, f"{file.month:%Y-%m}")
    rejected = staged.rejected
    if rejected and (not keep_good or len(rejected) == staged.read):
        raise BadInput([one.error for one in rejected[:20]], more=max(0, len(rejected) - 20))
    reported_by = first_reported_by(file.layout)
    name = force_name(file.force, reported_by, file.member.label)
    if dry:
        return None
    force, __ = Force.objects.get_or_create(slug=file.force, defaults={"name": name})
    if force.area_id is None:
        _link_area(force)
    written = write(file, held, force, source, staged, by=by)
    row = written.row
    if file.layout is STREET:
        result.written.add(row.pk)
    result.added[file.layout.kind] += written.inserted
    result.removed[file.layout.kind] += written.deleted
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
