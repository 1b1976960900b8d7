"""A place on the map, as people write it: degrees, or the British national grid.

Stored and shown in WGS 84 (EPSG:4326), longitude first in the database, latitude first on screen.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from programmes.models import Location

DECIMALS = 6  # about a tenth of a metre
FAR_KM = 30.0
"""A point further than this from the location's middle is taken for a slip of the pen."""
LATITUDES, LONGITUDES = (49.0, 61.0), (-9.0, 2.5)  # the British Isles
KM_A_DEGREE = 111.32

_DEGREE = r"([+-]?\d{1,3}(?:\.\d+)?)\s*°?"
_DEGREES = re.compile(rf"^\s*{_DEGREE}\s*[,;\s]\s*{_DEGREE}\s*$")
_METRES = re.compile(r"^\s*(\d{6})\s*[,;\s]\s*(\d{6,7})\s*$")
_GRID = re.compile(r"^\s*([A-HJ-Z]{2})\s*((?:\d\s*){4,10})$", re.IGNORECASE)
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"


def read_point(text: str) -> Point:
    """Return the place that a text names.

    "52.2271, -2.7391" (latitude first), "SO 49611 59021" or "349611 259021" (easting, northing).
    Raises ValueError, saying what is wrong, for anything else and outside the British Isles.
    """
    found = _METRES.match(text)
    if found:
        return from_grid(float(found[1]), float(found[2]))
    found = _GRID.match(text)
    if found:
        return from_grid(*_square(found[1].upper(), re.sub(r"\s", "", found[2])))
    found = _DEGREES.match(text)
    if found:
        return from_degrees(float(found[1]), float(found[2]))
    raise ValueError(_("Write it like 52.2271, -2.7391 or SO 49611 59021"))


def from_degrees(latitude: float, longitude: float) -> Point:
    """Return a place in WGS 84. Raises ValueError outside the British Isles."""
    if _within(latitude, longitude):
        return Point(round(longitude, DECIMALS), round(latitude, DECIMALS), srid=4326)
    if _within(longitude, latitude):
        raise ValueError(_("Write the latitude (like 52.2) before the longitude (like -2.7)"))
    raise ValueError(_("This is not in Britain. Latitude is like 52.2, longitude like -2.7"))


def from_grid(easting: float, northing: float) -> Point:
    """Return a place on the British national grid (metres) in WGS 84, to about five metres."""
    place = Point(easting, northing, srid=27700)
    place.transform(4326)
    return from_degrees(place.y, place.x)


def point_words(point: Point | None) -> str:
    """Return a place as ``read_point`` reads it; empty for none."""
    return f"{point.y:.5f}, {point.x:.5f}" if point is not None else ""


def refuse_far(point: Point | None, location: Location) -> None:
    """Raise ValueError for a place far from the location, as far as its area is known."""
    boundary = location.area.boundary if location.area is not None else None
    if point is None or boundary is None:
        return
    far = kilometres(point, boundary.centroid)
    if far > FAR_KM:
        raise ValueError(
            _("This lies %(far)d km from %(location)s. Check the figures")
            % {"far": round(far), "location": location.name}
        )


def kilometres(one: Point, other: Point) -> float:
    """Return how far two places are apart, well enough for a town."""
    import math

    east = (one.x - other.x) * math.cos(math.radians((one.y + other.y) / 2))
    return math.hypot(east, one.y - other.y) * KM_A_DEGREE


def _within(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def _square(letters: str, digits: str) -> tuple[float, float]:
    """Return easting and northing of a grid reference such as SO 496 590."""
    if len(digits) % 2:
        raise ValueError(_("A grid reference has as many figures east as north"))
    first, second = (_LETTERS.index(letter) for letter in letters)
    east = ((first - 2) % 5) * 5 + second % 5
    north = 19 - first // 5 * 5 - second // 5
    half = len(digits) // 2
    size = 10 ** (5 - half)
    return (
        east * 100_000 + int(digits[:half]) * size + size / 2 * (half < 5),
        north * 100_000 + int(digits[half:]) * size + size / 2 * (half < 5),
    )


class PointField(forms.CharField):
    """A place on the map as text; cleans to a Point or None. Picked on a map where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _lazy("Place on the map"))
        kwargs.setdefault(
            "help_text",
            _lazy(
                "Latitude and longitude, like 52.2271, -2.7391, or a grid reference, like "
                "SO 49611 59021. With a map below, press the place on it."
            ),
        )
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"data-width": "20", "data-point": "true"})
        )
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored place as text."""
        return point_words(value) if isinstance(value, Point) else value

    def to_python(self, value: Any) -> Any:
        """Read it."""
        if isinstance(value, Point):
            return value
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_point(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def run_validators(self, value: Any) -> None:
        """Nothing beyond reading it: the limits on text do not fit a place."""
