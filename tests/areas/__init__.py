"""The areas of the product, each with what the tests of the whole house need to know of it.

An area is a folder here. Its tables extend those of the house with the same columns: ``own.csv``
(tests/house/url_table.csv), ``neighbour.csv``, ``sharing.csv``, ``fields.csv`` and
``relations.csv`` (tests/matrix/), ``budgets.json`` (tests/budgets/pages.json). ``things.py`` makes
its records for the matrix, ``pages.py`` names its pages for the browser. What an area leaves out
counts as nothing.

``things.py`` may define:

- ``world(people, made) -> list`` one row of each scoped model of the area at Leominster;
- ``names(made) -> dict`` what the placeholders of ``own.csv`` stand for;
- ``neighbours(cast, known) -> dict`` the twins at Redditch, their placeholders beginning ``n_``;
- ``anothers(cast, known) -> dict`` what another agency owns, beginning ``x_``;
- ``TWINS``, ``OTHERS`` the placeholders that have such twins;
- ``SECRETS`` texts in them, each with the personas who may read it;
- ``UNSCOPED`` views without a scoped queryset, each with its reason;
- ``grow(people, size)`` records for the pages whose queries are counted at two sizes.

``pages.py`` may define ``PAGES``, ``LOOKED_AT_ELSEWHERE`` and ``NO_PAGE`` as
tests/browser/pages.py has them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def folders() -> list[Path]:
    """Return the folders of all areas by name."""
    return sorted(path.parent for path in HERE.glob("*/__init__.py"))


@cache
def modules(name: str) -> tuple[Any, ...]:
    """Return the module of that name of each area that has one."""
    return tuple(
        import_module(f"tests.areas.{folder.name}.{name}")
        for folder in folders()
        if (folder / f"{name}.py").exists()
    )


def said(module: str, name: str) -> Iterator[Any]:
    """Yield what each area's module defines under a name."""
    for area in modules(module):
        if hasattr(area, name):
            yield getattr(area, name)


def table(house: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of the house's table and of each area's table of that name."""
    rows = []
    for path in [house, *(folder / f"{name}.csv" for folder in folders())]:
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows += list(csv.DictReader(file))
    return rows


def budgets(house: Path) -> list[dict[str, Any]]:
    """Return the pages whose queries are counted: the house's and each area's."""
    paths = [house, *(folder / "budgets.json" for folder in folders())]
    return [
        entry
        for path in paths
        if path.exists()
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]
