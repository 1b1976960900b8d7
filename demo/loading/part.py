"""What the demonstration is loaded in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the demonstration: its name, whether it is there, how it is made."""

    name: str
    title: str
    is_there: Callable[[], bool]
    make: Callable[[], Any]
