"""The areas whose records the demonstration tells of, each with its own parts, in this order.

A module here has ``parts() -> Iterator[Part]``; its story lies in ``demo/story/<area>.toml``.
"""

from __future__ import annotations

from types import ModuleType

AREAS: tuple[ModuleType, ...] = ()
