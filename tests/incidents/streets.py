"""A small world of areas and street rows, counted by hand in the tests that use it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from core.models import DataImport
from incidents.models import Category, Force, ForceMonth, Incident, Source
from places.choices import AreaKind, DefinitionKind, LinkKind
from places.models import Area, AreaDefinition, AreaDefinitionMember, AreaLink

ASB = "Anti-social behaviour"
CODES = ("E01000001", "E01000002", "E01000009")  # two in the location, one in the rest


def square(x: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((x, 52.2, x + 0.01, 52.21)), srid=4326)


def make_areas(location, *, residents: int = 4000) -> None:
    """The location has two LSOAs; a third lies in the same district and force."""
    taken = DataImport.objects.create(
        kind="areas",
        file_name="lsoa.geojson",
        sha256="a" * 64,
        title="LSOA boundaries",
        licence="OGL",
        attribution="Source: Office for National Statistics.",
        imported_on=dt.date(2024, 6, 1),
    )
    lsoas = [
        Area.objects.create(
            kind=AreaKind.LSOA,
            code=code,
            vintage=2021,
            name=f"Town {n}",
            boundary=square(-2.8 + n / 100),
            data_import=taken,
        )
        for n, code in enumerate(CODES)
    ]
    larger = [
        Area.objects.create(kind=kind, code=code, vintage=2024, name=name)
        for kind, code, name in (
            (AreaKind.DISTRICT, "E06000001", "Shire, County of"),
            (AreaKind.FORCE, "E23000016", "West Mercia"),
        )
    ]
    for lsoa in lsoas:
        lsoa.populations.create(
            source="Census 2021", reference_date=dt.date(2021, 3, 21), residents=residents // 2
        )
        AreaLink.objects.create(kind=LinkKind.WITHIN, source=lsoa, target=larger[0])
    AreaLink.objects.create(kind=LinkKind.WITHIN, source=larger[0], target=larger[1])
    definition = AreaDefinition.objects.create(
        kind=DefinitionKind.LSOA_SET,
        residents=residents,
        residents_source="Census 2021",
        boundary=MultiPolygon(*(part for lsoa in lsoas[:2] for part in lsoa.boundary), srid=4326),
    )
    for lsoa in lsoas[:2]:
        AreaDefinitionMember.objects.create(definition=definition, area=lsoa)
    location.area = definition
    location.save(update_fields=["area"])


def source() -> Source:
    return Source.objects.get_or_create(
        slug="data-police-uk",
        defaults={
            "title": "Street-level data",
            "licence": "OGL",
            "attribution": "data.police.uk",
            "url": "https://data.police.uk/data/",
        },
    )[0]


def category(name: str) -> Category:
    return Category.objects.get_or_create(
        source=source(),
        slug=name.lower().replace(" ", "-"),
        defaults={"name": name, "is_asb": name == ASB},
    )[0]


def hold_month(
    month: str, counts: dict[str, int] | None = None, *, other: int = 0, without: int = 0
) -> ForceMonth:
    """Store a month: ASB rows by LSOA code, ``other`` rows of burglary, ``without`` no location."""
    counts = counts or {}
    first = dt.date.fromisoformat(f"{month}-01")
    force = Force.objects.get_or_create(
        slug="west-mercia", defaults={"name": "West Mercia Police"}
    )[0]
    total = sum(counts.values()) + other + without
    held = ForceMonth.objects.create(
        source=source(),
        force=force,
        month=first,
        sha256=f"{hash(month) & 0xFFFF:064x}",
        rows_read=total,
        rows_stored=total,
        rows_without_location=without,
        rows_rejected=0,
        data_import=DataImport.objects.create(
            kind="street",
            file_name=f"{month}.csv",
            sha256="b" * 64,
            imported_on=dt.date(2024, 6, 1),
        ),
    )
    rows = []
    for code, count in counts.items():
        x = -2.8 + CODES.index(code) / 100
        # Every second report lies at a second point of the LSOA.
        rows += [
            (
                ASB,
                code,
                Point(x + 0.002 + 0.003 * (n % 2), 52.205, srid=4326),
                f"On or near {'Mill' if n % 2 else 'High'} Street",
            )
            for n in range(count)
        ]
    rows += [("Burglary", CODES[0], Point(-2.795, 52.206, srid=4326), "On or near Lane")] * other
    rows += [(ASB, "", None, "No Location")] * without
    Incident.objects.bulk_create(
        Incident(
            id=uuid.uuid4(),
            force_month=held,
            month=first,
            category=category(name),
            occurrence=n + 1,
            reported_by=force.name,
            falls_within=force.name,
            point=point,
            street=street,
            lsoa_code=code,
            lsoa_name=f"Town {code[-1]}" if code else "",
        )
        for n, (name, code, point, street) in enumerate(rows)
    )
    return held
