"""Writes docs/permissions.md from the catalogue, so that the page cannot drift from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from accounts.permissions import DESCRIPTIONS, Permission
from accounts.roles import CATALOGUE

PAGE = Path("docs/permissions.md")
KINDS = ("programme", "location", "agency")
INTRODUCTION = """\
# Roles and permissions

Written by `bin/manage describe_permissions` from `accounts/permissions.py` and `accounts/roles.py`;
a test fails when this page and the code differ.

A role is given to a person on one **anchor**: a programme, a location or an agency, from a date to
a date. What is given on a programme holds for all of its locations; everything else (steps,
evidence, packages, reports) inherits from its location or programme. Who holds nothing on a place
gets "page not found" for all of it; who may see a thing but not do something to it is told so.
A system administrator looks after accounts and the settings, and sees no programme by that alone.
"""


def describe() -> str:
    """Return the page as text."""
    with translation.override("en-gb"):
        lines = [INTRODUCTION, "## Roles", ""]
        lines += ["| Role | What it is for | Given on | Second factor |", "|---|---|---|---|"]
        for role in CATALOGUE.values():
            on = ", ".join(kind for kind in KINDS if kind in role.anchors)
            text = f"{role.description} On an agency: {role.on_agency}"
            text = text if role.on_agency else str(role.description)
            factor = "compulsory" if role.sees_personal else "by choice; sees no personal data"
            lines.append(f"| {role.name} | {text} | {on} | {factor} |")
        names = " | ".join(str(role.name) for role in CATALOGUE.values())
        lines += ["", "## What each role may do", "", f"| Permission | Meaning | {names} |"]
        lines.append("|---|---|" + ":-:|" * len(CATALOGUE))
        for permission in Permission:
            cells = " | ".join(
                "yes" if permission in role.permissions else "–" for role in CATALOGUE.values()
            )
            lines.append(f"| `{permission.value}` | {DESCRIPTIONS[permission]} | {cells} |")
        return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Writes the page, or with --check says whether it is up to date."""

    help = "Writes docs/permissions.md from the catalogue of permissions and roles."

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
            raise CommandError(f"{PAGE} is out of date; run bin/manage describe_permissions.")
        if not current:
            path.write_text(text, encoding="utf-8")
        if options["json"]:
            word = "false" if current else "true"
            self.stdout.write(f'{{"page": "{PAGE}", "changed": {word}}}')
        else:
            self.stdout.write(f"{PAGE} {'is up to date' if current else 'written'}.")
