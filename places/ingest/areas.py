"""Import of areas with boundaries: GeoJSON, TopoJSON and GeoPackage, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError

from core.archives import file_error
from core.errors import Refused
from core.models import DataImport
from places.choices import AreaKind
from places.ingest.files import About, Errors, copy_rows, finish_import, new_import
from places.models import Area
from places.services import BOUNDS, refresh_definitions

MAX_BYTES = 1024**3
_DRIVERS = {"GeoJSON": "GeoJSON", "TopoJSON": "TopoJSON", "GPKG": "GeoPackage"}
_WGS84 = {"EPSG:4326", "OGC:CRS84", "CRS84"}


@dataclass(frozen=True, slots=True)
class AreaFile:
    """What a file of boundaries is and which of its fields hold code and name."""

    path: Path
    kind: str
    vintage: int
    code: str
    name: str
    crs: str | None = None
    layer: str | None = None


@transaction.atomic
def import_areas(file: AreaFile, *, about: About, by: Any = None) -> dict[str, Any]:
    """Take a file of boundaries in as its difference to what is held; return the account.

    New areas are added, changed ones (name or boundary) replaced, and those that an earlier file
    of the same name brought, and that are no longer in it, removed. The same file again changes
    nothing. Invalid polygons are repaired and named in ``repaired``.

    Raises core.errors.BadInput for a file of another format, without the fields, with a code
    twice, a shape that is no area or lies outside Great Britain and Northern Ireland, or without
    a coordinate system where none was stated; Refused if a removed area is in use.
    """
    if file.kind not in AreaKind.values:
        kinds = ", ".join(AreaKind.values)
        raise Refused(f"“{file.kind}” is no kind of area. Choose from {kinds}.")
    srid = _stage(file)
    repaired = _repair(file, srid)
    _check_bounds(file)
    account: dict[str, Any] = {
        "file": file.path.name,
        "kind": file.kind,
        "vintage": file.vintage,
        **_compare(file),
        "repaired": repaired,
    }
    if account["added"] or account["changed"] or account["removed"]:
        row = new_import("areas", file.path, about, by=by)
        touched = _apply(file, row)
        finish_import(row, account)
        refresh_definitions(touched)
    return account


def sniff(path: Path) -> str:
    """Return the GDAL driver for a file by its first bytes; only three are ever used."""
    if not path.is_file():
        raise file_error(str(path), "nothing there", "a file of boundaries")
    if path.stat().st_size > MAX_BYTES:
        raise file_error(path.name, f"{path.stat().st_size:,} bytes", f"at most {MAX_BYTES:,}")
    with path.open("rb") as stream:
        head = stream.read(64 * 1024)
    if head.startswith(b"SQLite format 3\0") and head[68:72] == b"GPKG":
        return "GPKG"
    text = head.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("{"):
        kind = re.search(r'"type"\s*:\s*"(\w+)"', text)
        if kind and kind[1] == "Topology":
            return "TopoJSON"
        if kind and kind[1] in {"FeatureCollection", "Feature", "name"}:
            return "GeoJSON"
    raise file_error(path.name, "something else", "GeoJSON, TopoJSON or GeoPackage")


def _stage(file: AreaFile) -> int:
    """Read the features into a table of this session; return the SRID of their coordinates."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError

    driver = sniff(file.path)
    errors = Errors(file.path.name)
    try:
        info = pyogrio.read_info(file.path, layer=file.layer)
        if info.get("driver") != driver:
            raise file_error(file.path.name, str(info.get("driver")), _DRIVERS[driver])
        for field in (file.code, file.name):
            if field not in info["fields"]:
                errors.add(1, field, ", ".join(info["fields"]), f"a field named “{field}”")
        errors.refuse()
        if file.layer is None and len(pyogrio.list_layers(file.path)) > 1:
            raise file_error(file.path.name, "several layers", "the layer to be named (--layer)")
        meta, __, shapes, values = pyogrio.raw.read(
            file.path, layer=file.layer, columns=[file.code, file.name], force_2d=True
        )
    except (DataSourceError, DataLayerError, FieldError, UnicodeDecodeError) as error:
        raise file_error(
            file.path.name,
            "a file that cannot be read as it says it is",
            _DRIVERS[driver],
            str(error).split(";")[0][:200],
        ) from error
    srid = _srid(file, meta["crs"])
    names = list(meta["fields"])
    codes = [_text(value) for value in values[names.index(file.code)]]
    titles = [_text(value) for value in values[names.index(file.name)]]
    seen: dict[str, int] = {}
    for number, (code, title, shape) in enumerate(zip(codes, titles, shapes, strict=True), 1):
        if not code or len(code) > 20:
            errors.add(number, file.code, code, "a code of 1 to 20 characters")
        elif code in seen:
            errors.add(
                number, file.code, code, "each code once", f"It is also feature {seen[code]}."
            )
        elif not title or len(title) > 150:
            errors.add(number, file.name, title, "a name of 1 to 150 characters")
        elif shape is None:
            errors.add(number, "geometry", "nothing", f"a boundary for {code}")
        seen.setdefault(code, number)
    if not codes:
        errors.add(None, None, "no features", "at least one area")
    errors.refuse()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.area_staging")
        cursor.execute(
            "CREATE TEMP TABLE area_staging (number integer, code text PRIMARY KEY, name text,"
            " shape geometry) ON COMMIT DROP"
        )
    copy_rows(
        "area_staging",
        "number, code, name, shape",
        (
            (number, code, title, bytes(shape).hex())
            for number, (code, title, shape) in enumerate(
                zip(codes, titles, shapes, strict=True), 1
            )
        ),
    )
    return srid


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _srid(file: AreaFile, found: str | None) -> int:
    stated = file.crs or found
    if not stated:
        raise file_error(
            file.path.name,
            "no coordinate reference system",
            "one",
            "State it, for example --crs EPSG:4326.",
        )
    if stated.upper() in _WGS84:
        return 4326
    match = re.fullmatch(r"EPSG:(\d{4,5})", stated.strip(), re.IGNORECASE)
    if not match:
        raise file_error(
            file.path.name,
            f"the coordinate reference system {stated[:60]}",
            "an EPSG code",
            "State it, for example --crs EPSG:27700.",
        )
    return int(match[1])


def _repair(file: AreaFile, srid: int) -> list[dict[str, str]]:
    """Bring all shapes to valid multi-polygons in degrees; return what was repaired, and why."""
    errors = Errors(file.path.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, code, GeometryType(shape) FROM area_staging"
            " WHERE GeometryType(shape) NOT IN ('POLYGON', 'MULTIPOLYGON') OR ST_IsEmpty(shape)"
            " ORDER BY number LIMIT 60"
        )
        for number, code, kind in cursor.fetchall():
            errors.add(number, "geometry", f"{kind} for {code}", "a polygon with an inside")
        errors.refuse()
        cursor.execute(
            "SELECT code, name, ST_IsValidReason(shape) FROM area_staging"
            " WHERE NOT ST_IsValid(shape) ORDER BY code"
        )
        repaired = [
            {"code": code, "name": name, "reason": reason}
            for code, name, reason in cursor.fetchall()
        ]
        cursor.execute(
            "UPDATE area_staging SET shape = ST_Multi(ST_CollectionExtract("
            " ST_MakeValid(ST_SetSRID(shape, %(srid)s)), 3)) WHERE NOT ST_IsValid(shape)",
            {"srid": srid},
        )
        cursor.execute(
            "UPDATE area_staging SET shape ="
            " ST_Transform(ST_Multi(ST_SetSRID(shape, %(srid)s)), 4326)",
            {"srid": srid},
        )
        cursor.execute(
            "SELECT number, code FROM area_staging WHERE ST_IsEmpty(shape) OR ST_Area(shape) = 0"
        )
        for number, code in cursor.fetchall():
            errors.add(number, "geometry", f"no surface for {code}", "a polygon with an inside")
    errors.refuse()
    return repaired


def _check_bounds(file: AreaFile) -> None:
    errors = Errors(file.path.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, code, ST_XMin(shape), ST_YMin(shape), ST_XMax(shape), ST_YMax(shape)"
            " FROM area_staging WHERE NOT shape @ ST_MakeEnvelope(%s, %s, %s, %s, 4326)"
            " ORDER BY number",
            BOUNDS,
        )
        for number, code, *corners in cursor.fetchall():
            errors.add(
                number,
                "geometry",
                f"{code} from {corners[0]:.5g}, {corners[1]:.5g} to {corners[2]:.5g},"
                f" {corners[3]:.5g}",
                "longitude and latitude within Great Britain and Northern Ireland",
                "If the coordinates are not degrees, state their system, such as --crs EPSG:27700.",
            )
    errors.refuse()


_HELD = "a.kind = %(kind)s AND a.vintage = %(vintage)s"
_SAME = (
    "a.name = s.name AND a.boundary IS NOT NULL AND ST_AsBinary(a.boundary) = ST_AsBinary(s.shape)"
)


def _compare(file: AreaFile) -> dict[str, int]:
    values: dict[str, Any] = {"kind": file.kind, "vintage": file.vintage}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE a.id IS NULL),"
            f" count(*) FILTER (WHERE a.id IS NOT NULL AND NOT ({_SAME}))"
            f" FROM area_staging s LEFT JOIN places_area a ON a.code = s.code AND {_HELD}",
            values,
        )
        read, added, changed = cursor.fetchone()
    return {
        "read": read,
        "added": added,
        "changed": changed,
        "removed": _gone(file).count(),
        "unchanged": read - added - changed,
    }


def _gone(file: AreaFile) -> Any:
    """Return the areas that an earlier file of this name brought and that are not in it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM area_staging")
        codes = [row[0] for row in cursor.fetchall()]
    return Area.objects.filter(
        kind=file.kind,
        vintage=file.vintage,
        data_import__kind="areas",
        data_import__file_name=file.path.name[-255:],
    ).exclude(code__in=codes)


def _apply(file: AreaFile, row: DataImport) -> list[int]:
    """Write the difference and the parts for joins; return the ids of areas that changed."""
    values: dict[str, Any] = {
        "kind": file.kind,
        "vintage": file.vintage,
        "import": row.pk,
    }
    try:
        _gone(file).delete()
    except ProtectedError as error:
        raise Refused(
            "An area that is no longer in the file is part of a location’s area: "
            + ", ".join(sorted({str(one.area) for one in error.protected_objects})[:5])  # type: ignore[attr-defined]  # rows here are members of definitions
        ) from error
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_area a SET name = s.name, boundary = s.shape,"
            " data_import_id = %(import)s FROM area_staging s"
            f" WHERE a.code = s.code AND {_HELD} AND ({_SAME}) IS NOT TRUE RETURNING a.id",
            values,
        )
        touched = [one[0] for one in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO places_area (kind, code, vintage, name, boundary, data_import_id)"
            " SELECT %(kind)s, s.code, %(vintage)s, s.name, s.shape, %(import)s"
            " FROM area_staging s WHERE NOT EXISTS"
            f" (SELECT FROM places_area a WHERE a.code = s.code AND {_HELD})"
            " ORDER BY s.number RETURNING id",
            values,
        )
        added = [one[0] for one in cursor.fetchall()]
        cursor.execute("DELETE FROM places_areapart WHERE area_id = ANY(%s)", [touched])
        cursor.execute(
            "INSERT INTO places_areapart (area_id, piece)"
            " SELECT id, ST_Subdivide(boundary, 64) FROM places_area WHERE id = ANY(%s)",
            [touched + added],
        )
    return touched
