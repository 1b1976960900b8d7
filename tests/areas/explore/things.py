"""What exploring needs for the pages whose queries are counted: a place with reports."""

from __future__ import annotations

from typing import Any

from tests.factories.programmes import TargetPlaceFactory
from tests.incidents.streets import CODES, hold_month, make_areas


def grow(people: Any, size: int) -> None:
    """Give the location a place of two LSOAs with more reports the larger the world is."""
    make_areas(TargetPlaceFactory(location=people.location, slug="explored", name="Explored"))
    for month in ("2024-03", "2024-05"):
        hold_month(month, {CODES[0]: 3 * size, CODES[1]: size}, other=size)
