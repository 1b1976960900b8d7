"""What this app puts on a location's one map: the area, target places, assets, observations.

People are never on it. A point that is withheld is in the table with the reason, not on the map.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.choices import AssetKind, ObservationKind
from assets.selectors.assets import seen_assets
from assets.selectors.walks import seen_observations
from programmes.models import Location
from programmes.registry import MapFeature, register_map_layer
from programmes.sharing import shared_with, veil_area


def _boundary_of(owner: Any) -> GEOSGeometry | None:
    return owner.area.boundary if owner.area is not None else None


def area(location: Location, reader: Any) -> list[MapFeature]:
    """Return the location's own boundary."""
    shown = veil_area(shared_with(reader, location.programme), location)
    words = "" if shown.area is not None else _("No area is chosen yet.")
    return [
        MapFeature(
            _boundary_of(shown),
            location.name,
            _withheld(shown) or words,
            location.get_absolute_url(),
            str(_("Area")),
        )
    ]


def places(location: Location, reader: Any) -> list[MapFeature]:
    """Return the target places; drawn boundaries only as far as they are open."""
    shared = shared_with(reader, location.programme)
    rows = location.target_places.visible_to(reader).select_related("area", "location")
    return [
        MapFeature(
            _boundary_of(place),
            place.name,
            _withheld(place) or place.summary,
            place.get_absolute_url(),
            str(_("Target place")),
        )
        for place in (veil_area(shared, row) for row in rows)
    ]


def _withheld(owner: Any) -> str:
    is_withheld = owner.area is not None and getattr(owner.area, "is_withheld", False)
    return _("The boundary is withheld: no agreement covers it.") if is_withheld else ""


def assets(kind: AssetKind, location: Location, reader: Any) -> list[MapFeature]:
    """Return the assets of one kind."""
    return [
        MapFeature(
            row.point,
            row.name,
            _where(row, row.offers),
            row.get_absolute_url(),
            row.get_theme_display(),
            row.last_checked_on,
        )
        for row in _once(seen_assets, location, reader)
        if row.kind == kind
    ]


def observations(kind: ObservationKind, location: Location, reader: Any) -> list[MapFeature]:
    """Return what was seen on walks, of one kind."""
    return [
        MapFeature(
            row.point,
            row.get_theme_display(),
            _where(row, row.text),
            row.get_absolute_url(),
            row.get_theme_display(),
            row.audit.walked_on,
        )
        for row in _once(seen_observations, location, reader)
        if row.kind == kind
    ]


def _once(read: Callable[..., list[Any]], location: Location, reader: Any) -> list[Any]:
    """Read what several layers of one page need once, kept with the page's own location."""
    kept: dict[Any, list[Any]] = location.__dict__.setdefault("_read_for_map", {})
    key = (read.__name__, reader.pk if reader is not None else None)
    if key not in kept:
        kept[key] = read(location=location, user=reader)
    return kept[key]


def _where(row: Any, text: str) -> str:
    """Return what is said of a record, with why its place or its words are withheld."""
    return " ".join([text, *row.withheld_words]).strip() if row.withheld else text


_Features = Callable[[Location, Any], list[MapFeature]]


def register() -> None:
    """Put the layers on the map."""
    layers: tuple[tuple[str, Any, int, _Features, str], ...] = (
        ("area", gettext_lazy("Boundary of the area"), 0, area, "boundary"),
        ("places", gettext_lazy("Target places"), 10, places, "place"),
        (
            "groups",
            gettext_lazy("Groups"),
            20,
            partial(assets, AssetKind.GROUP),
            "point",
        ),
        (
            "institutions",
            gettext_lazy("Institutions"),
            21,
            partial(assets, AssetKind.INSTITUTION),
            "square",
        ),
        (
            "community-places",
            gettext_lazy("Places"),
            22,
            partial(assets, AssetKind.PLACE),
            "diamond",
        ),
        (
            "connections",
            gettext_lazy("Connections"),
            23,
            partial(assets, AssetKind.CONNECTION),
            "ring",
        ),
        (
            "improve",
            gettext_lazy("To improve, seen on walks"),
            30,
            partial(observations, ObservationKind.IMPROVE),
            "triangle",
        ),
        (
            "strengths",
            gettext_lazy("Strengths, seen on walks"),
            31,
            partial(observations, ObservationKind.STRENGTH),
            "cross",
        ),
    )
    for key, label, order, features, symbol in layers:
        register_map_layer(key, label=label, order=order, features=features, symbol=symbol)
