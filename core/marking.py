"""What a protective marking asks for: of records, of files, of documents.

A record is OFFICIAL unless somebody says otherwise. OFFICIAL-SENSITIVE always comes with a handling
instruction, because the words alone tell nobody what to do. A document bears the highest marking of
what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from django.utils.translation import gettext as _

from core.choices import Marking
from core.errors import Refused

SENSITIVE = Marking.OFFICIAL_SENSITIVE
HANDLING_MAX = 200
"""Characters of a handling instruction, as ``core.models.Marked`` keeps it."""


def highest(markings: Iterable[str]) -> Marking:
    """Return the highest of several markings; OFFICIAL where there are none."""
    return SENSITIVE if SENSITIVE in set(markings) else Marking.OFFICIAL


def handling_of(parts: Iterable[tuple[str, str]]) -> str:
    """Return the handling instructions of (marking, handling) pairs in one line, each once.

    Only those of sensitive parts count, in their order, as many whole ones as there is room for.
    """
    lines = dict.fromkeys(handling.strip() for marking, handling in parts if marking == SENSITIVE)
    kept = ""
    for line in filter(None, lines):
        longer = f"{kept} {line}".strip()
        if len(longer) > HANDLING_MAX:
            break
        kept = longer
    return kept


def refuse_unhandled(marking: str, handling: str) -> None:
    """Raise core.errors.Refused for OFFICIAL-SENSITIVE without a handling instruction."""
    if marking == SENSITIVE and not handling.strip():
        raise Refused(_("Say how what is OFFICIAL-SENSITIVE is to be handled."))


def marked_name(name: str, marking: str) -> str:
    """Return the name under which a file leaves: a sensitive one says so before its ending.

    "walk.jpg" becomes "walk (OFFICIAL-SENSITIVE).jpg"; an OFFICIAL one keeps its name.
    """
    if marking != SENSITIVE:
        return name
    path = PurePath(name)
    return f"{path.stem} ({Marking.OFFICIAL_SENSITIVE.label}){path.suffix}"
