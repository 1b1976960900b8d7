"""The base of every management command that people and other programs type.

One way to say what was done (``--json``: one line, the last on standard output), one way to fail
(a plain text on standard error, exit code 1), one way to name who acts (``--by``).
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from core import ledger
from core.clock import business_date
from core.errors import BadInput, HouseError
from core.history import because


class HouseCommand(BaseCommand):
    """A command that returns a summary.

    Subclasses implement ``run(**options)`` and may add arguments in ``add_arguments`` (no need to
    call super) and a closing text in ``describe(summary)``. ``options["by"]`` is a User or None.
    Errors of the house (core.errors) end the command with their own text and exit code 1; with
    ``--json`` the last line then is ``{"error": …, "errors": [{file, row, column, …}]}``.
    """

    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Add what every command takes."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="Print the summary as one line of JSON, the last on standard output.",
        )
        parser.add_argument(
            "--by", metavar="EMAIL", default=None, help="On whose behalf this is done."
        )
        return parser

    def run(self, **options: Any) -> dict[str, Any]:
        """Do the work and return its summary; raise core.errors.HouseError if it cannot be done."""
        raise NotImplementedError

    def describe(self, summary: dict[str, Any]) -> str:
        """Return the summary for people; lines of "key: value" unless a command knows better."""
        return "\n".join(
            f"{key.replace('_', ' ')}: {value}"
            for key, value in summary.items()
            if not isinstance(value, list | dict)
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run under one business date, with who and why in the history; print the summary."""
        options["by"] = self._person(options.pop("by", None))
        as_json = options.pop("as_json", False)
        name = type(self).__module__.rpartition(".")[2]
        try:
            with (
                business_date(),
                because(by=options["by"], reason=f"command {name}"),
                ledger.by_way_of("command", by=options["by"]),
            ):
                summary = self.run(**options)
        except HouseError as error:
            if as_json:
                self.stdout.write(self._line(_failure(error)))
            raise CommandError(str(error)) from error
        self.stdout.write(self._line(summary) if as_json else self.describe(summary))

    def _person(self, email: Any) -> Any:
        if not email or not isinstance(email, str):
            return email or None  # called from code, with a person or nobody
        person = get_user_model()._default_manager.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody has the e-mail address {email}.")
        return person

    def _line(self, value: dict[str, Any]) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _failure(error: HouseError) -> dict[str, Any]:
    """Return an error as data: its text and, for a bad file, each place."""
    places = []
    if isinstance(error, BadInput):
        places = [
            {
                "file": e.file,
                "row": e.row,
                "column": e.column,
                "found": e.found,
                "expected": e.expected,
                "advice": e.advice,
            }
            for e in error.errors
        ]
    return {"error": str(error), "errors": places}
