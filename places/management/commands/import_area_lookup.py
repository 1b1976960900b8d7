"""Take in a lookup between vintages, or from smaller to larger areas."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from places.ingest import Level, import_area_lookup
from places.management.base import AreaFileCommand


class Command(AreaFileCommand):
    """Each level is linked to the next one named."""

    help = (
        "Import a lookup. Name its levels from the older or smaller to the newer or larger: "
        "--level lsoa:2011:lsoa11_code:lsoa11_name --level lsoa:2021:lsoa21_code:lsoa21_name "
        "--change change_code"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the levels and the column of change codes."""
        super().add_arguments(parser)
        parser.add_argument(
            "--level",
            action="append",
            required=True,
            dest="levels",
            metavar="KIND:VINTAGE:CODE[:NAME]",
        )
        parser.add_argument("--change", metavar="COLUMN", help="Column of change codes (U S M X).")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account."""
        return import_area_lookup(
            options["file"],
            levels=[Level.parse(text) for text in options["levels"]],
            change=options["change"],
            about=self.about(options),
            by=options["by"],
        )
