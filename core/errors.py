"""Errors that services raise and that pages, commands and the API turn into plain answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class HouseError(Exception):
    """Something a person can understand and act on; its text is shown as it stands."""


class NotAllowed(HouseError):
    """The person may see the thing but not do this to it (403)."""


class Refused(HouseError):
    """The request breaks a rule of the domain; nothing was changed (400)."""


class Conflict(HouseError):
    """The record changed since it was read; both texts are shown (409, or 412 in the API)."""

    def __init__(self, message: str, *, current: Any = None) -> None:
        super().__init__(message)
        self.current = current


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one place of a file.

    ``row`` counts lines as a text editor does (the header is row 1); None where the whole file is
    meant. ``found`` is the offending text as it stands in the file.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    advice: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column “{self.column}”"
        text = f"{place}: found “{_printable(self.found)}”, expected {self.expected}."
        return f"{text} {self.advice}".strip()


def _printable(text: str) -> str:
    """Return a text from a file with its control characters spelled out: a terminal obeys them."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


class BadInput(HouseError):
    """A file cannot be taken as it is; nothing was stored. Carries one error per place."""

    def __init__(self, errors: Sequence[RowError], *, more: int = 0) -> None:
        self.errors = list(errors)
        self.more = more
        text = "\n".join(str(error) for error in self.errors)
        if more:
            text += f"\n… and {more} more."
        super().__init__(text)
