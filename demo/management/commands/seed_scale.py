"""Makes synthetic programmes for load tests, or removes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from core.management.base import HouseCommand
from demo.scale import remove, seed


class Command(HouseCommand):
    """``bin/manage seed_scale --locations 1500 --users 2000``."""

    help = "Makes synthetic locations and people for load tests, all marked as such."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many, or --remove."""
        parser.add_argument("--locations", type=int, default=1_500, metavar="N")
        parser.add_argument("--users", type=int, default=2_000, metavar="N")
        parser.add_argument("--remove", action="store_true", help="remove what was made before")

    def run(self, **options: Any) -> dict[str, Any]:
        """Make or remove; return what was done."""
        if options["remove"]:
            return {"removed": remove()}
        made = asdict(seed(locations=options["locations"], users=options["users"]))
        return {**made.pop("rows"), **made, "seconds": round(made["seconds"], 1)}
