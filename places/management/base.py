"""What the commands that import area data share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.management.base import HouseCommand
from places.choices import AreaKind
from places.ingest import About
from places.ingest.files import OGL, ONS


class AreaFileCommand(HouseCommand):
    """Takes one file, and where it comes from."""

    attribution = ONS

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, its title, licence and attribution."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--title", default="", help="What the file is called.")
        parser.add_argument("--licence", default=OGL)
        parser.add_argument(
            "--attribution", default=self.attribution, help="Shown wherever the data are shown."
        )

    def add_areas(self, parser: CommandParser) -> None:
        """Take kind and vintage of the areas and the column or field of their code."""
        parser.add_argument("--kind", required=True, choices=AreaKind.values)
        parser.add_argument("--vintage", required=True, type=int, metavar="YEAR")
        parser.add_argument("--code", required=True, metavar="FIELD")

    def about(self, options: dict[str, Any]) -> About:
        """Return where the file comes from."""
        return About(options["title"], options["licence"], options["attribution"])
