"""Says where grants and memberships disagree, and mends it if asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.grants import drift, mend
from core import clock


class Command(BaseCommand):
    """Compares every kind of anchor; exits 0 only if nothing is (or stays) wrong."""

    help = "Compares the grants with the memberships they derive from; --mend derives them anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --mend and --json."""
        parser.add_argument("--mend", action="store_true", help="derive the grants anew")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, mend if asked, report."""
        today = clock.today()
        found = mend(on=today) if options["mend"] else drift(today)
        for wrong in found:
            place = " ".join(filter(None, [wrong.table, wrong.user, wrong.anchor]))
            self.stderr.write(f"{wrong.problem}: {wrong.permission} in {place}")
        if options["json"]:
            summary = {
                "business_date": today.isoformat(),
                "drift": [asdict(wrong) for wrong in found],
                "mended": options["mend"],
            }
            self.stdout.write(json.dumps(summary))
        else:
            done = " and mended" if options["mend"] else ""
            self.stdout.write(f"{len(found)} wrong{done}." if found else "Nothing is wrong.")
        if found and not options["mend"]:
            raise CommandError(f"{len(found)} grants do not follow from memberships.")
