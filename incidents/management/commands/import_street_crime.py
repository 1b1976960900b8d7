"""Take in street and outcomes files of data.police.uk: a zip, a folder or a CSV file."""

from __future__ import annotations

import logging
from typing import Any

from django.core.management.base import CommandParser

from core.management.base import HouseCommand
from incidents.ingest import import_street_crime

log = logging.getLogger(__name__)


class Command(HouseCommand):
    """All files or none; the same file again is no change."""

    help = "Import street and outcomes files of data.police.uk (zip, folder or CSV)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the paths."""
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument(
            "--keep-good",
            action="store_true",
            help="Store the good rows of a file that has bad ones; the bad ones are kept aside.",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account of each force and month."""
        return import_street_crime(
            options["paths"],
            by=options["by"],
            keep_good=options["keep_good"],
            progress=lambda done, total, stage: log.info("%s of %s %s", done, total, stage),
        ).as_summary()

    def describe(self, summary: dict[str, Any]) -> str:
        """Return a table of the months, then what changed and what was left out."""
        lines = [
            f"{one['force']} {one['month']}: {one['read']:,} read, {one['stored']:,} stored, "
            f"{one['without_location']:,} without location, {one['rejected']:,} rejected"
            for one in summary["force_months"]
        ]
        totals, changed, outcomes = summary["totals"], summary["changed"], summary["outcomes"]
        lines.append(f"Together {totals['read']:,} rows read and {totals['stored']:,} stored.")
        lines.append(
            f"Now: {changed['inserted']:,} rows added, {changed['deleted']:,} removed."
            if changed["inserted"] or changed["deleted"]
            else "No report was added or removed."
        )
        if outcomes["files"]:
            lines.append(
                f"{outcomes['files']} outcomes files: {outcomes['read']:,} rows read, "
                f"{outcomes['stored']:,} stored, {outcomes['rejected']:,} rejected; "
                f"now {outcomes['inserted']:,} added, {outcomes['deleted']:,} removed."
            )
        lines += [f"{one['file']}: {one['reason']}" for one in summary["skipped"]]
        lines += [f"{label}: the same file a second time" for label in summary["repeated"]]
        return "\n".join(lines)
