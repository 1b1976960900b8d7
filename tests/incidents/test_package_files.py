"""The files of a data package: complete, honest about what is missing, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pytest

from incidents.models import Incident
from incidents.packages.build import build
from incidents.packages.figures import ASB
from incidents.packages.gather import gather
from incidents.packages.recipe import Recipe
from programmes.models import Location
from tests.core.test_pdf import failures
from tests.incidents.streets import CODES, hold_month, make_areas

A, B, REST = CODES
RECIPE = Recipe("leominster", "2024-01", "2024-06")
FILES = [
    "datapackage.json",
    "incidents.csv",
    "monthly_counts.csv",
    "places.csv",
    "clusters.csv",
    "comparison.csv",
    "similar_areas.csv",
    "season.csv",
    "category_mix.csv",
    "data_quality.csv",
    "hotspots.geojson",
    "clusters.geojson",
    "boundary.geojson",
    "package.xlsx",
    "package.ods",
    "briefing.html",
    "briefing.pdf",
]


def hold_everything() -> None:
    for month, a, b in (("2022-01", 30, 10), ("2022-02", 20, 10), ("2022-03", 20, 5)):
        hold_month(month, {A: a, B: b, REST: 40})
    for month, a, b in (
        ("2024-01", 12, 8),
        ("2024-02", 11, 0),
        ("2024-03", 15, 6),
        ("2024-04", 20, 1),
    ):
        hold_month(month, {A: a, B: b, REST: 30}, other=3, without=2)


def fresh() -> Location:
    return Location.objects.select_related("programme", "area").get(slug="leominster")


@pytest.fixture
def figures(people):
    make_areas(people.location)
    hold_everything()
    return gather(RECIPE, fresh())


@pytest.fixture(scope="module")
def built():
    """One built package for the tests that only look at it (building takes seconds)."""
    return {}


@pytest.fixture
def package(figures, built) -> dict[str, bytes]:
    if "zip" not in built:
        built["figures"], built["zip"] = figures, build(figures)
    # The world is made anew for each test; what was built must still be of the same figures.
    assert figures.fingerprint == built["figures"].fingerprint
    archive = zipfile.ZipFile(io.BytesIO(built["zip"]))
    return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_a_missing_month_has_an_empty_count_and_never_zero(package):
    own = [
        row
        for row in rows(package["monthly_counts.csv"])
        if row["area"] == "Leominster" and row["category"] == ASB
    ]
    assert [(row["month"], row["count"], row["status"]) for row in own] == [
        ("2024-01", "20", "observed"),
        ("2024-02", "11", "observed"),
        ("2024-03", "21", "observed"),
        ("2024-04", "21", "observed"),
        ("2024-05", "", "missing"),
        ("2024-06", "", "missing"),
    ]


def test_other_areas_stand_by_code_and_add_up_to_the_location(package):
    table = rows(package["monthly_counts.csv"])
    assert {row["area"] for row in table} == {"Leominster", A, B}
    for month in ("2024-01", "2024-02", "2024-03", "2024-04"):
        of_month = {
            row["area"]: int(row["count"])
            for row in table
            if row["month"] == month and row["category"] == ASB
        }
        assert of_month["Leominster"] == of_month[A] + of_month[B]
    assert all(row["count"] == "" for row in table if row["month"] >= "2024-05")


def test_all_fourteen_types_are_counted_in_every_month(package):
    table = [row for row in rows(package["monthly_counts.csv"]) if row["area"] == "Leominster"]
    assert len({row["category"] for row in table}) == 14
    assert len(table) == 14 * 6
    burglary = [row["count"] for row in table if row["category"] == "Burglary"]
    assert burglary == ["3", "3", "3", "3", "", ""]


def test_every_row_of_the_location_is_in_incidents_and_no_other(package):
    table = rows(package["incidents.csv"])
    assert len(table) == 73 + 4 * 3
    assert {row["lsoa_code"] for row in table} == {A, B}
    assert "id" not in table[0]


def test_places_are_ranked_and_their_shares_end_at_a_hundred(package):
    table = rows(package["places.csv"])
    counts = [int(row["count"]) for row in table]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 73
    assert table[-1]["cumulative_percent"] == "100.00"
    assert float(table[0]["share_percent"]) == pytest.approx(100 * counts[0] / 73, abs=0.01)
    points = json.loads(package["hotspots.geojson"])["features"]
    assert [point["properties"]["count"] for point in points] == counts


def test_the_comparison_carries_base_interval_and_coverage(package):
    table = {row["kind"]: row for row in rows(package["comparison.csv"])}
    own, rest = table["location"], table["rest_of_district"]
    assert (own["count"], own["residents"], own["months_counted"], own["months_asked"]) == (
        "73",
        "4000",
        "4",
        "6",
    )
    # 73 per 4,000 with Byar's interval 57.2 to 91.8.
    assert (own["rate"], own["low"], own["high"]) == ("18.25", "14.30", "22.95")
    assert (rest["area"], rest["count"], rest["residents"]) == ("the rest of Shire", "120", "2000")


def test_the_quality_of_each_month_is_told_with_the_hash_of_its_file(package):
    table = {row["month"]: row for row in rows(package["data_quality.csv"])}
    assert table["2024-01"]["status"] == "observed"
    assert table["2024-01"]["rows_without_location"] == "2"
    assert table["2024-01"]["located_percent"] == "96.4"  # 53 of 55
    assert len(table["2024-01"]["sha256"]) == 64
    assert table["2024-05"]["status"] == "missing"
    assert table["2024-05"]["rows_stored"] == ""
    assert "comparison" in table["2022-01"]["note"]
    assert "2023-01" not in table


def test_like_months_of_an_earlier_year_are_compared(figures):
    change = figures.change
    assert change.months == ("2024-01", "2024-02", "2024-03")
    assert change.earlier == ("2022-01", "2022-02", "2022-03")
    assert (change.now, change.before) == (52, 95)
    assert change.z == pytest.approx(2 * (52**0.5 - 95**0.5), abs=0.01)
    assert change.status == "clear_change"


def test_it_is_too_early_to_tell_without_like_months(people):
    make_areas(people.location)
    hold_month("2024-01", {A: 5})
    hold_month("2023-01", {A: 5})
    change = gather(RECIPE, fresh()).change
    assert (change.status, change.now, change.before) == ("too_early", None, None)


def test_a_package_of_two_years_compares_within_itself(people):
    make_areas(people.location)
    for year, count in (("2023", 16), ("2024", 25)):
        for month in ("01", "02", "03"):
            hold_month(f"{year}-{month}", {A: count})
    change = gather(Recipe("leominster", "2023-01", "2024-03"), fresh()).change
    assert (change.now, change.before) == (75, 48)


def test_the_package_is_valid_for_an_outsider(package, tmp_path):
    from frictionless import validate

    for name, data in package.items():
        (tmp_path / name).write_bytes(data)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    line = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", str(tmp_path / "datapackage.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert line.returncode == 0, line.stdout


def test_a_changed_file_no_longer_passes_its_hash(package, tmp_path):
    from frictionless import validate

    for name, data in package.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "places.csv").write_bytes(package["places.csv"].replace(b"High", b"Nigh", 1))
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_the_description_names_every_file_column_source_and_gap(package):
    described = json.loads(package["datapackage.json"])
    assert list(package) == FILES
    assert [r["path"] for r in described["resources"]] == FILES[1:]
    for resource in described["resources"]:
        data = package[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        for field in resource.get("schema", {"fields": []})["fields"]:
            assert len(field["description"]) > 10, field
    assert described["coverage"]["missing"] == ["2024-05", "2024-06"]
    assert described["recipe"]["from"] == "2024-01"
    assert all(source["licence"] and source["attribution"] for source in described["sources"])
    assert "Leominster" in described["title"]


def test_the_zip_carries_no_hour_and_no_owner(figures, built, package):
    for info in zipfile.ZipFile(io.BytesIO(built["zip"])).infolist():
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert info.external_attr >> 16 == 0o100644
        assert info.extra == b""


def test_the_same_figures_give_the_same_bytes_at_another_hour_place_and_language(
    figures, built, package, monkeypatch, settings, tmp_path
):
    from django.utils import timezone, translation

    settings.VAR_DIR = tmp_path / "another"  # no drawing is kept there
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    try:
        with timezone.override("Asia/Tokyo"), translation.override("en-gb"):
            assert build(figures) == built["zip"]
    finally:
        monkeypatch.undo()
        os.environ.pop("TZ", None)
        time.tzset()


def test_rows_in_another_order_with_other_ids_give_the_same_figures(figures):
    everything = list(Incident.objects.all())
    Incident.objects.all().delete()
    import uuid

    for row in everything:
        row.id = uuid.uuid4()
    Incident.objects.bulk_create(reversed(everything))
    assert gather(RECIPE, fresh()).fingerprint == figures.fingerprint


def test_another_count_is_another_fingerprint(figures):
    Incident.objects.filter(lsoa_code=A, category__name=ASB, month="2024-01-01").first().delete()
    again = gather(RECIPE, fresh())
    assert again.fingerprint != figures.fingerprint
    assert again.monthly[0].count == 19
    assert replace(figures, recipe=replace(RECIPE, method=99)).fingerprint != figures.fingerprint


def test_every_output_says_the_same_figures(package, tmp_path):
    file = tmp_path / "briefing.pdf"
    file.write_bytes(package["briefing.pdf"])
    pdf = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    ).stdout
    page = package["briefing.html"].decode()
    for text in (pdf, page):
        joined = " ".join(text.split())
        assert "73 reports of ASB are published for Leominster in January to April 2024" in joined
        assert "May and June 2024 are missing" in joined
        assert "not crimes" in joined
        assert "18.3 per 1,000 residents" in joined
        assert "Clear change: fewer." in joined
        assert "data.police.uk" in joined
    for sheet in pdf.split("\f")[:-1]:
        assert "OFFICIAL" in sheet.splitlines()[0] + sheet[:200]


def test_the_pdf_is_accessible_and_the_page_asks_for_nothing_outside(package):
    assert failures(package["briefing.pdf"]) == []
    page = package["briefing.html"].decode()
    for needle in ('src="http', 'href="http', "<script", "@import", "url("):
        assert needle not in page
    assert page.count("<img") == page.count('src="data:image/') == 3


def test_a_name_with_markup_stays_a_name(people):
    people.location.name = "Leo<b>minster</b> & Co"
    people.location.save()
    make_areas(people.location)
    hold_month("2024-01", {A: 4})
    Incident.objects.update(street="On or near <script>x</script>")
    from incidents.packages.briefing import as_html

    page = as_html(
        gather(RECIPE, fresh()),
        {"monthly": (b"x", "image/svg+xml"), "places": (b"x", "image/svg+xml")},
    ).decode()
    assert "<script>" not in page
    assert "Leo<b>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
