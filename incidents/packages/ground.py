"""The boundary of a package's area, as text that is the same everywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from incidents.packages.figures import (
    Figures,
)
from places.choices import DefinitionKind
from places.models import Area, AreaDefinition

DECIMALS = 6  # of a degree: about 0.1 m


def boundary_text(definition: AreaDefinition, lsoas: Sequence[Any]) -> str:
    """Return the boundary as GeoJSON, written in one way whatever order the parts came in.

    For a set of LSOAs it is their union, made here in the order of their codes: the stored union
    may have been made in any order.
    """
    import shapely

    shape = None
    if definition.kind == DefinitionKind.LSOA_SET:
        found = dict(
            Area.objects.filter(
                pk__in=[ref.id for ref in lsoas], boundary__isnull=False
            ).values_list("code", "boundary")
        )
        if found:
            shape = shapely.union_all(
                [
                    shapely.from_wkb(bytes(geometry.wkb))
                    for __, geometry in sorted(found.items())
                    if geometry is not None
                ]
            )
    elif definition.boundary is not None:
        shape = shapely.from_wkb(bytes(definition.boundary.wkb))
    if shape is None:
        return ""
    shape = shapely.normalize(shapely.set_precision(shape, 10**-DECIMALS))
    # RFC 7946 wants outer rings anticlockwise.
    plain = json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
    return json.dumps(_round(plain), separators=(",", ":"))


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, list):
        return [_round(item) for item in value]
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    return value


def boundary_of(figures: Figures) -> GEOSGeometry | None:
    """Return the boundary of gathered figures as a geometry."""
    return GEOSGeometry(figures.boundary, srid=4326) if figures.boundary else None
