"""The zip and its description: the same files give the same bytes at any hour and place."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from core.disclosure import SMALL
from incidents.packages.figures import Figures
from incidents.packages.recipe import PUBLIC
from incidents.packages.resources import TABLES
from incidents.packages.supplied_tables import SUPPLIED_TABLES

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: no file of a package carries the hour it was built."""

OGL = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
SHEETS = ("xlsx", "ods")
_OTHERS = {
    "hotspots.geojson": (
        "geojson",
        "application/geo+json",
        "Map points with reports of ASB",
        "The points of places.csv, for a map.",
    ),
    "clusters.geojson": (
        "geojson",
        "application/geo+json",
        "Hexagons by how reports cluster",
        "The hexagons of clusters.csv, for a map.",
    ),
    "boundary.geojson": (
        "geojson",
        "application/geo+json",
        "Boundary of the location",
        "The area whose reports are counted.",
    ),
    "package.xlsx": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "All tables as a spreadsheet",
        "The tables of this package, one sheet each, for Excel.",
    ),
    "package.ods": (
        "ods",
        "application/vnd.oasis.opendocument.spreadsheet",
        "All tables as an open spreadsheet",
        "The tables of this package, one sheet each, for LibreOffice and others.",
    ),
    "briefing.html": (
        "html",
        "text/html",
        "Briefing",
        "The findings in plain sentences, with charts; opens without a network.",
    ),
    "briefing.pdf": (
        "pdf",
        "application/pdf",
        "Briefing for print",
        "The same briefing as a tagged PDF (PDF/UA-1).",
    ),
}


def descriptor(figures: Figures, files: Mapping[str, bytes], findings: list[str]) -> bytes:
    """Return ``datapackage.json``: what the package is, what it was made from, every file."""
    recipe = figures.recipe
    months = recipe.months
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"asb-{recipe.slug}".lower().replace("_", "-"),
        "id": f"sha256:{figures.fingerprint}",
        "title": f"Reports of anti-social behaviour in {figures.location}, "
        f"{months[0]} to {months[-1]}",
        "description": " ".join(findings),
        "version": f"{recipe.method}.0.0",
        "marking": figures.marking,
        **({"handling": figures.handling} if figures.handling else {}),
        "recipe": {
            "location": recipe.location,
            "location_name": figures.location,
            "from": recipe.first_month,
            "to": recipe.last_month,
            "method": recipe.method,
            "edition": recipe.edition,
            "suppression": {
                "threshold": SMALL,
                "applies_to": [feed.slug for feed in figures.supplied_public],
            }
            if recipe.edition == PUBLIC
            else None,
            "area": figures.area_words,
            "fingerprint": figures.fingerprint,
        },
        "demonstration": figures.is_demonstration,
        "licenses": [OGL],
        "sources": [
            {
                "title": source.title,
                "path": source.url,
                "licence": source.licence,
                "attribution": source.attribution,
            }
            if source.url
            else {
                "title": source.title,
                "licence": source.licence,
                "attribution": source.attribution,
            }
            for source in figures.sources
        ],
        "coverage": {
            "from": months[0],
            "to": months[-1],
            "observed": [row.month for row in figures.monthly if row.status == "observed"],
            "partial": list(figures.partial),
            "missing": list(figures.missing),
        },
        "caveats": list(figures.caveats),
        "resources": [_resource(figures, path, data) for path, data in files.items()],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(figures: Figures, path: str, data: bytes) -> dict[str, Any]:
    common = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    for table in (*TABLES, *SUPPLIED_TABLES):
        if table.path == path:
            return {
                "name": table.name,
                "path": path,
                "profile": "tabular-data-resource",
                "title": table.title,
                "description": table.description,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                **common,
                "schema": table.schema(),
            }
    form, mediatype, title, description = _OTHERS[path]
    return {
        "name": path.replace(".", "-"),
        "path": path,
        "title": title,
        "description": description,
        "format": form,
        "mediatype": mediatype,
        # The tables are described one by one: the books of all of them are files to a checker,
        # which could not read the open one without a library of its own.
        **({"type": "file"} if form in SHEETS else {}),
        **common,
    }


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip: in the given order, without times, owners or machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, whatever it is built on
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data, compresslevel=9)
    return buffer.getvalue()
