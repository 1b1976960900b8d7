"""Writes docs/personal-data.md from the models' declarations, so that the page cannot drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.personal import OTHERS
from core.personal import Personal, personal_fields

PAGE = Path("docs/personal-data.md")
INTRODUCTION = """\
# What is held of people, and where

Written by `bin/manage describe_personal_data` from the declarations beside each model's fields
(`core/personal.py`) and, for packages in use, `accounts/personal.py`; a test fails when this page
and the code differ, and when a field that could hold personal data is declared nowhere.

The history of a record holds what the record holds. Models that are not listed hold nothing of
people. Names of those who did something in their work stand with the record as its author.
"""


def describe() -> str:
    """Return the page as text."""
    with translation.override("en-gb"):
        lines = [INTRODUCTION, "## Kinds", "", "| Kind | Meaning |", "|---|---|"]
        lines += [f"| `{kind.value}` | {kind.label} |" for kind in Personal]
        lines += ["", "## Models", "", "| Model | Field | Kind |", "|---|---|---|"]
        lines += [
            f"| {label} | `{name}` | {kind.label} |"
            for label, held in _declared()
            for name, kind in held.items()
        ]
        lines += ["", "## Packages in use", "", "| Model | Field | Kind |", "|---|---|---|"]
        lines += [
            f"| {label} | `{name}` | {kind.label} |"
            for label, held in sorted(OTHERS.items())
            for name, kind in held.items()
        ]
        return "\n".join(lines) + "\n"


def _declared() -> Iterator[tuple[str, Mapping[str, Personal]]]:
    for model in sorted(apps.get_models(), key=lambda model: str(model._meta.label)):
        if not hasattr(model, "pgh_tracked_model") and (held := personal_fields(model)):
            yield model._meta.label, held


class Command(BaseCommand):
    """Writes the page, or with --check says whether it is up to date."""

    help = "Writes docs/personal-data.md from what the models declare."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --check and --json."""
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on drift")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        path = Path(settings.BASE_DIR) / PAGE
        text = describe()
        current = path.exists() and path.read_text(encoding="utf-8") == text
        if not current and options["check"]:
            raise CommandError(f"{PAGE} is out of date; run bin/manage describe_personal_data.")
        if not current:
            path.write_text(text, encoding="utf-8")
        if options["json"]:
            word = "false" if current else "true"
            self.stdout.write(f'{{"page": "{PAGE}", "changed": {word}}}')
        else:
            self.stdout.write(f"{PAGE} {'is up to date' if current else 'written'}.")
