"""Import of lookups: one vintage to the next, and smaller areas to the larger that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import transaction

from core.errors import Refused
from core.models import DataImport
from places.choices import AreaKind, ChangeCode, LinkKind
from places.ingest.files import About, Errors, finish_import, new_import, read_table
from places.models import Area, AreaLink
from places.services import refresh_definitions


@dataclass(frozen=True, slots=True)
class Level:
    """One column of a lookup: which areas (kind and vintage) its codes name."""

    kind: str
    vintage: int
    code: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Level:
        """Read KIND:VINTAGE:CODE_COLUMN[:NAME_COLUMN], as the command line gives it."""
        kind, vintage, code, name, *rest = [*text.split(":"), "", "", ""][:5]
        if kind not in AreaKind.values or not vintage.isdigit() or not code or any(rest):
            raise Refused(
                f"“{text}” should be KIND:VINTAGE:CODE_COLUMN[:NAME_COLUMN], for example "
                "lsoa:2021:lsoa21_code:lsoa21_name."
            )
        return cls(kind, int(vintage), code, name)

    @property
    def key(self) -> tuple[str, int]:
        """Kind and vintage."""
        return (self.kind, self.vintage)


@transaction.atomic
def import_area_lookup(
    path: Path, *, levels: Sequence[Level], change: str | None = None, about: About, by: Any = None
) -> dict[str, Any]:
    """Take in a lookup as its difference; each level is linked to the next one.

    Two levels of one kind are vintages ("became", with the change code of column ``change``);
    different kinds are nested ("lies within"). Areas that the lookup names and that are not held
    yet are created, by name and code, without boundary; import_areas adds it later. For the areas
    a file names on the left it speaks completely: links to the same kind and vintage that are not
    in it are removed. An area may lie in several larger ones of a kind (in 2024 some districts
    had several community safety partnerships); ``in_several`` names them.

    Raises core.errors.BadInput for a missing column, an unknown change code or a blank code.
    """
    if len(levels) < 2:
        raise Refused("A lookup links at least two levels.")
    wanted = [column for level in levels for column in (level.code, level.name) if column]
    __, rows = read_table(path, [*wanted, *([change] if change else [])])
    errors = Errors(path.name)
    names: dict[tuple[str, int], dict[str, str]] = {level.key: {} for level in levels}
    pairs: list[dict[tuple[str, str], str]] = [{} for __ in levels[1:]]
    read = 0
    for row in rows:
        read += 1
        for level in levels:
            code = row.fields[level.code]
            if not code or len(code) > 20:
                errors.add(row.number, level.code, code, "a code of 1 to 20 characters")
            names[level.key].setdefault(code, (row.fields.get(level.name) or code)[:150])
        code_of_change = row.fields[change] if change else ""
        if change and code_of_change not in ChangeCode.values:
            errors.add(
                row.number, change, code_of_change, f"a change code: {', '.join(ChangeCode.values)}"
            )
        for number, (near, far) in enumerate(pairwise(levels)):
            pair = (row.fields[near.code], row.fields[far.code])
            pairs[number].setdefault(pair, code_of_change if near.kind == far.kind else "")
    errors.refuse()
    return _write(path, levels, names, pairs, about=about, by=by, read=read)


def _in_several(near: Level, far: Level, pairs: dict[tuple[str, str], str]) -> list[str]:
    """Return the areas that lie in several larger ones, as some districts do in partnerships."""
    if near.kind == far.kind:
        return []
    counts = Counter(source for source, __ in pairs)
    return sorted(code for code, count in counts.items() if count > 1)


def _write(
    path: Path,
    levels: Sequence[Level],
    names: dict[tuple[str, int], dict[str, str]],
    pairs: list[dict[tuple[str, str], str]],
    *,
    about: About,
    by: Any,
    read: int,
) -> dict[str, Any]:
    account: dict[str, Any] = {
        "file": path.name,
        "read": read,
        "areas_created": 0,
        "areas_named": 0,
        "links_added": 0,
        "links_changed": 0,
        "links_removed": 0,
        "links": 0,
    }
    several = [
        code
        for (near, far), wanted in zip(pairwise(levels), pairs, strict=True)
        for code in _in_several(near, far, wanted)
    ]
    with transaction.atomic():
        row = new_import("lookup", path, about, by=by)
        ids = {key: _areas(key, wanted, row, account) for key, wanted in names.items()}
        touched: set[int] = set()
        for (near, far), wanted in zip(pairwise(levels), pairs, strict=True):
            touched |= _links((near, far), wanted, ids, row, account)
        news = any(account[name] for name in account if name not in {"file", "read", "links"})
        account["in_several"] = several
        if news:
            finish_import(row, account)
            refresh_definitions(touched)
        else:
            row.delete()
    return account


def _areas(
    key: tuple[str, int], wanted: dict[str, str], row: DataImport, account: dict[str, Any]
) -> dict[str, int]:
    """Return the ids of areas by code, creating those that are not held, without boundary."""
    kind, vintage = key
    held = {
        area.code: area
        for area in Area.objects.filter(kind=kind, vintage=vintage, code__in=wanted).defer(
            "boundary"
        )
    }
    unnamed = []
    for code, area in held.items():
        if area.name == code and wanted[code] != code:
            area.name = wanted[code]
            unnamed.append(area)
    Area.objects.bulk_update(unnamed, ["name"], batch_size=1000)
    new = Area.objects.bulk_create(
        [
            Area(kind=kind, vintage=vintage, code=code, name=name, data_import=row)
            for code, name in wanted.items()
            if code not in held
        ],
        batch_size=2000,
    )
    account["areas_created"] += len(new)
    account["areas_named"] += len(unnamed)
    return {code: area.pk for code, area in held.items()} | {area.code: area.pk for area in new}


def _links(
    levels: tuple[Level, Level],
    wanted: dict[tuple[str, str], str],
    ids: dict[tuple[str, int], dict[str, int]],
    row: DataImport,
    account: dict[str, Any],
) -> set[int]:
    """Write the links of two levels as their difference; return the sources that changed."""
    near, far = levels
    kind = LinkKind.SUCCESSOR if near.kind == far.kind else LinkKind.WITHIN
    target = {
        (ids[near.key][source], ids[far.key][other]): change
        for (source, other), change in wanted.items()
    }
    held = {
        (link.source_id, link.target_id): link
        for link in AreaLink.objects.filter(
            kind=kind,
            source__in={source for source, __ in target},
            target__kind=far.kind,
            target__vintage=far.vintage,
        )
    }
    gone = [link for pair, link in held.items() if pair not in target]
    AreaLink.objects.filter(pk__in=[link.pk for link in gone]).delete()
    changed = []
    for pair, link in held.items():
        if pair in target and link.change != target[pair]:
            link.change, link.data_import = target[pair], row
            changed.append(link)
    AreaLink.objects.bulk_update(changed, ["change", "data_import"], batch_size=1000)
    new = AreaLink.objects.bulk_create(
        [
            AreaLink(
                kind=kind, source_id=pair[0], target_id=pair[1], change=change, data_import=row
            )
            for pair, change in target.items()
            if pair not in held
        ],
        batch_size=2000,
    )
    account["links"] += len(target)
    account["links_added"] += len(new)
    account["links_changed"] += len(changed)
    account["links_removed"] += len(gone)
    return {link.source_id for link in [*gone, *changed, *new]}
