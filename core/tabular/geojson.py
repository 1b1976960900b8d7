"""Reads a GeoJSON file of points (RFC 7946, WGS 84) as the table that it is.

Each feature is a row: its properties are the cells, its point fills the columns "latitude" and
"longitude". Headings, values and rows are then checked like those of any other table.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import BadInput, RowError

if TYPE_CHECKING:
    from core.tabular.reading import Line

LATITUDE, LONGITUDE = "latitude", "longitude"
PLACE_COLUMNS = frozenset({LATITUDE, LONGITUDE})
ERRORS_MAX = 20
# What a "crs" member may say; RFC 7946 took it away, older programs still write it.
DEGREES = ("crs84", "4326")


def read_geojson(text: str, name: str, most: int | None = None) -> tuple[list[Line], list[str]]:
    """Return the rows, headings first, and what was noticed. Raises BadInput.

    Row 2 is the first feature, as under the headings of a table. ``most`` features are taken, as
    many as a table has rows unless given.
    """
    from core.tabular.reading import MAX_ROWS, Line, whole_file

    most = MAX_ROWS if most is None else most

    content = _parsed(text, name)
    if content.get("type") != "FeatureCollection" or not isinstance(content.get("features"), list):
        raise whole_file(
            name,
            str(content.get("type", _("no type")))[:60],
            _("a GeoJSON FeatureCollection with a list of features"),
        )
    _refuse_other_system(content, name)
    features = content["features"]
    if len(features) > most:
        raise whole_file(
            name,
            _("%(count)s features") % {"count": f"{len(features):,}"},
            _("at most %(limit)s") % {"limit": f"{most:,}"},
            _("Share it out over several files."),
        )
    errors: list[RowError] = []
    rows = [_row(one, number, name, errors) for number, one in enumerate(features, 2)]
    if errors:
        raise BadInput(errors[:ERRORS_MAX], more=max(0, len(errors) - ERRORS_MAX))
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    lines = [Line(1, tuple(headings))]
    lines += [
        Line(number, tuple(row.get(heading, "") for heading in headings))
        for number, row in enumerate(rows, 2)
    ]
    count = len(rows)
    words = ngettext(
        "Read as GeoJSON: %(count)d feature.", "Read as GeoJSON: %(count)d features.", count
    )
    return lines, [words % {"count": count}]


def _parsed(text: str, name: str) -> dict[str, Any]:
    from core.tabular.reading import whole_file

    try:
        content = json.loads(text.lstrip("\ufeff"), parse_constant=_no_number)
    except RecursionError as error:
        raise whole_file(name, _("lists within lists, too deep"), _("plain GeoJSON")) from error
    except json.JSONDecodeError as error:
        raise BadInput(
            [
                RowError(
                    name,
                    error.lineno,
                    None,
                    text.splitlines()[error.lineno - 1][:60] if text.splitlines() else "",
                    _("GeoJSON that is whole"),
                    _("The file may be cut off: save it again."),
                )
            ]
        ) from error
    except ValueError as error:  # NaN, Infinity, a number of thousands of figures
        raise whole_file(name, _("something that is no number"), _("plain GeoJSON")) from error
    if not isinstance(content, dict):
        raise whole_file(name, _("something else"), _("a GeoJSON FeatureCollection"))
    return content


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _refuse_other_system(content: dict[str, Any], name: str) -> None:
    from core.tabular.reading import whole_file

    if content.get("crs") is None:
        return
    told = json.dumps(content["crs"])[:120]
    if not any(known in told.casefold() for known in DEGREES):
        raise whole_file(
            name,
            told,
            _("longitude and latitude in degrees (WGS 84, EPSG:4326)"),
            _("Save the file in that system and send it again."),
        )


def _row(one: Any, number: int, name: str, errors: list[RowError]) -> dict[str, str]:
    """Return a feature's cells by heading; what is wrong goes into ``errors``."""
    if not isinstance(one, dict) or one.get("type") != "Feature":
        errors.append(RowError(name, number, None, _told(one), _("a GeoJSON feature")))
        return {}
    cells: dict[str, str] = {}
    properties = one.get("properties") or {}
    if not isinstance(properties, dict):
        errors.append(RowError(name, number, None, _told(properties), _("a list of properties")))
        return {}
    for heading, value in properties.items():
        text = _text(value)
        if text is None:
            errors.append(
                RowError(name, number, str(heading)[:60], _told(value), _("a text or a number"))
            )
        else:
            cells[str(heading)] = text
    cells.update(_place(one.get("geometry"), number, name, errors))
    return cells


def _place(geometry: Any, number: int, name: str, errors: list[RowError]) -> dict[str, str]:
    if geometry is None:
        return {}
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind != "Point":
        errors.append(
            RowError(
                name,
                number,
                "geometry",
                str(kind or _told(geometry))[:60],
                _("a Point, or no geometry"),
                _("Lines and areas are not taken: give a point for each."),
            )
        )
        return {}
    found = geometry.get("coordinates")
    good = (
        isinstance(found, list)
        and len(found) in (2, 3)
        and all(
            isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
            for one in found
        )
    )
    if not good:
        errors.append(
            RowError(
                name, number, "geometry", _told(found), _("longitude and latitude, as two numbers")
            )
        )
        return {}
    return {LATITUDE: str(found[1])[:30], LONGITUDE: str(found[0])[:30]}


def _text(value: Any) -> str | None:
    """Return a property as a cell; None for what no cell can hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return _clean(str(value))
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return _clean("; ".join(str(one) for one in value))
    return None


def _clean(text: str) -> str:
    """Return a text without control characters, which JSON can hide behind escapes."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _told(value: Any) -> str:
    try:
        return json.dumps(value)[:60]
    except (TypeError, ValueError):
        return type(value).__name__
