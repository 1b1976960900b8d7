"""Take in areas with their boundaries."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from places.ingest import import_areas
from places.ingest.areas import AreaFile
from places.management.base import AreaFileCommand


class Command(AreaFileCommand):
    """Each file is applied as its difference; the same file again is no change."""

    help = "Import areas from GeoJSON, TopoJSON or GeoPackage."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the fields, and what a file may not say itself."""
        super().add_arguments(parser)
        self.add_areas(parser)
        parser.add_argument("--name", required=True, metavar="FIELD")
        parser.add_argument("--crs", help="The coordinate system, where the file states none.")
        parser.add_argument("--layer", help="The layer, where the file has several.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account."""
        file = AreaFile(
            path=options["file"],
            kind=options["kind"],
            vintage=options["vintage"],
            code=options["code"],
            name=options["name"],
            crs=options["crs"],
            layer=options["layer"],
        )
        return import_areas(file, about=self.about(options), by=options["by"])

    def describe(self, summary: dict[str, Any]) -> str:
        """Add the repaired areas by name."""
        lines = [super().describe(summary)]
        lines += [
            f"repaired {one['code']} {one['name']}: {one['reason']}" for one in summary["repaired"]
        ]
        return "\n".join(lines)
