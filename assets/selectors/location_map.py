"""The one map of a location: every registered layer, filtered, and the table that says it too."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.permissions import Permission
from core.screen import day
from programmes.models import Location
from programmes.registry import MapFeature, map_layers

DECIMALS = 5  # of a degree: about a metre


@dataclass(frozen=True, slots=True)
class ShownLayer:
    """A layer with the features that are shown."""

    key: str
    label: str
    symbol: str
    features: list[MapFeature]

    @property
    def drawn(self) -> list[MapFeature]:
        """Those that have a place."""
        return [one for one in self.features if one.geometry is not None]

    def as_layer(self) -> dict[str, Any]:
        """Return it as the map component takes it."""
        return {
            "slug": self.key,
            "label": self.label,
            "symbol": self.symbol,
            "geojson": {
                "type": "FeatureCollection",
                "features": [geojson(one, self.label) for one in self.drawn],
            },
        }


def bounds_of(layers: Iterable[ShownLayer]) -> tuple[float, float, float, float] | None:
    """Return (west, south, east, north) around what lies in the area, else around the area."""
    shown = [layer for layer in layers if layer.drawn]
    inside = [layer for layer in shown if layer.symbol != "boundary"] or shown
    extents = [
        one.geometry.extent
        for layer in inside
        for one in layer.features
        if one.geometry is not None
    ]
    if not extents:
        return None
    west, south = min(e[0] for e in extents), min(e[1] for e in extents)
    east, north = max(e[2] for e in extents), max(e[3] for e in extents)
    wide, high = max((east - west) * 0.08, 0.0015), max((north - south) * 0.08, 0.001)
    return west - wide, south - high, east + wide, north + high


@dataclass(frozen=True, slots=True)
class LocationMap:
    """The layers chosen, and what can be chosen: (key, label) of layers, and kinds in words."""

    layers: list[ShownLayer]
    choices: list[tuple[str, str]]
    kinds: list[str]

    @property
    def rows(self) -> list[tuple[ShownLayer, MapFeature]]:
        """Return the table beneath the map, in the map's order."""
        return [(layer, one) for layer in self.layers for one in layer.features]

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """Return (west, south, east, north) around what is drawn, None for nothing."""
        return bounds_of(self.layers)


def location_map(
    *,
    location: Location,
    user: Any,
    rights: Collection[Permission],
    layers: Collection[str] = (),
    kind: str = "",
) -> LocationMap:
    """Return a location's map as a reader sees it, narrowed to some layers and one kind.

    A filter of kind leaves the area and the target places where they are: they are the ground.
    """
    shown: list[ShownLayer] = []
    kinds: set[str] = set()
    allowed = [layer for layer in map_layers() if layer.permission in rights]
    for layer in allowed:
        features = layer.features(location, user)
        is_ground = layer.symbol in ("boundary", "place")
        if not is_ground:
            kinds.update(one.kind for one in features if one.kind)
        if layers and layer.key not in layers:
            continue
        if kind and not is_ground:
            features = [one for one in features if one.kind == kind]
        if features:
            shown.append(ShownLayer(layer.key, str(layer.label), layer.symbol, features))
    return LocationMap(
        layers=shown,
        choices=[(layer.key, str(layer.label)) for layer in allowed],
        kinds=sorted(kinds),
    )


def geojson(one: MapFeature, layer: str) -> dict[str, Any]:
    """Return a feature as GeoJSON (WGS 84, about a metre), with its words as properties."""
    assert one.geometry is not None
    return {
        "type": "Feature",
        "geometry": _rounded(json.loads(one.geometry.geojson)),
        "properties": {
            "layer": layer,
            "name": str(one.title),
            "text": str(one.text),
            "kind": str(one.kind),
            "on": one.on.isoformat() if one.on else "",
            "day": day(one.on) if one.on else "",
            "url": one.url,
        },
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value
