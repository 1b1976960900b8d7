"""Forces, months and incidents for tests, and street files as a force would publish them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path

import factory
from django.contrib.gis.geos import Point

from core.models import DataImport
from incidents.ingest.layout import STREET_HEADER
from incidents.ingest.street import street_source
from incidents.models import Category, Force, ForceMonth, Incident

POLICE = Path(__file__).parents[1] / "data" / "police"


class ForceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Force
        django_get_or_create = ("slug",)

    slug = "west-mercia"
    name = "West Mercia Police"


class DataImportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataImport

    kind = "street"
    file_name = "2024-01-west-mercia-street.csv"
    sha256 = "0" * 64
    imported_on = dt.date(2024, 6, 25)


class ForceMonthFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ForceMonth
        django_get_or_create = ("force", "month")

    source = factory.LazyFunction(street_source)
    force = factory.SubFactory(ForceFactory)
    month = dt.date(2024, 1, 1)
    kind = "street"
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(str(o.month).encode()).hexdigest())
    rows_read = 100
    rows_stored = factory.SelfAttribute("rows_read")
    rows_without_location = 0
    rows_rejected = 0
    points = 50
    data_import = factory.SubFactory(DataImportFactory)


class IncidentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Incident

    id = factory.LazyFunction(uuid.uuid4)
    force_month = factory.SubFactory(ForceMonthFactory)
    month = factory.SelfAttribute("force_month.month")
    category = factory.LazyAttribute(
        lambda o: Category.objects.get(source=o.force_month.source, name="Anti-social behaviour")
    )
    reported_by = "West Mercia Police"
    falls_within = "West Mercia Police"
    point = factory.LazyFunction(lambda: Point(-2.74, 52.227, srid=4326))
    street = "On or near Corn Square"
    lsoa_code = "E01014048"
    lsoa_name = "Herefordshire 002H"


def package_zip(content: bytes = b"figures\n") -> bytes:
    """Return a zip like a package's, the bytes readable in it: its two spreadsheets."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in ("package.xlsx", "package.ods"):
            archive.writestr(name, content)
    return out.getvalue()


def row(**fields: str) -> dict[str, str]:
    """Return one street row by column; what is not given is an ASB report in Leominster."""
    usual = {
        "Crime ID": "",
        "Month": "2024-01",
        "Reported by": "West Mercia Police",
        "Falls within": "West Mercia Police",
        "Longitude": "-2.740403",
        "Latitude": "52.226831",
        "Location": "On or near West Street",
        "LSOA code": "E01014048",
        "LSOA name": "Herefordshire 002H",
        "Crime type": "Anti-social behaviour",
        "Last outcome category": "",
        "Context": "",
    }
    return usual | {name.replace("_", " "): value for name, value in fields.items()}


def street_text(rows: Iterable[dict[str, str]], end: str = "\r\n") -> str:
    """Return rows as the text of a street file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, STREET_HEADER, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def street_file(
    folder: Path, rows: Iterable[dict[str, str]], name: str = "2024-01-west-mercia-street.csv"
) -> Path:
    """Write rows as a street file and return its path."""
    path = folder / name
    path.write_bytes(street_text(rows).encode())
    return path
