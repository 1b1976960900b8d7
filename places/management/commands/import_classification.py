"""Take in the class of areas in a published scheme."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from places.ingest import import_classification
from places.ingest.facts import FactFile
from places.management.base import AreaFileCommand


class Command(AreaFileCommand):
    """One column holds the class, another its name."""

    help = "Import a classification of areas, such as rural and urban."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the scheme and its columns."""
        super().add_arguments(parser)
        self.add_areas(parser)
        parser.add_argument("--scheme", required=True, help='For example "Rural-urban 2021".')
        parser.add_argument("--column", required=True, help="The column of the class.")
        parser.add_argument("--name", required=True, help="The column of its name.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account."""
        return import_classification(
            FactFile(options["file"], options["kind"], options["vintage"], options["code"]),
            scheme=options["scheme"],
            column=options["column"],
            name=options["name"],
            about=self.about(options),
            by=options["by"],
        )
