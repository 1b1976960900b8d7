"""Lets a programme follow the newest edition of its steps."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refused
from programmes.models import Programme
from programmes.selectors.editions import edition_move, newer_edition
from programmes.services import ensure_templates, move_to_edition


class Command(BaseCommand):
    """Move one programme to the newest edition; nothing that was recorded is lost."""

    help = "Let a programme follow the newest edition of its list of steps; harmless to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the programme, --json and --dry-run."""
        parser.add_argument("programme", help="the programme's address name")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Store the newest editions, move, and tell what changed."""
        ensure_templates()
        programme = (
            Programme.objects.filter(slug=options["programme"]).select_related("template").first()
        )
        if programme is None:
            raise CommandError(f"There is no programme called {options['programme']}.")
        before, template = str(programme.template), newer_edition(programme)
        told: dict[str, Any] = {"programme": programme.slug, "from": before, "to": before}
        if template is not None:
            move = edition_move(programme, template)
            told |= {
                "to": str(template),
                "counted": [line.label for line in move.counted],
                "added": [line.label for line in move.added],
                "dropped": [line.label for line in move.dropped],
            }
            if not options["dry_run"]:
                try:
                    move_to_edition(programme=programme, template=template, by=None)
                except Refused as error:
                    raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name}: {'; '.join(value) if isinstance(value, list) else value}")
