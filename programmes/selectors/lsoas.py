"""Finding LSOAs to choose from: by code, by name, or by the ward or district that holds them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q

from places.choices import AreaKind
from places.models import Area
from places.selectors import hierarchy_by_lsoa, lsoas_under

MAX_FOUND = 300
MAX_HOLDERS = 20
CODE = re.compile(r"[A-Za-z]\d{8}")


@dataclass(frozen=True, slots=True)
class LsoaChoice:
    """One LSOA to tick."""

    code: str
    name: str
    picked: bool


@dataclass(frozen=True, slots=True)
class LsoaGroup:
    """The LSOAs of one ward (or those of no known ward)."""

    ward: str
    choices: tuple[LsoaChoice, ...]


@dataclass(frozen=True, slots=True)
class LsoaSearch:
    """What a search found, grouped by ward; ``more`` if it was cut off."""

    groups: tuple[LsoaGroup, ...]
    found: int
    more: bool


def newest_vintage() -> int | None:
    """Return the newest vintage of LSOAs that is held."""
    found: int | None = Area.objects.filter(kind=AreaKind.LSOA).aggregate(year=Max("vintage"))[
        "year"
    ]
    return found


def codes_in(text: str) -> list[str]:
    """Return the LSOA codes in a text, each once, in their order, in capitals."""
    return list(dict.fromkeys(code.upper() for code in CODE.findall(text)))


def lsoas_by_code(codes: Iterable[str]) -> tuple[list[Area], list[str]]:
    """Return (the LSOAs of these codes in the newest vintage held, the codes not found in it)."""
    wanted = list(dict.fromkeys(codes))
    rows = Area.objects.filter(
        kind=AreaKind.LSOA, vintage=newest_vintage() or 0, code__in=wanted
    ).order_by("code")
    found = list(rows)
    known = {row.code for row in found}
    return found, [code for code in wanted if code not in known]


def search_lsoas(*, query: str, picked: Sequence[str]) -> LsoaSearch:
    """Return LSOAs that match ``query`` and those picked already, grouped by ward.

    A query matches the LSOA's code or name, or the name of a larger area that holds it (ward,
    district, town). More than 300 are cut off.
    """
    condition = Q(code__in=list(picked))
    text = query.strip()
    if text:
        condition |= Q(name__icontains=text) | Q(code__iexact=text) | Q(pk__in=_held_by(text))
    rows = list(
        Area.objects.filter(condition, kind=AreaKind.LSOA, vintage=newest_vintage() or 0)
        .only("code", "name")
        .order_by("name", "code")[: MAX_FOUND + 1]
    )
    shown = rows[:MAX_FOUND]
    larger = hierarchy_by_lsoa([row.pk for row in shown])
    chosen = set(picked)
    groups: dict[str, list[LsoaChoice]] = defaultdict(list)
    for row in shown:
        ward = ", ".join(one.name for one in larger[row.pk].wards)
        groups[ward].append(LsoaChoice(row.code, row.name, row.code in chosen))
    return LsoaSearch(
        groups=tuple(LsoaGroup(ward, tuple(groups[ward])) for ward in sorted(groups)),
        found=len(shown),
        more=len(rows) > MAX_FOUND,
    )


def _held_by(text: str) -> set[int]:
    """Return the LSOAs within the larger areas whose name has these words."""
    holders = Area.objects.filter(name__icontains=text).exclude(kind=AreaKind.LSOA)
    found: set[int] = set()
    for pk in holders.order_by("name").values_list("pk", flat=True)[:MAX_HOLDERS]:
        found |= lsoas_under(pk)
    return found
