"""Reads about areas: which codes count, who lives there, what lies in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from core.errors import Refused
from core.together import kept
from places.choices import AreaKind, DefinitionKind, LinkKind
from places.models import Area, AreaDefinition, AreaLink, Population

CENSUS = "Census 2021"


@dataclass(frozen=True, slots=True, order=True)
class AreaRef:
    """An area by its kind, code, vintage and name."""

    kind: str
    code: str
    vintage: int
    name: str
    id: int


@dataclass(frozen=True, slots=True)
class PartialOverlap:
    """An area of another vintage of which only a part lies in the set.

    Its reports cannot be divided and are counted whole, so the months that use its code count a
    larger area: the codes of the set's vintage in ``inside`` belong to the set, those in
    ``outside`` do not.
    """

    code: str
    name: str
    vintage: int
    inside: tuple[str, ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountingCodes:
    """The LSOA codes whose reports count for a set, in every vintage that data may carry.

    ``codes`` are all of them, sorted; ``by_vintage`` the same by the year of the boundaries; the
    lookup gives an unchanged LSOA the same code, and a changed one a new code, so no code means
    two places. ``partial`` names the older or newer LSOAs that lie only partly in the set.
    """

    codes: tuple[str, ...]
    by_vintage: dict[int, tuple[str, ...]]
    partial: tuple[PartialOverlap, ...]


@dataclass(frozen=True, slots=True)
class Residents:
    """Usual residents; ``count`` is None where no figure is held for every part."""

    count: int | None
    source: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One LSOA of a definition, for tables."""

    code: str
    name: str
    vintage: int
    residents: int | None
    ward: str
    district: str


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The larger areas in which a definition lies; several where it straddles a boundary."""

    wards: tuple[AreaRef, ...] = ()
    districts: tuple[AreaRef, ...] = ()
    csps: tuple[AreaRef, ...] = ()
    forces: tuple[AreaRef, ...] = ()


def _ref(area: Area) -> AreaRef:
    return AreaRef(area.kind, area.code, area.vintage, area.name, area.pk)


_LIGHT = ("id", "kind", "code", "vintage", "name")


def lsoas_of(definition: AreaDefinition) -> list[AreaRef]:
    """Return the LSOAs of a set; for a drawn boundary those it touches, of the newest vintage.

    Within ``core.together`` each area's are read once.
    """
    known, key = kept(), (lsoas_of, definition.pk)
    if key not in known:
        known[key] = _lsoas_of(definition)
    return list(known[key])


def _lsoas_of(definition: AreaDefinition) -> list[AreaRef]:
    if definition.kind == DefinitionKind.LSOA_SET:
        rows = Area.objects.filter(pk__in=definition.members.values("area")).only(*_LIGHT)
        return sorted(_ref(area) for area in rows)
    if definition.boundary is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.kind, a.code, a.vintage, a.name, a.id
              FROM places_area a
             WHERE a.kind = 'lsoa' AND a.id IN (
                   SELECT p.area_id FROM places_areapart p,
                          (SELECT boundary FROM places_areadefinition WHERE id = %(id)s) d
                    WHERE ST_Intersects(p.piece, d.boundary)
                      AND NOT ST_Touches(p.piece, d.boundary))
               AND a.vintage = (SELECT max(vintage) FROM places_area
                                 WHERE kind = 'lsoa' AND boundary IS NOT NULL)
            """,
            {"id": definition.pk},
        )
        return sorted(AreaRef(*row) for row in cursor.fetchall())


def codes_for_counting(definition: AreaDefinition) -> CountingCodes:
    """Return the codes that count for a set of LSOAs, bridged to the other vintages.

    Raises core.errors.Refused for a drawn boundary, whose reports are counted by point.
    """
    if definition.kind != DefinitionKind.LSOA_SET:
        raise Refused("A drawn boundary has no codes; its reports are counted by point.")
    return codes_touched(definition)


def codes_touched(definition: AreaDefinition) -> CountingCodes:
    """Return the same for any area; of a drawn one the codes of the LSOAs that it touches."""
    return _bridge({ref.id: ref for ref in lsoas_of(definition)})


def bridge(area_ids: Iterable[int]) -> CountingCodes:
    """Bridge LSOAs of one vintage to every other vintage that the lookups link them to.

    An LSOA that was split or merged is followed through all its parts. Nothing zigzags: from the
    set one goes only back, or only forward, in time.
    """
    rows = Area.objects.filter(pk__in=set(area_ids)).only(*_LIGHT)
    return _bridge({area.pk: _ref(area) for area in rows})


def _bridge(own: dict[int, AreaRef]) -> CountingCodes:
    areas = dict(own)
    partial: list[PartialOverlap] = []
    for near, far in (("source", "target"), ("target", "source")):
        inside = set(own)
        while inside:
            links = AreaLink.objects.filter(
                kind=LinkKind.SUCCESSOR, **{f"{near}__in": inside}
            ).values_list(f"{far}_id", flat=True)
            reached = set(links) - areas.keys()
            if not reached:
                break
            areas |= {a.pk: _ref(a) for a in Area.objects.filter(pk__in=reached).only(*_LIGHT)}
            partial += _partial(reached, inside, far, near, areas)
            inside = reached
    by_vintage: dict[int, set[str]] = defaultdict(set)
    for area in areas.values():
        by_vintage[area.vintage].add(area.code)
    return CountingCodes(
        codes=tuple(sorted({area.code for area in areas.values()})),
        by_vintage={year: tuple(sorted(codes)) for year, codes in sorted(by_vintage.items())},
        partial=tuple(sorted(partial, key=lambda one: one.code)),
    )


def _partial(
    reached: set[int], inside: set[int], far: str, near: str, areas: dict[int, AreaRef]
) -> list[PartialOverlap]:
    """Return those of the areas reached that also belong to areas outside the set."""
    others: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = AreaLink.objects.filter(kind=LinkKind.SUCCESSOR, **{f"{far}__in": reached}).values_list(
        f"{far}_id", f"{near}_id", f"{near}__code"
    )
    for area_id, other_id, code in rows:
        others[area_id].append((other_id, code))
    found = []
    for area_id, pairs in others.items():
        outside = tuple(sorted(code for other, code in pairs if other not in inside))
        if outside:
            area = areas[area_id]
            found.append(
                PartialOverlap(
                    area.code,
                    area.name,
                    area.vintage,
                    tuple(sorted(code for other, code in pairs if other in inside)),
                    outside,
                )
            )
    return found


def _larger(area_ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each LSOA the ids of all areas above it; an older LSOA through its successors."""
    above: dict[int, set[int]] = {area_id: set() for area_id in area_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE up (origin, area) AS (
                 SELECT l.source_id, l.target_id
                   FROM places_arealink l WHERE l.source_id = ANY(%(own)s)
                  UNION
                 SELECT up.origin, l.target_id
                   FROM up JOIN places_arealink l ON l.source_id = up.area)
            SELECT origin, area FROM up
            """,
            {"own": list(area_ids)},
        )
        for origin, area in cursor.fetchall():
            above[origin].add(area)
    return above


def hierarchy_by_lsoa(area_ids: Collection[int]) -> dict[int, Hierarchy]:
    """Return the larger areas of each LSOA."""
    above = _larger(area_ids)
    wanted = set().union(*above.values()) if above else set()
    refs = {
        area.pk: _ref(area)
        for area in Area.objects.filter(pk__in=wanted).exclude(kind=AreaKind.LSOA).only(*_LIGHT)
    }
    return {
        area_id: _as_hierarchy(refs[larger] for larger in ids if larger in refs)
        for area_id, ids in above.items()
    }


def _as_hierarchy(refs: Iterable[AreaRef]) -> Hierarchy:
    by_kind: dict[str, set[AreaRef]] = defaultdict(set)
    for ref in refs:
        by_kind[ref.kind].add(ref)
    return Hierarchy(
        wards=tuple(sorted(by_kind[AreaKind.WARD])),
        districts=tuple(sorted(by_kind[AreaKind.DISTRICT])),
        csps=tuple(sorted(by_kind[AreaKind.CSP])),
        forces=tuple(sorted(by_kind[AreaKind.FORCE])),
    )


def hierarchy(definition: AreaDefinition) -> Hierarchy:
    """Return the wards, districts, partnerships and forces in which a definition lies."""
    each = hierarchy_by_lsoa([ref.id for ref in lsoas_of(definition)]).values()
    return _as_hierarchy(
        ref for one in each for ref in (*one.wards, *one.districts, *one.csps, *one.forces)
    )


def lsoas_under(area_id: int) -> set[int]:
    """Return the ids of the LSOAs that lie within a larger area, by the lookups."""
    found: set[int] = set()
    frontier = {area_id}
    while frontier:
        rows = AreaLink.objects.filter(kind=LinkKind.WITHIN, target__in=frontier).values_list(
            "source_id", "source__kind"
        )
        frontier = set()
        for source, kind in rows:
            (found if kind == AreaKind.LSOA else frontier).add(source)
    return found


def areas_with_names(definition: AreaDefinition) -> list[AreaRow]:
    """Return the LSOAs of a definition with ward, district and residents, by code."""
    refs = lsoas_of(definition)
    ids = [ref.id for ref in refs]
    larger = hierarchy_by_lsoa(ids)
    people, __ = residents_by_area(ids)
    return [
        AreaRow(
            ref.code,
            ref.name,
            ref.vintage,
            people.get(ref.id),
            ", ".join(ward.name for ward in larger[ref.id].wards),
            ", ".join(district.name for district in larger[ref.id].districts),
        )
        for ref in sorted(refs, key=lambda ref: ref.code)
    ]


def residents_by_area(area_ids: Collection[int]) -> tuple[dict[int, int], str]:
    """Return total residents by area, and the source: the one that covers most of the areas.

    Among sources that cover as many, Census 2021 comes first, then the latest reference date.
    """
    by_source: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    rows = Population.objects.filter(area__in=area_ids, group="all").values_list(
        "source", "reference_date", "area_id", "residents"
    )
    for source, date, area_id, residents in rows:
        by_source[(source, date.isoformat())][area_id] = residents
    if not by_source:
        return {}, ""
    best = max(
        by_source, key=lambda key: (len(by_source[key]), key[0].startswith(CENSUS), key[1], key[0])
    )
    return by_source[best], best[0]


def residents_of_lsoas(area_ids: Collection[int]) -> Residents:
    """Return the residents of a set of LSOAs; through the lookup where only others have figures.

    The detour through another vintage is taken only if that covers exactly the same ground.
    """
    ids = set(area_ids)
    people, source = residents_by_area(ids)
    if ids and len(people) == len(ids):
        return Residents(sum(people.values()), source)
    bridged = bridge(ids)
    own = set(Area.objects.filter(pk__in=ids).values_list("vintage", flat=True))
    for vintage, codes in sorted(bridged.by_vintage.items(), reverse=True):
        if vintage in own or any(one.vintage == vintage for one in bridged.partial):
            continue
        others = set(
            Area.objects.filter(kind=AreaKind.LSOA, vintage=vintage, code__in=codes).values_list(
                "id", flat=True
            )
        )
        people, source = residents_by_area(others)
        if others and len(people) == len(others):
            return Residents(sum(people.values()), f"{source}, carried over from {vintage} LSOAs")
    return Residents(None, "")


def residents_inside(definition: AreaDefinition) -> Residents:
    """Return the residents of a drawn boundary, by the share of each LSOA's surface inside it.

    Assumes that people live evenly over an LSOA, which is rough for small shapes: the source says
    so. None if the LSOAs held do not cover at least 95% of the drawn area.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, ST_Area(ST_Intersection(a.boundary, d.boundary)) / ST_Area(a.boundary),
                   ST_Area(ST_Intersection(a.boundary, d.boundary)) / ST_Area(d.boundary)
              FROM places_area a, places_areadefinition d
             WHERE d.id = %(id)s AND a.id = ANY(%(lsoas)s) AND a.boundary IS NOT NULL
            """,
            {"id": definition.pk, "lsoas": [ref.id for ref in lsoas_of(definition)]},
        )
        shares = cursor.fetchall()
    people, source = residents_by_area([area_id for area_id, __, __ in shares])
    covered = sum(of_drawn for area_id, __, of_drawn in shares if area_id in people)
    if covered < 0.95:
        return Residents(None, "")
    count = sum(people[area_id] * of_lsoa for area_id, of_lsoa, __ in shares if area_id in people)
    return Residents(round(count), f"{source}, by share of each LSOA’s surface")


def residents(definition: AreaDefinition) -> Residents:
    """Return the residents of a definition, computed anew."""
    if definition.kind == DefinitionKind.LSOA_SET:
        return residents_of_lsoas([ref.id for ref in lsoas_of(definition)])
    return residents_inside(definition)
