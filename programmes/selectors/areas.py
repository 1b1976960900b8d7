"""What an area covers and how its reports are counted, for pages and maps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.models import DataImport
from places.choices import AreaKind, DefinitionKind
from places.models import AreaDefinition
from places.selectors import AreaRow, areas_with_names


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area in words and figures.

    ``counting`` states how reports are counted in it, wherever a figure appears. ``sources`` are
    the attributions of the data it rests on. ``members`` are the LSOAs of a set, or those that a
    drawn boundary touches; their residents are None where no figure is held. ``is_withheld`` says
    that the boundary is not the reader's to see: nothing of where it lies is here.
    """

    kind: str
    kind_label: str
    counting: str
    residents: int | None
    residents_source: str
    note: str
    members: tuple[AreaRow, ...]
    sources: tuple[str, ...]
    is_withheld: bool = False


def counting_words(kind: str) -> str:
    """State how reports are counted in an area of that kind."""
    if kind == DefinitionKind.LSOA_SET:
        return _(
            "Reports are counted by the LSOA code in the data. Codes of other census years are "
            "bridged by the official lookup."
        )
    return _(
        "Reports are counted by their point on the map. Published street data give only the "
        "nearest of a set of anonymous spots, so they are refused for a boundary with fewer than "
        "1,000 residents, and across a redraw of those spots."
    )


def area_facts(definition: AreaDefinition | None) -> AreaFacts | None:
    """Return what an area covers, or None while none is chosen."""
    if definition is None:
        return None
    is_withheld: bool = getattr(definition, "is_withheld", False)
    members = [] if is_withheld else areas_with_names(definition)
    return AreaFacts(
        kind=definition.kind,
        kind_label=str(definition.get_kind_display()),
        counting=counting_words(definition.kind),
        residents=definition.residents,
        residents_source=definition.residents_source,
        note=definition.note,
        members=tuple(members),
        sources=_sources(members),
        is_withheld=is_withheld,
    )


def _sources(members: list[AreaRow]) -> tuple[str, ...]:
    """Return the attributions of the boundaries and of the residents' figures, each once."""
    codes = [row.code for row in members]
    held = DataImport.objects.filter(
        Q(areas__kind=AreaKind.LSOA, areas__code__in=codes)
        | Q(population__area__kind=AreaKind.LSOA, population__area__code__in=codes)
    ).exclude(attribution="")
    return tuple(sorted(set(held.values_list("attribution", flat=True))))


def feature(definition: AreaDefinition | None, name: str) -> dict[str, Any] | None:
    """Return an area's boundary as a GeoJSON feature with its name, or None without a boundary.

    Longitude and latitude in degrees (EPSG:4326), five decimals: about one metre.
    """
    if definition is None or definition.boundary is None:
        return None
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": _rounded(json.loads(definition.boundary.geojson)),
    }


def bounds_of(definition: AreaDefinition | None) -> tuple[float, float, float, float] | None:
    """Return (west, south, east, north) in degrees around an area, with half its size as margin."""
    if definition is None or definition.boundary is None:
        return None
    west, south, east, north = definition.boundary.extent
    wide, high = max(east - west, 0.004) / 2, max(north - south, 0.002) / 2
    return west - wide, south - high, east + wide, north + high


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def map_layers(
    *, boundary: dict[str, Any] | None, places: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the layers of a location's map: its boundary and its target places."""
    layers: list[dict[str, Any]] = []
    if boundary is not None:
        layers.append(
            {
                "slug": "boundary",
                "label": _("Boundary of the area"),
                "symbol": "boundary",
                "geojson": {"type": "FeatureCollection", "features": [boundary]},
            }
        )
    if places:
        layers.append(
            {
                "slug": "places",
                "label": _("Target places"),
                "symbol": "place",
                "geojson": {"type": "FeatureCollection", "features": places},
            }
        )
    return layers
