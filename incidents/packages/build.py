"""From figures to the files of a package, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.charts import asset
from core.maps import draw_map
from core.pdf import Asset
from incidents.packages import briefing, drawings
from incidents.packages.archive import descriptor, pack
from incidents.packages.figures import Figures
from incidents.packages.findings import findings
from incidents.packages.resources import (
    TABLES,
    boundary_geojson,
    clusters_geojson,
    hotspots_geojson,
)
from incidents.packages.sheets import as_ods, as_xlsx
from incidents.packages.supplied_tables import supplied_tables

Keep = Callable[[str, Callable[[], bytes]], bytes]
"""Keeps what a stage made under a name, or returns what was kept already."""


def draw(figures: Figures, keep: Keep) -> dict[str, Asset]:
    """Return the drawings of the briefing by name: monthly, places, map."""
    drawn: dict[str, Asset] = {}
    drawn["monthly"] = (
        keep("monthly.svg", lambda: asset(drawings.monthly_chart(figures))[0]),
        "image/svg+xml",
    )
    places = drawings.places_chart(figures)
    if places is not None:
        drawn["places"] = (keep("places.svg", lambda: asset(places)[0]), "image/svg+xml")
    mapped = drawings.points_map(figures)
    if mapped is not None:
        drawn["map"] = (keep("map.png", lambda: draw_map(mapped[0])), "image/png")
    return drawn


def tables(figures: Figures) -> dict[str, bytes]:
    """Return the data files by name, in the order of the package."""
    files = {table.path: table.write(figures) for table in (*TABLES, *supplied_tables(figures))}
    files["hotspots.geojson"] = hotspots_geojson(figures)
    files["clusters.geojson"] = clusters_geojson(figures)
    files["boundary.geojson"] = boundary_geojson(figures)
    files["package.xlsx"] = as_xlsx(figures)
    files["package.ods"] = as_ods(figures)
    return files


def assemble(figures: Figures, data: Mapping[str, bytes], html: bytes, pdf: bytes) -> bytes:
    """Return the zip: the description first, then data, then the briefing."""
    files = {**data, "briefing.html": html, "briefing.pdf": pdf}
    said = [finding.text for finding in findings(figures)[:2]]
    return pack({"datapackage.json": descriptor(figures, files, said), **files})


def build(figures: Figures) -> bytes:
    """Return the whole package at once, keeping nothing between the stages."""
    drawn = draw(figures, lambda _name, make: make())
    return assemble(
        figures, tables(figures), briefing.as_html(figures, drawn), briefing.as_pdf(figures, drawn)
    )
