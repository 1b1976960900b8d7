"""Take in a table or a GeoJSON file of community assets."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from assets.tables import ASSETS
from core.errors import BadInput, Refused, RowError
from core.management.base import HouseCommand
from core.models import TabularImport
from core.tabular.checking import CREATE, ERROR, SAME, UPDATE, PlannedRow, check, row_id
from core.tabular.reading import read_bytes
from core.tabular.storing import store
from programmes.models import Location


class Command(HouseCommand):
    """The same table as on the page: checked, matched by kind and name, stored whole or not."""

    help = "Import community assets from CSV, Excel or GeoJSON (points, WGS 84)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the location."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--location", required=True, metavar="SLUG")
        parser.add_argument(
            "--keep-good", action="store_true", help="Store the good rows where some are wrong."
        )

    @transaction.atomic
    def run(self, **options: Any) -> dict[str, Any]:
        """Store the rows and return the account.

        With ``--by`` that person's rights decide, and they can undo it on their page of tables.
        """
        path, person = Path(options["file"]), options["by"]
        if not path.is_file():
            raise BadInput(
                [RowError(path.name, None, None, str(path), _("a file that can be read"))]
            )
        rows: Any = ASSETS.target()
        if person is not None:
            rows = rows.visible_to(person, ASSETS.permission)
        location: Location | None = rows.filter(slug=options["location"]).first()
        if location is None:
            raise Refused(_("There is no such location, or you may not record assets there."))
        sheet = read_bytes(path.read_bytes(), path.name)
        key = uuid4()
        columns, planned = check(ASSETS, location, person, sheet, key)
        wrong = [row for row in planned if row.plan == ERROR]
        if wrong and not options["keep_good"]:
            raise BadInput(_errors(sheet.name, wrong))
        if person is None:
            counts = _apply(location, planned, key)
        else:
            sent = TabularImport.objects.create(
                pk=key,
                kind=ASSETS.key,
                target=location._meta.label,
                target_id=str(location.pk),
                requested_by=person,
                file_name=sheet.name[:255],
                sha256=sheet.sha256,
                notes=list(sheet.notes),
                columns=[{"name": column.name, "title": column.title} for column in columns],
                rows=[row.stored() for row in planned],
            )
            counts = store(
                sent,
                table=ASSETS,
                target=location,
                good_rows_only=options["keep_good"],
                by=person,
                tell=lambda done, total: None,
            )
            if counts["wrong"] and not options["keep_good"]:
                raise BadInput(_errors_of(sheet.name, sent.rows))
        return {"location": location.slug, "file": sheet.name, "sha256": sheet.sha256, **counts}


def _apply(location: Location, planned: list[PlannedRow], key: UUID) -> dict[str, int]:
    """Store the good rows as the system; a row that the service refuses refuses the file."""
    counts = {"created": 0, "changed": 0, "same": 0, "wrong": 0}
    names = {CREATE: "created", UPDATE: "changed", SAME: "same", ERROR: "wrong"}
    for row in planned:
        counts[names[row.plan]] += 1
        if row.plan in (CREATE, UPDATE):
            ASSETS.apply(
                target=location,
                found=row.found,
                cleaned=dict(row.cleaned),
                by=None,
                id=row_id(key, row.row),
            )
    return counts


def _errors(name: str, rows: list[Any]) -> list[RowError]:
    return [
        RowError(name, row.row, column or None, row.values.get(column, ""), " ".join(words))
        for row in rows[:20]
        for column, words in row.errors.items()
    ]


def _errors_of(name: str, rows: list[dict[str, Any]]) -> list[RowError]:
    return [
        RowError(name, row["row"], column or None, "", " ".join(words))
        for row in rows
        for column, words in row["errors"].items()
    ][:20]
