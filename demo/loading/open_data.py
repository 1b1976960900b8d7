"""The real open data of the demonstration, through the importers that everybody uses.

A file counts as there when its import, with the same hash, is on record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from core.models import DataImport
from demo.content import DATA
from demo.loading.part import Part
from incidents.ingest.street import import_street_crime
from incidents.models import ForceMonth
from places.ingest import (
    About,
    Level,
    import_area_lookup,
    import_areas,
    import_classification,
    import_deprivation,
    import_population,
)
from places.ingest.areas import AreaFile
from places.ingest.facts import FactFile, PopulationLayout
from places.ingest.files import MHCLG

# April 2024 arrived after the analyst's first package: see ``early_parts`` and ``late_parts``.
SPRING = "west-mercia-2024-01_2024-04"
LATE_MONTH = "2024-04"
CENSUS_DAY = dt.date(2021, 3, 21)
MID_2020 = dt.date(2020, 6, 30)
STREET_FILE = re.compile(r"(?P<month>\d{4}-\d{2})-(?P<force>.+)-street\.csv")


def parts(*, brief: bool = False) -> Iterator[Part]:
    """Yield one part for each file, smaller areas after the larger that names refer to.

    Unless ``brief``, the month that arrived late is left to ``late_parts``.
    """
    for title, path, load in _tables():
        yield Part(path.stem, title, partial(_is_on_record, path), load)
    for path in sorted((DATA / "police").glob("*.zip")):
        if brief and "2024" not in path.name:
            continue
        if path.stem == SPRING and not brief:
            yield Part(
                f"{path.stem}-early",
                f"Street-level reports, {path.stem}, before {LATE_MONTH}",
                partial(_months_are_held, path, before=LATE_MONTH),
                partial(_import_before, path, LATE_MONTH),
            )
            continue
        yield _archive(path)


def late_parts() -> Iterator[Part]:
    """Yield the archive whose last month arrived after the first package was built."""
    yield _archive(DATA / "police" / f"{SPRING}.zip")


def late_month_is_held() -> bool:
    """Say whether the month that arrived late is in the store."""
    return _months_are_held(DATA / "police" / f"{SPRING}.zip")


def _archive(path: Path) -> Part:
    return Part(
        path.stem,
        f"Street-level reports, {path.stem}",
        partial(_months_are_held, path),
        partial(import_street_crime, [path]),
    )


def _import_before(path: Path, month: str) -> None:
    """Take in the files of an archive whose month is earlier."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        for name in archive.namelist():
            match = STREET_FILE.fullmatch(Path(name).name)
            if match and match["month"] < month:
                archive.extract(name, folder)
        import_street_crime([folder])


def _tables() -> Iterator[tuple[str, Path, Callable[[], Any]]]:
    """Yield (title, file, how it is taken in) for everything but reports."""
    areas = (
        ("lsoa21_west_mercia", "lsoa", 2021, "lsoa21", "LSOAs, December 2021"),
        ("lsoa11_west_mercia", "lsoa", 2011, "lsoa11", "LSOAs, December 2011"),
        ("wards21_west_mercia", "ward", 2021, "ward21", "Wards, December 2021"),
        ("local_authorities24_west_mercia", "district", 2024, "ltla24", "Districts, May 2024"),
        ("police_force_areas20", "force", 2020, "pfa20", "Police force areas, December 2020"),
    )
    for name, kind, vintage, prefix, title in areas:
        path = DATA / "boundaries" / f"{name}.geojson"
        file = AreaFile(
            path=path,
            kind=kind,
            vintage=vintage,
            code=f"{prefix}_code",
            name=f"{prefix}_name",
            crs="EPSG:4326",
        )
        about = About(title=f"Boundaries of {title}")
        yield about.title, path, partial(import_areas, file, about=about)
    yield from _lookups()
    yield from _facts()


def _lookups() -> Iterator[tuple[str, Path, Callable[[], Any]]]:
    folder = DATA / "lookups"
    path = folder / "lsoa11_lsoa21_ltla22_west_mercia.csv"
    about = About(title="Lookup of LSOAs, 2011 to 2021")
    levels = [
        Level("lsoa", 2011, "lsoa11_code", "lsoa11_name"),
        Level("lsoa", 2021, "lsoa21_code", "lsoa21_name"),
    ]
    yield (
        about.title,
        path,
        partial(import_area_lookup, path, levels=levels, change="change_code", about=about),
    )
    path = folder / "lsoa21_ward24_ltla24_west_mercia.csv"
    about = About(title="Lookup of LSOAs to wards and districts, 2024")
    levels = [
        Level("lsoa", 2021, "lsoa21_code", "lsoa21_name"),
        Level("ward", 2024, "ward24_code", "ward24_name"),
        Level("district", 2024, "ltla24_code", "ltla24_name"),
    ]
    yield about.title, path, partial(import_area_lookup, path, levels=levels, about=about)
    path = folder / "ltla24_csp24_pfa24_england_wales.csv"
    about = About(title="Lookup of districts to community safety partnerships and forces, 2024")
    levels = [
        Level("district", 2024, "ltla24_code", "ltla24_name"),
        Level("csp", 2024, "csp24_code", "csp24_name"),
        Level("force", 2024, "pfa24_code", "pfa24_name"),
    ]
    yield about.title, path, partial(import_area_lookup, path, levels=levels, about=about)


def _facts() -> Iterator[tuple[str, Path, Callable[[], Any]]]:
    populations = (
        (
            "census2021_ethnic_group_lsoa21_west_mercia",
            2021,
            "lsoa21_code",
            PopulationLayout(
                source="Census 2021",
                date=CENSUS_DAY,
                group="ethnic_group",
                value="n",
                prefix="ethnic: ",
            ),
            "Usual residents and ethnic groups, Census 2021",
        ),
        (
            "mid2020_population_single_year_age_lsoa11_west_mercia",
            2011,
            "lsoa11_code",
            PopulationLayout(source="Mid-2020 estimate", date=MID_2020),
            "Population estimates by age, mid-2020",
        ),
    )
    for name, vintage, code, layout, title in populations:
        path = DATA / "population" / f"{name}.csv"
        file = FactFile(path, "lsoa", vintage, code)
        yield title, path, partial(import_population, file, layout, about=About(title=title))
    path = DATA / "lookups" / "rural_urban_2021_lsoa21_west_mercia.csv"
    about = About(title="Rural–urban classification of LSOAs, 2021")
    file = FactFile(path, "lsoa", 2021, "lsoa21_code")
    yield (
        about.title,
        path,
        partial(
            import_classification,
            file,
            scheme="Rural-urban 2021",
            column="ruc21_code",
            name="classification",
            about=about,
        ),
    )
    for year, vintage in ((2019, 2011), (2025, 2021)):
        short = f"lsoa{vintage % 100}"
        path = DATA / "deprivation" / f"imd{year}_{short}_west_mercia.csv"
        about = About(title=f"Indices of Deprivation {year}", attribution=MHCLG)
        file = FactFile(path, "lsoa", vintage, f"{short}_code")
        yield about.title, path, partial(import_deprivation, file, year=year, about=about)


@cache
def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_on_record(path: Path) -> bool:
    """Say whether this very file was taken in."""
    return DataImport.objects.filter(file_name=path.name, sha256=_digest(path)).exists()


def _months_are_held(path: Path, *, before: str = "9999-12") -> bool:
    """Say whether each street file of an archive with an earlier month has its force and month."""
    with zipfile.ZipFile(path) as archive:
        found = [STREET_FILE.fullmatch(Path(name).name) for name in archive.namelist()]
    wanted = {(m["force"], m["month"]) for m in found if m and m["month"] < before}
    held = ForceMonth.objects.filter(kind="street").values_list("force__slug", "month")
    return wanted <= {(force, f"{month:%Y-%m}") for force, month in held}
