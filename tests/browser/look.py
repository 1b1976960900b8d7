"""Who looks at which page, and where those pages are in the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

LOCATION = "/locations/leominster/"
PLACE = f"{LOCATION}places/town-centre/"


@dataclass(frozen=True)
class Look:
    """Who opens which address; nobody signed in where ``who`` is None."""

    who: str | None
    path: str
