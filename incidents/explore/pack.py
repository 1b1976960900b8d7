"""Map points as one small JSON of columns, for static/js/explore.js.

Thirty thousand points come to about 220 kB on the wire: sorted by street, whole numbers of
1/100,000 degree (about a metre), each column as differences from the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

SCALE = 100_000
PREFIX = "On or near "


def columns(rows: Iterable[tuple[float, float, str, int]]) -> dict[str, Any]:
    """Return points (longitude, latitude, street, count) as columns.

    ``street`` counts in ``streets``; it, ``x`` and ``y`` are differences, ``n`` plain counts.
    """
    found = sorted((_short(at), round(y * SCALE), round(x * SCALE), n) for x, y, at, n in rows)
    numbers: dict[str, int] = {}
    street = [numbers.setdefault(one[0], len(numbers)) for one in found]
    return {
        "scale": SCALE,
        "streets": list(numbers),
        "street": _differences(street),
        "x": _differences([one[2] for one in found]),
        "y": _differences([one[1] for one in found]),
        "n": [one[3] for one in found],
    }


def _short(street: str) -> str:
    """Leave out the words that nearly every published street name begins with."""
    return street.removeprefix(PREFIX)


def _differences(values: list[int]) -> list[int]:
    return [*values[:1], *(after - before for before, after in pairwise(values))]
