"""Stores the step templates that come with the product."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from programmes.models import StepTemplate
from programmes.services import ensure_templates


class Command(BaseCommand):
    """Load the shipped step templates; those stored already stay as they are."""

    help = "Store the step templates that come with the product; harmless to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --json."""
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and tell what was new."""
        made = ensure_templates()
        total = StepTemplate.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"added": [str(row) for row in made], "total": total}))
            return
        for row in made:
            self.stdout.write(f"Added: {row}")
        self.stdout.write(f"{total} step templates are stored.")
