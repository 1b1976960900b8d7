"""Take in an index of deprivation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from places.ingest import import_deprivation
from places.ingest.facts import FactFile
from places.ingest.files import MHCLG
from places.management.base import AreaFileCommand


class Command(AreaFileCommand):
    """Columns named DOMAIN_rank, DOMAIN_decile and DOMAIN_score."""

    help = "Import indices of deprivation by area."
    attribution = MHCLG

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the year of the index."""
        super().add_arguments(parser)
        self.add_areas(parser)
        parser.add_argument("--year", required=True, type=int, help="The year of the index.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account."""
        return import_deprivation(
            FactFile(options["file"], options["kind"], options["vintage"], options["code"]),
            year=options["year"],
            about=self.about(options),
            by=options["by"],
        )
