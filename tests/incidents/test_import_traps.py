"""What an importer of data.police.uk files must handle, each on real rows."""

from __future__ import annotations

import csv
import datetime as dt
import shutil

import pytest
from django.db.models import Count

from incidents import selectors
from incidents.ingest import import_street_crime
from incidents.models import Force, ForceMonth, Incident, Outcome
from tests.factories.incidents import POLICE

pytestmark = pytest.mark.django_db
MARCH = POLICE / "2021-03-west-mercia-street.csv"


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_identical_rows_are_separate_reports():
    published = rows_of(MARCH)
    distinct = {tuple(row.values()) for row in published}
    assert len(distinct) < len(published), "the extract holds repeated rows"
    result = import_street_crime([MARCH])
    assert result.files[0].read == result.files[0].stored == len(published)
    assert Incident.objects.count() == len(published)
    most = (
        Incident.objects.values("street", "category", "crime_id")
        .filter(crime_id="")
        .annotate(n=Count("*"))
        .order_by("-n")
        .first()
    )
    assert most["n"] == 7
    assert (
        sorted(
            Incident.objects.filter(street=most["street"], crime_id="").values_list(
                "occurrence", flat=True
            )
        )[-1]
        == 7
    )


def test_asb_rows_have_no_crime_id_and_no_outcome():
    import_street_crime([MARCH])
    asb = Incident.objects.filter(category__is_asb=True)
    published = [row["Crime type"] for row in rows_of(MARCH)]
    assert asb.count() == published.count("Anti-social behaviour")
    assert not asb.exclude(crime_id="", last_outcome="").exists()


def test_a_repeated_crime_id_is_no_key():
    import_street_crime([POLICE / "2025-02-west-mercia-street.csv"])
    repeated = Incident.objects.exclude(crime_id="").values("crime_id").annotate(n=Count("*"))
    assert repeated.filter(n=2).count() == 1


def test_only_the_month_is_known():
    import_street_crime([MARCH])
    assert set(Incident.objects.values_list("month", flat=True)) == {dt.date(2021, 3, 1)}


def test_rows_without_location_are_stored_and_counted():
    paths = [MARCH, POLICE / "2025-01-west-mercia-street.csv"]
    blank = [row for path in paths for row in rows_of(path) if not row["Longitude"]]
    assert {row["Location"] for row in blank} == {"No Location"}
    assert any(row["Crime type"] == "Anti-social behaviour" for row in blank)
    result = import_street_crime(paths)
    assert sum(one.without_location for one in result.files) == len(blank)
    assert Incident.objects.filter(point=None, lsoa_code="").count() == len(blank)


def test_codes_are_kept_as_published_whatever_their_vintage():
    import_street_crime([MARCH, POLICE / "2024-01-west-mercia-street.csv"])
    for path in (MARCH, POLICE / "2024-01-west-mercia-street.csv"):
        month = dt.date.fromisoformat(path.name[:7] + "-01")
        stored = Incident.objects.filter(month=month).values_list("lsoa_code", flat=True)
        assert sorted(stored) == sorted(row["LSOA code"] for row in rows_of(path))
    assert Incident.objects.filter(lsoa_code="E01028932", month="2021-03-01").exists()


def test_rows_outside_the_force_area_are_kept():
    import_street_crime([MARCH])
    assert Incident.objects.filter(lsoa_name__startswith="Birmingham").exists()


def test_both_line_endings_are_read():
    windows, unix = MARCH, POLICE / "2025-01-west-mercia-street.csv"
    assert b"\r\n" in windows.read_bytes()
    assert b"\r" not in unix.read_bytes()
    result = import_street_crime([windows, unix])
    assert [one.stored for one in result.files] == [len(rows_of(windows)), len(rows_of(unix))]
    assert not Incident.objects.filter(context__contains="\r").exists()


def test_line_endings_and_byte_order_mark_are_not_content(tmp_path):
    """The same rows under other line endings keep their identity: nothing is added or removed."""
    import_street_crime([MARCH])
    before = set(Incident.objects.values_list("pk", flat=True))
    other = tmp_path / MARCH.name
    other.write_bytes(b"\xef\xbb\xbf" + MARCH.read_bytes().replace(b"\r\n", b"\n"))
    result = import_street_crime([other])
    assert (result.inserted, result.deleted) == (0, 0)
    assert set(Incident.objects.values_list("pk", flat=True)) == before


def test_all_fourteen_types_are_kept():
    import_street_crime([MARCH])
    assert Incident.objects.values("category").distinct().count() == 14


def test_british_transport_police_has_no_asb_and_rows_without_lsoa():
    path = POLICE / "2024-01-btp-street.csv"
    result = import_street_crime([path])
    assert result.files[0].force == "btp"
    assert result.files[0].without_location == 0
    assert Incident.objects.filter(lsoa_code="").exclude(point=None).count() == 5
    assert not Incident.objects.exclude(last_outcome="").exists()
    assert Force.objects.get().area is None


def test_an_incomplete_month_is_flagged_and_not_taken_for_a_fall():
    import_street_crime([POLICE / "dyfed-powys-2024-01_2024-04.zip"])
    force = Force.objects.get(slug="dyfed-powys")
    found = selectors.coverage(force, dt.date(2023, 12, 1), dt.date(2024, 4, 1))
    assert [(one.rows, one.status) for one in found] == [
        (None, "missing"),
        (1187, "observed"),
        (300, "partial"),
        (164, "partial"),
        (283, "partial"),
    ]


def test_outcomes_are_counted_apart_and_never_among_the_street_rows():
    outcomes = POLICE / "2021-03-west-mercia-outcomes.csv"
    summary = import_street_crime([MARCH, outcomes]).as_summary()
    assert summary["outcomes"]["read"] == len(rows_of(outcomes)) == 20
    assert summary["outcomes"]["stored"] == Outcome.objects.count() == 20
    assert summary["totals"]["read"] == len(rows_of(MARCH)) == Incident.objects.count()
    assert [one["month"] for one in summary["force_months"]] == ["2021-03"]
    assert set(ForceMonth.objects.values_list("kind", flat=True)) == {"street", "outcomes"}


def test_stop_and_search_is_recognised_and_left_out():
    stops = POLICE / "2022-12-west-mercia-stop-and-search.csv"
    summary = import_street_crime([MARCH, stops]).as_summary()
    assert summary["skipped"][0]["file"] == stops.name
    assert "Stop and search" in summary["skipped"][0]["reason"]


def test_folders_and_zips_nested_in_any_way_are_found(tmp_path):
    deep = tmp_path / "download" / "2021-03" / "again"
    deep.mkdir(parents=True)
    shutil.copy(MARCH, deep)
    shutil.copy(POLICE / "dyfed-powys-2024-01_2024-04.zip", deep)
    result = import_street_crime([tmp_path / "download"])
    assert [(one.force, one.month) for one in result.files] == [
        ("west-mercia", "2021-03"),
        *(("dyfed-powys", f"2024-0{n}") for n in (1, 2, 3, 4)),
    ]
