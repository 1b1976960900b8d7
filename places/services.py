"""Every write of area definitions: a set of LSOAs, or a drawn boundary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Refused
from core.history import because
from places import selectors
from places.choices import AreaKind, DefinitionKind
from places.models import Area, AreaDefinition, AreaDefinitionMember

# Great Britain and Northern Ireland with their islands, in degrees (west, south, east, north).
BOUNDS = (-9.0, 49.0, 2.5, 61.5)
MAX_VERTICES = 20_000


@transaction.atomic
def define_lsoa_set(
    *,
    areas: Iterable[Area],
    by: Any,
    note: str,
    definition: AreaDefinition | None = None,
    demonstration: bool = False,
) -> AreaDefinition:
    """Define an area as a set of LSOAs of one vintage; reports are counted by the code column.

    With ``definition`` that definition is changed (its version counts up). Boundary, residents
    and their source are derived; the boundary stays empty if an LSOA has none. Raises
    core.errors.Refused for an empty set, another kind of area, or mixed vintages.
    """
    members = {area.pk: area for area in areas}
    if not members:
        raise Refused(_("Choose at least one LSOA."))
    wrong = [str(area) for area in members.values() if area.kind != AreaKind.LSOA]
    if wrong:
        raise Refused(
            _("Only LSOAs can be in the set, not %(areas)s.") % {"areas": ", ".join(wrong[:5])}
        )
    if len({area.vintage for area in members.values()}) > 1:
        raise Refused(_("The LSOAs must all be of one vintage; the lookup finds the others."))
    boundary = _union(members)
    people = selectors.residents_of_lsoas(members.keys())
    with because(by=by):
        chosen = _save(
            definition,
            people,
            kind=DefinitionKind.LSOA_SET,
            boundary=boundary,
            note=note,
            demonstration=demonstration,
        )
        chosen.members.exclude(area__in=members).delete()
        present = set(chosen.members.values_list("area_id", flat=True))
        AreaDefinitionMember.objects.bulk_create(
            AreaDefinitionMember(definition=chosen, area_id=pk)
            for pk in sorted(members)
            if pk not in present
        )
    return chosen


@transaction.atomic
def define_drawn(
    *,
    boundary: GEOSGeometry | str,
    by: Any,
    note: str,
    definition: AreaDefinition | None = None,
    demonstration: bool = False,
) -> AreaDefinition:
    """Define an area by a drawn boundary (geometry, GeoJSON or WKT); reports count by point.

    Residents are the share of each LSOA's surface inside. Raises core.errors.Refused for a shape
    that is no area, crosses itself, lies outside Great Britain and Northern Ireland, or has more
    than 20,000 corners.
    """
    shape = _drawn(boundary)
    with because(by=by):
        nobody = selectors.Residents(None, "")
        chosen = _save(
            definition,
            nobody,
            kind=DefinitionKind.DRAWN,
            boundary=shape,
            note=note,
            demonstration=demonstration,
        )
        chosen.members.all().delete()
        people = selectors.residents_inside(chosen)
        AreaDefinition.objects.filter(pk=chosen.pk).update(
            residents=people.count, residents_source=people.source
        )
    chosen.residents, chosen.residents_source = people.count, people.source
    return chosen


def refresh_definitions(area_ids: Iterable[int]) -> int:
    """Derive boundary and residents anew where these LSOAs or their surroundings count.

    Called after an import changed areas or figures; people's own fields and the version stay.
    Returns how many definitions came out otherwise.
    """
    changed = 0
    concerned = Q(kind=DefinitionKind.DRAWN) | Q(
        pk__in=AreaDefinitionMember.objects.filter(area__in=list(area_ids)).values("definition")
    )
    for definition in AreaDefinition.objects.filter(concerned):
        people = selectors.residents(definition)
        boundary = definition.boundary
        if definition.kind == DefinitionKind.LSOA_SET:
            boundary = _union(definition.members.values_list("area_id", flat=True))
        before = (definition.residents, definition.residents_source, definition.boundary)
        if before != (people.count, people.source, boundary):
            AreaDefinition.objects.filter(pk=definition.pk).update(
                residents=people.count, residents_source=people.source, boundary=boundary
            )
            changed += 1
    return changed


def _union(area_ids: Iterable[int]) -> MultiPolygon | None:
    """Return the union of LSOA boundaries; None if one of them has none."""
    held = Area.objects.filter(pk__in=list(area_ids))
    if held.filter(boundary__isnull=True).exists():
        return None
    return _multi(held.aggregate(union=Union("boundary"))["union"])


def _save(
    definition: AreaDefinition | None,
    people: selectors.Residents,
    *,
    kind: str,
    boundary: MultiPolygon | None,
    note: str,
    demonstration: bool,
) -> AreaDefinition:
    chosen = definition or AreaDefinition(is_demonstration=demonstration)
    chosen.kind, chosen.boundary, chosen.note = kind, boundary, note
    chosen.residents, chosen.residents_source = people.count, people.source
    if definition is None:
        chosen.save()
    else:
        chosen.save_version(definition.version)
    return chosen


def _multi(shape: Any) -> MultiPolygon | None:
    if shape is None:
        return None
    if isinstance(shape, Polygon):
        return MultiPolygon(shape, srid=shape.srid)
    return MultiPolygon([part for part in shape if isinstance(part, Polygon)], srid=shape.srid)


def _drawn(boundary: GEOSGeometry | str) -> MultiPolygon:
    """Return a drawn shape as a valid multi-polygon in degrees, or raise Refused."""
    from django.contrib.gis.gdal import GDALException
    from django.contrib.gis.geos import GEOSException

    try:
        shape = GEOSGeometry(boundary) if isinstance(boundary, str) else boundary.clone()
    except (ValueError, GEOSException, GDALException) as error:
        raise Refused(_("The boundary is not a shape that can be read.")) from error
    if shape.srid is None:
        shape.srid = 4326
    if shape.srid != 4326:
        shape.transform(4326)
    if not isinstance(shape, Polygon | MultiPolygon) or shape.empty:
        raise Refused(_("Draw a closed shape with at least three corners."))
    if shape.num_coords > MAX_VERTICES:
        raise Refused(_("The shape has too many corners; simplify it."))
    if not shape.valid:
        raise Refused(
            _("The shape crosses itself (%(reason)s). Draw it again.")
            % {"reason": shape.valid_reason}
        )
    west, south, east, north = shape.extent
    if not (BOUNDS[0] <= west and BOUNDS[1] <= south and east <= BOUNDS[2] and north <= BOUNDS[3]):
        raise Refused(_("The shape lies outside Great Britain and Northern Ireland."))
    result = _multi(shape)
    assert result is not None
    return result
