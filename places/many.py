"""Reads about many areas at once, as places.selectors gives them one by one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from places.choices import DefinitionKind, LinkKind
from places.models import Area, AreaDefinition, AreaDefinitionMember, AreaLink

# From each polygon by the index of the pieces; the exact test only where a piece is of an LSOA.
_NEAR = """
    SELECT d.id, p.area_id
      FROM places_areadefinition d
     CROSS JOIN LATERAL (
           SELECT n.area_id, n.piece
             FROM (SELECT area_id, piece FROM places_areapart
                    WHERE piece && d.boundary OFFSET 0) n
             JOIN places_area a ON a.id = n.area_id AND a.kind = 'lsoa'
              AND a.vintage = (SELECT max(vintage) FROM places_area
                                WHERE kind = 'lsoa' AND boundary IS NOT NULL)
            {exact} OFFSET 0) p
     WHERE d.id = ANY(%(ids)s)
"""
_EXACT = "WHERE ST_Intersects(d.boundary, n.piece) AND NOT ST_Touches(d.boundary, n.piece)"


def lsoas_near_many(drawn: Sequence[AreaDefinition]) -> dict[uuid.UUID, set[int]]:
    """Return for each drawn boundary the ids of the LSOAs around it, those it touches among them.

    Cheaper than lsoas_of_many, for whom more than it touches is as good.
    """
    return _near(drawn, "")


def _near(drawn: Sequence[AreaDefinition], exact: str) -> dict[uuid.UUID, set[int]]:
    found: dict[uuid.UUID, set[int]] = {one.pk: set() for one in drawn}
    if drawn:
        with connection.cursor() as cursor:
            cursor.execute(_NEAR.format(exact=exact), {"ids": list(found)})
            for definition, area in cursor.fetchall():
                found[definition].add(area)
    return found


def lsoas_of_many(
    definitions: Sequence[AreaDefinition], *, first: bool = False
) -> dict[uuid.UUID, set[int]]:
    """Return for each definition the ids of its LSOAs (lsoas_of), in two queries.

    With ``first`` one LSOA that a drawn boundary touches will do.
    """
    found: dict[uuid.UUID, set[int]] = {one.pk: set() for one in definitions}
    sets = [one.pk for one in definitions if one.kind == DefinitionKind.LSOA_SET]
    drawn = [one for one in definitions if one.kind != DefinitionKind.LSOA_SET]
    if sets:
        for definition, area in AreaDefinitionMember.objects.filter(
            definition__in=sets
        ).values_list("definition", "area"):
            found[definition].add(area)
    return found | _near(drawn, f"{_EXACT} LIMIT {'1' if first else 'ALL'}")


def codes_of_many(sets: Sequence[AreaDefinition]) -> dict[uuid.UUID, set[str]]:
    """Return for each set of LSOAs the codes whose reports count (codes_for_counting).

    A few queries for all of them: one for each step of the lookups between vintages.
    """
    members = lsoas_of_many(sets)
    own = set().union(*members.values()) if members else set()
    reach: dict[int, set[int]] = {area: {area} for area in own}
    for near, far in (("source", "target"), ("target", "source")):
        # Which areas of the sets stand behind each area reached in this direction.
        origins: dict[int, set[int]] = {area: {area} for area in own}
        inside = set(own)
        while inside:
            links = AreaLink.objects.filter(
                kind=LinkKind.SUCCESSOR, **{f"{near}__in": inside}
            ).values_list(f"{near}_id", f"{far}_id")
            news: dict[int, set[int]] = defaultdict(set)
            for here, there in links:
                news[there] |= origins[here]
            inside = set()
            for there, behind in news.items():
                before = origins.setdefault(there, set())
                if not behind <= before:
                    before |= behind
                    inside.add(there)
                    for area in behind:
                        reach[area].add(there)
    every = set().union(*reach.values()) if reach else set()
    codes = dict(Area.objects.filter(pk__in=every).values_list("pk", "code"))
    return {
        pk: {codes[reached] for area in areas for reached in reach[area]}
        for pk, areas in members.items()
    }
