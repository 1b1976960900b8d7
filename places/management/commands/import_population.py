"""Take in a table of population."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from places.ingest import import_population
from places.ingest.facts import FactFile, PopulationLayout
from places.management.base import AreaFileCommand


class Command(AreaFileCommand):
    """Wide by single year of age, long by group, or the ONS layout by sex and age."""

    help = "Import population: totals, single years of age, or groups of a census table."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the layout."""
        super().add_arguments(parser)
        self.add_areas(parser)
        parser.add_argument("--source", required=True, help="Such as “Census 2021”.")
        parser.add_argument(
            "--date",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="The date of the figures, where no column “period” holds it.",
        )
        parser.add_argument("--total", default="", metavar="COLUMN", help="All residents.")
        parser.add_argument("--group", default="", metavar="COLUMN", help="Long: the group.")
        parser.add_argument("--value", default="n", metavar="COLUMN", help="Long: its figure.")
        parser.add_argument("--prefix", default="", help="Put before the group’s name.")
        parser.add_argument("--totals-only", action="store_true", help="Keep only the totals.")

    def run(self, **options: Any) -> dict[str, Any]:
        """Import and return the account."""
        return import_population(
            FactFile(options["file"], options["kind"], options["vintage"], options["code"]),
            PopulationLayout(
                source=options["source"],
                date=options["date"],
                total=options["total"],
                group=options["group"],
                value=options["value"],
                prefix=options["prefix"],
                totals_only=options["totals_only"],
            ),
            about=self.about(options),
            by=options["by"],
        )
