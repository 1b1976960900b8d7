"""Loads the demonstration programme, or what is missing of it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import HouseError
from demo.loading import accounts_file, load


class Command(BaseCommand):
    """``bin/manage load_demo``."""

    help = "Loads the demonstration programme with real open data; a second time does nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much to load, and whether to answer in JSON."""
        parser.add_argument(
            "--empty",
            action="store_true",
            help="only step templates, an administrator and a programme manager",
        )
        parser.add_argument(
            "--brief",
            action="store_true",
            help="only the street data of 2024, and no package (for tests)",
        )
        parser.add_argument("--json", action="store_true", help="one line of JSON at the end")

    def _say(self, line: str) -> None:
        """Tell of progress on standard error, without the colour of an error."""
        self.stderr.write(line, style_func=str)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; exit code 0 only if everything is there afterwards."""
        try:
            loaded = load(brief=options["brief"], empty=options["empty"], say=self._say)
        except HouseError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(
                json.dumps({**loaded.as_summary(), "accounts_file": str(accounts_file.path())})
            )
        else:
            made = ", ".join(loaded.made) or "nothing: all of it was there"
            self.stdout.write(f"Loaded in {loaded.seconds:.0f} s: {made}.")
            self.stdout.write(f"Whom to sign in as: {accounts_file.path()}")
