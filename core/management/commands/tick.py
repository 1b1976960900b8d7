"""Moves the business date of a demonstration and runs what fell due."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.due import move_business_date
from core.errors import HouseError


def iso_date(text: str) -> dt.date:
    """Return the day of an ISO date or date-time (``2024-06-25``, ``2024-06-25T09:00``)."""
    return dt.datetime.fromisoformat(text).date()  # a date without a time zone


class Command(BaseCommand):
    """``bin/manage tick --at 2024-07-02``."""

    help = "Moves the business date of a demonstration, forward or back, and runs what fell due."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the date, and whether to answer in JSON."""
        parser.add_argument("--at", required=True, metavar="DATE", help="e.g. 2024-07-02")
        parser.add_argument("--json", action="store_true", help="one line of JSON at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move the date; exit code 0 only if all that fell due was done."""
        try:
            to = iso_date(options["at"])
        except ValueError as error:
            raise CommandError(
                f"--at is “{options['at']}”; a date such as 2024-07-02 is expected."
            ) from error
        try:
            outcomes = move_business_date(to=to, by=None)
        except HouseError as error:
            raise CommandError(str(error)) from error
        failed = [outcome for outcome in outcomes if outcome.failed]
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "business_date": to.isoformat(),
                        "due": {outcome.name: outcome.outcome for outcome in outcomes},
                        "failed": [outcome.name for outcome in failed],
                    }
                )
            )
        else:
            self.stdout.write(f"Business stands at {to.day} {to:%B %Y}.")
            for outcome in outcomes:
                self.stdout.write(f"  {outcome.name}: {outcome.outcome}")
        if failed:
            raise CommandError(f"Not done: {', '.join(outcome.name for outcome in failed)}.")
