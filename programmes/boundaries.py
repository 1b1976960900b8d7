"""Reads a drawn boundary from GeoJSON, with an error a person can act on."""

from __future__ import annotations

import json
import math
from typing import Any

from django.contrib.gis.geos import GEOSException, MultiPolygon, Polygon
from django.utils.translation import gettext as _

from core.errors import Refused

MAX_CHARACTERS = 1_000_000


def read_boundary(text: str) -> MultiPolygon:
    """Return the polygons of a GeoJSON text as one boundary in longitude and latitude (EPSG:4326).

    Takes a Polygon, a MultiPolygon, a Feature or a FeatureCollection of them. Raises
    core.errors.Refused for anything else: no JSON, another geometry, coordinates that are no
    degrees. Whether the shape can be an area at all is for places.services to say.
    """
    if len(text) > MAX_CHARACTERS:
        raise Refused(_("The boundary has more than 1,000,000 characters. Simplify it first."))
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Refused(
            _("This is not GeoJSON. Paste the text of a GeoJSON file, or draw on the map.")
        ) from error
    polygons = [_polygon(rings) for rings in _rings_of(data)]
    if not polygons:
        raise Refused(_("There is no polygon in this GeoJSON. A boundary is a Polygon."))
    return MultiPolygon(polygons, srid=4326)


def _rings_of(data: Any) -> list[Any]:
    """Return the coordinates of every polygon."""
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection" and isinstance(data.get("features"), list):
        return [rings for item in data["features"] for rings in _rings_of(item)]
    if kind == "Feature":
        return _rings_of(data.get("geometry"))
    if kind == "Polygon":
        return [data.get("coordinates")]
    if kind == "MultiPolygon" and isinstance(data.get("coordinates"), list):
        return list(data["coordinates"])
    raise Refused(
        _("A boundary is a Polygon or a MultiPolygon; found %(kind)s.") % {"kind": kind or "?"}
    )


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise Refused(_("A polygon of the boundary has no corners."))
    try:
        return Polygon(*[_ring(ring) for ring in rings])
    except (GEOSException, ValueError, TypeError) as error:
        raise Refused(_("A polygon of the boundary needs at least three corners.")) from error


def _ring(ring: Any) -> list[tuple[float, float]]:
    """Return a ring's corners, closed."""
    if not isinstance(ring, list) or len(ring) < 3:
        raise Refused(_("A polygon of the boundary needs at least three corners."))
    corners = [_corner(corner) for corner in ring]
    return corners if corners[0] == corners[-1] else [*corners, corners[0]]


def _corner(corner: Any) -> tuple[float, float]:
    try:
        longitude, latitude = float(corner[0]), float(corner[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise Refused(
            _("A corner is no pair of numbers: %(found)s.") % {"found": corner}
        ) from error
    good = math.isfinite(longitude) and math.isfinite(latitude)
    if not good or not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Refused(
            _(
                "Longitude %(longitude)s, latitude %(latitude)s is no place on Earth. GeoJSON "
                "gives longitude first, in degrees."
            )
            % {"longitude": corner[0], "latitude": corner[1]}
        )
    return longitude, latitude
