"""Who may read which entries: each floor that knows anchors says so for its own.

The ledger lies on the ground floor, which knows neither roles nor places. A floor above registers
a function that returns, for a person, the condition under which an entry is theirs to read; an
entry is readable if any of them says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

Reader = Callable[[Any], Q]

_readers: dict[str, Reader] = {}


def register_reader(name: str, reader: Reader) -> None:
    """Add a floor's condition; registering the same name again replaces it."""
    _readers[name] = reader


def readable(user: Any) -> Q:
    """Return the condition under which ``user`` may read an entry; nothing if nobody says so."""
    condition = Q(pk__in=[])
    for name in sorted(_readers):
        condition |= _readers[name](user)
    return condition
