"""The areas whose records the demonstration tells of, each with its own parts, in this order.

A module here has ``parts() -> Iterator[Part]``; its story lies in ``demo/story/<area>.toml``.
"""

from __future__ import annotations

from types import ModuleType

from demo.loading import (
    actions,
    assets,
    groups,
    meetings,
    meetings_raised,
    problems,
    steps,
    supply,
    surveys,
    voice,
)

AREAS: tuple[ModuleType, ...] = (
    # groups, meetings, actions, steps, voice, assets, surveys, problems: in this order
    groups,
    meetings,
    actions,
    steps,
    voice,
    assets,
    surveys,
    meetings_raised,
    problems,
    supply,
)
