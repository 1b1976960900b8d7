"""LSOAs that are alike: what an area may fairly be set beside.

Alike are those of the same rural–urban class that lie nearest by deprivation and number of
residents, both standardised over the class: the difference of one standard deviation in the one
counts as much as in the other.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean, pstdev

from places.models import Area, Classification, Deprivation
from places.selectors import residents_by_area

RURAL_URBAN = "Rural-urban"
"""How the schemes of rural–urban classification are called, followed by their year."""
INDEX = "IMD"
SIMILAR = 20
Facts = tuple[float, int]
"""Deprivation (score) and number of residents."""


@dataclass(frozen=True, slots=True)
class SimilarArea:
    """An LSOA like a set of others: its facts, and how far it lies from their middle.

    ``distance`` is in standard deviations; ``score`` that of the index of deprivation, higher for
    more deprived.
    """

    id: int
    code: str
    name: str
    score: float
    residents: int
    distance: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was looked for, and the areas found, nearest first.

    ``kind`` is the class in words. ``score`` and ``residents`` are the means of the set. Empty
    ``areas`` mean that it cannot be told: ``why`` says what is not held.
    """

    kind: str
    index_year: int | None
    score: float | None
    residents: float | None
    areas: tuple[SimilarArea, ...]
    why: str = ""


def similar_areas(
    own: Collection[int], among: Collection[int], *, count: int = SIMILAR
) -> Likeness:
    """Return the areas of ``among`` that are most like the set ``own``; both are ids of LSOAs.

    The class is the one in which most areas of the set lie. Only areas whose class, score and
    residents are held take part; of two that lie as near the lower code comes first.
    """
    everything = set(own) | set(among)
    classes, words = _classes(everything)
    mine = Counter(classes[area] for area in own if area in classes)
    if not mine:
        return Likeness("", None, None, None, (), "class")
    kind = min(mine, key=lambda code: (-mine[code], code))
    members = {area for area in everything if classes.get(area) == kind}
    year, scores = _scores(members)
    people, __ = residents_by_area(members)
    facts: dict[int, Facts] = {
        area: (scores[area], people[area]) for area in members if area in scores and area in people
    }
    held = [facts[area] for area in own if area in facts]
    others = set(among) - set(own)
    if not held or not others & facts.keys():
        return Likeness(words[kind], year, None, None, (), "facts")
    middle = (fmean(fact[0] for fact in held), fmean(fact[1] for fact in held))
    nearest = _nearest(facts, middle, others)[:count]
    rows = Area.objects.in_bulk([area for _distance, area in nearest])
    found = tuple(
        SimilarArea(
            area,
            rows[area].code,
            rows[area].name,
            scores[area],
            people[area],
            round(distance, 6),
        )
        for distance, area in nearest
    )
    return Likeness(words[kind], year, round(middle[0], 3), round(middle[1], 1), found)


def _nearest(
    facts: Mapping[int, Facts], middle: tuple[float, float], among: Collection[int]
) -> list[tuple[float, int]]:
    """Return (distance, id), nearest first; a fact that does not vary tells nothing apart."""
    spread = [pstdev(fact[axis] for fact in facts.values()) or math.inf for axis in (0, 1)]
    codes = dict(Area.objects.filter(pk__in=facts).values_list("pk", "code"))
    found = [
        (
            math.hypot(*((fact[axis] - middle[axis]) / spread[axis] for axis in (0, 1))),
            area,
        )
        for area, fact in facts.items()
        if area in among
    ]
    return sorted(found, key=lambda pair: (pair[0], codes[pair[1]]))


def _classes(areas: Collection[int]) -> tuple[dict[int, str], dict[str, str]]:
    """Return the class of each area, and the classes in words, by the newest scheme held."""
    rows = list(
        Classification.objects.filter(area__in=areas, scheme__startswith=RURAL_URBAN).values_list(
            "scheme", "area_id", "code", "name"
        )
    )
    newest = max((row[0] for row in rows), default="")
    rows = [row for row in rows if row[0] == newest]
    return {row[1]: row[2] for row in rows}, {row[2]: row[3] for row in rows}


def _scores(areas: Collection[int]) -> tuple[int | None, dict[int, float]]:
    """Return the scores of the newest index that gives any, and its year."""
    scored = [
        (year, area, score)
        for year, area, score in Deprivation.objects.filter(
            area__in=areas, domain=INDEX
        ).values_list("index_year", "area_id", "score")
        if score is not None
    ]
    newest: int | None = max((row[0] for row in scored), default=None)
    return newest, {area: score for year, area, score in scored if year == newest}
