"""The tables of a package: columns described one by one, rows from the figures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from incidents.packages.figures import Figures
from incidents.packages.findings import decimal_words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, Frictionless type, description, unit included, and constraints."""

    name: str
    type: str
    description: str
    required: bool = False
    enum: tuple[str, ...] = ()
    decimals: int | None = None

    def schema(self) -> dict[str, Any]:
        """Return the field of a Table Schema."""
        field: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "description": self.description,
        }
        if self.type == "yearmonth":
            field["format"] = "default"
        constraints: dict[str, Any] = {}
        if self.required:
            constraints["required"] = True
        if self.enum:
            constraints["enum"] = list(self.enum)
        if constraints:
            field["constraints"] = constraints
        return field

    def cell(self, value: Any) -> str:
        """Write a value; None is an empty cell, never a zero."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if self.decimals is not None:
            return decimal_words(value, self.decimals).replace("−", "-")
        return str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A tabular resource: its file name, what it holds, its columns and its rows."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[Figures], Iterable[Any]]
    primary_key: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the file's name in the package."""
        return f"{self.name}.csv"

    def write(self, figures: Figures) -> bytes:
        """Return the table as CSV: UTF-8, comma, a header row, line feeds."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(column.name for column in self.columns)
        for row in self.rows(figures):
            writer.writerow(column.cell(getattr(row, column.name)) for column in self.columns)
        return out.getvalue().encode("utf-8")

    def schema(self) -> dict[str, Any]:
        """Return the Table Schema."""
        schema: dict[str, Any] = {
            "fields": [column.schema() for column in self.columns],
            "missingValues": [""],
        }
        if self.primary_key:
            schema["primaryKey"] = list(self.primary_key)
        return schema


STATUSES = ("observed", "partial", "missing")
_MONTH = "Year and month (YYYY-MM). The source gives no day and no time."
_LSOA = "Code of the lower layer super output area in which the map point lies, as published."

TABLES: tuple[Table, ...] = (
    Table(
        "incidents",
        "Incidents as published",
        "Every published row of the location in the months held, of all fourteen categories. "
        "Identical rows are separate reports: ASB rows carry no identifier.",
        (
            Column("month", "yearmonth", _MONTH, required=True),
            Column("category", "string", "Category as published.", required=True),
            Column("street", "string", "Description of the anonymous map point, not an address."),
            Column(
                "longitude", "number", "Longitude of the map point, WGS 84, degrees.", decimals=6
            ),
            Column("latitude", "number", "Latitude of the map point, WGS 84, degrees.", decimals=6),
            Column("lsoa_code", "string", _LSOA),
            Column("lsoa_name", "string", "Name of that area, as published."),
            Column(
                "crime_id",
                "string",
                "Identifier as published; empty for ASB, and not unique otherwise.",
            ),
            Column("last_outcome", "string", "Last outcome as published; empty for ASB."),
            Column("reported_by", "string", "The force that supplied the row."),
        ),
        lambda figures: figures.incidents,
    ),
    Table(
        "monthly_counts",
        "Reports by month, area and category",
        "One row for the location, and one for each of its LSOAs by code, in every month and "
        "category. A missing month has an empty count: it is unknown, not zero.",
        (
            Column("month", "yearmonth", "Year and month (YYYY-MM).", required=True),
            Column("area", "string", "The location's name, or the code of an LSOA.", required=True),
            Column("category", "string", "Category as published.", required=True),
            Column("count", "integer", "Number of reports; empty where the month is missing."),
            Column(
                "status",
                "string",
                "observed: held; partial: held but looks incomplete; missing: not held.",
                required=True,
                enum=STATUSES,
            ),
        ),
        lambda figures: figures.counts,
        ("month", "area", "category"),
    ),
    Table(
        "places",
        "Map points by reports of ASB",
        "Reports of ASB at each anonymous map point, the most first. A point stands for at least "
        "eight addresses or a public place; no address can be read from it.",
        (
            Column(
                "rank",
                "integer",
                "Rank by count; ties in the order of street and position.",
                required=True,
            ),
            Column("street", "string", "Description of the map point as published."),
            Column("longitude", "number", "Longitude, WGS 84, degrees.", decimals=6),
            Column("latitude", "number", "Latitude, WGS 84, degrees.", decimals=6),
            Column("lsoa_code", "string", _LSOA),
            Column("count", "integer", "Reports of ASB in the months held.", required=True),
            Column(
                "share_percent",
                "number",
                "Share of the location's reports with a map point.",
                decimals=2,
            ),
            Column(
                "cumulative_percent",
                "number",
                "Share of this point and all ranked above it.",
                decimals=2,
            ),
        ),
        lambda figures: figures.places,
        ("rank",),
    ),
    Table(
        "clusters",
        "Hexagons by how reports of ASB cluster",
        "Each hexagon of 200 m edge that holds a map point of any category, with its reports of "
        "ASB and the local statistic Gi* of Getis and Ord over it and the hexagons that share an "
        "edge with it. Map points are not where things happened. Empty under ten hexagons.",
        (
            Column("rank", "integer", "Rank by score, the highest first.", required=True),
            Column("hexagon", "string", "Its place in the grid, axial.", required=True),
            Column("street", "string", "The map point in it with the most reports."),
            Column("count", "integer", "Reports of ASB in the months held.", required=True),
            Column("score", "number", "Gi* as a z score; empty where all are equal.", decimals=3),
            Column(
                "clear",
                "boolean",
                "Whether the score is one that chance would not give among so many (false "
                "discovery rate of 5 in 100, Benjamini and Hochberg).",
            ),
        ),
        lambda figures: figures.clusters,
        ("rank",),
    ),
    Table(
        "comparison",
        "The location beside similar and larger areas",
        "Reports of ASB over the same months, with the rate per 1,000 residents over those months "
        "(not a year) and its 95% interval (Byar; exact below 10).",
        (
            Column(
                "kind",
                "string",
                "What the area is.",
                required=True,
                enum=("location", "similar", "rest_of_district", "district", "csp", "force"),
            ),
            Column("area", "string", "Name of the area.", required=True),
            Column("code", "string", "Official code where there is one."),
            Column("months_counted", "integer", "Months held and counted.", required=True),
            Column("months_asked", "integer", "Months of the package.", required=True),
            Column("count", "integer", "Reports of ASB in the months counted."),
            Column("residents", "integer", "Usual residents: the base of the rate."),
            Column(
                "rate", "number", "Reports per 1,000 residents over the months counted.", decimals=2
            ),
            Column("low", "number", "Lower end of the rate's 95% interval.", decimals=2),
            Column("high", "number", "Upper end of the rate's 95% interval.", decimals=2),
        ),
        lambda figures: figures.comparison,
    ),
    Table(
        "similar_areas",
        "LSOAs most like those of the location",
        "The LSOAs of the same rural–urban class in the police area that lie nearest to the "
        "location’s mean by deprivation and residents, both in standard deviations of that class. "
        "Empty where these facts are not held.",
        (
            Column("rank", "integer", "Rank by distance, the nearest first.", required=True),
            Column("lsoa_code", "string", "Code of the LSOA.", required=True),
            Column("lsoa_name", "string", "Name of the LSOA."),
            Column(
                "deprivation",
                "number",
                "Score of the index of deprivation; higher is more deprived.",
                decimals=3,
            ),
            Column("residents", "integer", "Usual residents."),
            Column("distance", "number", "Distance in standard deviations.", decimals=3),
        ),
        lambda figures: figures.similar,
        ("rank",),
    ),
    Table(
        "season",
        "Calendar months beside the mean month of their year",
        "Reports of ASB by calendar month, from all complete months held up to the last of the "
        "package in calendar years of which six or more are complete; September 2021 and later, or "
        "before March 2020. Empty ratios with fewer than two years.",
        (
            Column("month_of_year", "integer", "Calendar month, 1 for January.", required=True),
            Column("years", "integer", "Years held and used.", required=True),
            Column("ratio", "number", "Mean of reports ÷ mean month of the year.", decimals=3),
            Column("low", "number", "The least of these ratios.", decimals=3),
            Column("high", "number", "The greatest of these ratios.", decimals=3),
            Column("above", "integer", "Years above the year’s mean month.", required=True),
            Column("below", "integer", "Years below the year’s mean month.", required=True),
        ),
        lambda figures: figures.season.rows,
        ("month_of_year",),
    ),
    Table(
        "category_mix",
        "Categories beside the rest of the police area",
        "Each category’s share of all located reports here and in the rest of the police area "
        "over the same months, and how many times the other share it is (95% interval: Katz and "
        "others 1978; empty where a count is 0).",
        (
            Column("category", "string", "Category as published.", required=True),
            Column("count", "integer", "Reports here.", required=True),
            Column("share_percent", "number", "Share of all reports here.", decimals=2),
            Column("others_count", "integer", "Reports in the rest.", required=True),
            Column("others_share_percent", "number", "Share of all in the rest.", decimals=2),
            Column("ratio", "number", "Share here ÷ share in the rest.", decimals=3),
            Column("low", "number", "Lower end of the ratio’s interval.", decimals=3),
            Column("high", "number", "Upper end of the ratio’s interval.", decimals=3),
        ),
        lambda figures: figures.mix,
        ("category",),
    ),
    Table(
        "data_quality",
        "What is held, and how complete it looks",
        "One row for each force and month read, the earlier months used for comparison included.",
        (
            Column("force", "string", "The police force.", required=True),
            Column("month", "yearmonth", "Year and month (YYYY-MM).", required=True),
            Column("status", "string", "As in monthly_counts.", required=True, enum=STATUSES),
            Column("rows_read", "integer", "Rows in the force's file."),
            Column("rows_stored", "integer", "Rows stored."),
            Column(
                "rows_without_location",
                "integer",
                "Rows without a map point: they belong to no location and are in no count.",
            ),
            Column(
                "located_percent", "number", "Share of stored rows with a map point.", decimals=1
            ),
            Column("sha256", "string", "SHA-256 of the file that was read."),
            Column("note", "string", "What to bear in mind about this month."),
        ),
        lambda figures: figures.quality,
        ("force", "month"),
    ),
)


def hotspots_geojson(figures: Figures) -> bytes:
    """Return the ranked map points as GeoJSON (RFC 7946, WGS 84)."""
    names = ("rank", "street", "lsoa_code", "count", "share_percent", "cumulative_percent")
    return _geojson(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
            "properties": {name: getattr(place, name) for name in names},
        }
        for place in figures.places
    )


def clusters_geojson(figures: Figures) -> bytes:
    """Return the hexagons as GeoJSON (RFC 7946, WGS 84)."""
    names = ("rank", "hexagon", "street", "count", "score", "clear")
    return _geojson(
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[list(at) for at in row.ring]]},
            "properties": {name: getattr(row, name) for name in names},
        }
        for row in figures.clusters
    )


def boundary_geojson(figures: Figures) -> bytes:
    """Return the location's boundary as GeoJSON, with how it is defined."""
    feature = {
        "type": "Feature",
        "geometry": json.loads(figures.boundary) if figures.boundary else None,
        "properties": {
            "name": figures.location,
            "definition": figures.area_kind,
            "lsoa_codes": list(figures.lsoa_codes),
            "vintage": figures.vintage,
        },
    }
    return _geojson([feature])


def _geojson(features: Iterable[dict[str, Any]]) -> bytes:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return (json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _check_columns() -> None:
    """Fail at import if a table names a column that its records do not have."""
    from incidents.packages import figures as f
    from incidents.packages.patterns import MixRow, SeasonRow

    kinds = {
        "incidents": f.IncidentRow,
        "monthly_counts": f.MonthCount,
        "places": f.PlaceCount,
        "clusters": f.ClusterRow,
        "comparison": f.ComparisonRow,
        "similar_areas": f.SimilarRow,
        "season": SeasonRow,
        "category_mix": MixRow,
        "data_quality": f.QualityRow,
    }
    for table in TABLES:
        names = {field.name for field in fields(kinds[table.name])}
        unknown = {column.name for column in table.columns} - names
        assert not unknown, f"{table.name}: {unknown}"


_check_columns()
