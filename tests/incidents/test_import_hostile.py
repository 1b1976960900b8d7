"""Hostile and broken input: a plain error that names the place, and nothing changed."""

from __future__ import annotations

import stat
import zipfile

import pytest

from core import archives
from core.errors import BadInput
from core.models import DataImport
from incidents.ingest import import_street_crime
from incidents.models import ForceMonth, Incident
from tests.factories.incidents import POLICE, row, street_file, street_text

pytestmark = pytest.mark.django_db
NAME = "2024-01/2024-01-west-mercia-street.csv"
GOOD = street_text([row(), row()])


@pytest.fixture(autouse=True)
def nothing_changed():
    yield
    assert not Incident.objects.exists()
    assert not ForceMonth.objects.exists()
    assert not DataImport.objects.exists()


def refused(*paths, keep_good=False):
    with pytest.raises(BadInput) as caught:
        import_street_crime(paths, keep_good=keep_good)
    return caught.value


def zipped(tmp_path, entries, name="archive.zip", **options):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for entry, text in entries:
            archive.writestr(entry, text)
    return path


def test_not_a_zip(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(b"this is no zip at all" * 100)
    assert "not a whole zip" in str(refused(path))


def test_nothing_at_the_path(tmp_path):
    assert "nothing there" in str(refused(tmp_path / "missing.zip"))


def test_a_cut_off_zip(tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes((POLICE / "dyfed-powys-2024-01_2024-04.zip").read_bytes()[:40_000])
    assert "cut off" in str(refused(path))


@pytest.mark.parametrize("at", [200, 20_000, 60_000])
def test_a_damaged_zip_names_the_damaged_file(tmp_path, at):
    raw = bytearray((POLICE / "dyfed-powys-2024-01_2024-04.zip").read_bytes())
    raw[at : at + 40] = bytes(40)
    path = tmp_path / "archive.zip"
    path.write_bytes(raw)
    assert "archive.zip: 2024-0" in str(refused(path))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = zipped(tmp_path, [(NAME, "0" * 50_000_000)])
    assert "zip bomb" in str(refused(path))


def test_too_many_entries(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    path = zipped(tmp_path, [(f"{n}.csv", GOOD) for n in range(4)])
    assert "4 entries" in str(refused(path))


def test_too_many_bytes_in_all(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 100)
    assert "bytes once unpacked" in str(refused(zipped(tmp_path, [(NAME, GOOD)])))


@pytest.mark.parametrize(
    "entry",
    [
        "../../etc/2024-01-west-mercia-street.csv",
        "/etc/2024-01-west-mercia-street.csv",
        "..\\2024-01-west-mercia-street.csv",
        "C:\\2024-01-west-mercia-street.csv",
    ],
)
def test_a_name_that_leads_outside(tmp_path, entry):
    assert "leads outside" in str(refused(zipped(tmp_path, [(NAME, GOOD), (entry, GOOD)])))
    assert [path.name for path in tmp_path.rglob("*")] == ["archive.zip"]


def test_an_entry_without_a_name(tmp_path):
    nameless = zipfile.ZipInfo("x")
    nameless.filename = ""
    assert "without a name" in str(refused(zipped(tmp_path, [(NAME, GOOD), (nameless, GOOD)])))


@pytest.mark.parametrize("rows", [3, 900])
def test_a_header_that_ends_otherwise_than_the_rows_hides_no_row(tmp_path, rows):
    """Read line by line, the first rows would count as the header's line and be lost unsaid."""
    path = tmp_path / "2024-01-west-mercia-street.csv"
    text = street_text([row()] * rows, "\r") + street_text([row(Longitude="400")], "\n")
    path.write_text(text.replace(",".join(row()) + "\n", ""), newline="")
    assert path.name in str(refused(path, keep_good=True))


def test_a_symbolic_link(tmp_path):
    link = zipfile.ZipInfo(NAME)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "symbolic link" in str(refused(zipped(tmp_path, [(link, "/etc/passwd")])))


def test_an_encrypted_entry(tmp_path):
    path = zipped(tmp_path, [(NAME, GOOD)])
    raw = path.read_bytes()
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = raw.index(magic)
        raw = raw[: start + at] + b"\x01" + raw[start + at + 1 :]
    path.write_bytes(raw)
    assert "without password" in str(refused(path))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_entry_twice(tmp_path):
    assert "twice" in str(refused(zipped(tmp_path, [(NAME, GOOD), (NAME, GOOD)])))


def test_a_zip_inside_a_zip(tmp_path):
    inner = zipped(tmp_path, [(NAME, GOOD)], "inner.zip").read_bytes()
    assert "archive inside the archive" in str(refused(zipped(tmp_path, [("inner.zip", inner)])))


def test_a_zip_without_street_files(tmp_path):
    assert "no CSV file" in str(refused(zipped(tmp_path, [("readme.txt", "hello")])))
    searches = POLICE / "2022-12-west-mercia-stop-and-search.csv"
    assert "no street or outcomes file" in str(refused(searches))


def test_a_wrong_header_names_the_column(tmp_path):
    path = tmp_path / "2024-01-west-mercia-street.csv"
    path.write_text(GOOD.replace("Longitude,Latitude", "Latitude,Longitude", 1))
    error = refused(path, keep_good=True).errors[0]
    assert (error.file, error.row, error.column, error.found) == (
        path.name,
        1,
        "Longitude",
        "Latitude",
    )


def test_a_file_cut_off_within_a_row(tmp_path):
    path = tmp_path / "2024-01-west-mercia-street.csv"
    path.write_text(GOOD[:-40], newline="")
    error = refused(path).errors[0]
    assert (error.row, error.expected) == (3, "12 columns, as the header")


@pytest.mark.parametrize(
    "rubbish", [bytes(range(256)) * 50, b"\x00" * 5000, b"\xff\xfe" * 400, b""]
)
def test_binary_rubbish(tmp_path, rubbish):
    path = tmp_path / "2024-01-west-mercia-street.csv"
    path.write_bytes(rubbish)
    assert path.name in str(refused(path, keep_good=True))


@pytest.mark.parametrize(
    ("rubbish", "column"),
    [
        (b"\xff", None),
        (b"\x00", "Location"),
        (b"\x07", "Location"),
        (b'"', None),
        (b'"a\r\nb"', None),
    ],
)
def test_rubbish_within_a_row_names_the_row(tmp_path, rubbish, column):
    path = tmp_path / "2024-01-west-mercia-street.csv"
    raw = GOOD.encode()
    at = raw.rindex(b"On or near")
    path.write_bytes(raw[:at] + rubbish + raw[at:])
    error = refused(path).errors[0]
    assert (error.row, error.column) == (3, column)


def test_the_end_mark_of_copy_hides_no_rows(tmp_path):
    """A line of backslash and dot would end COPY early and lose the rows behind it silently."""
    path = tmp_path / "2024-01-west-mercia-street.csv"
    lines = GOOD.split("\r\n")
    path.write_text("\r\n".join([lines[0], lines[1], "\\.", lines[2], ""]), newline="")
    assert refused(path).errors[0].row == 3


def test_one_endless_line(tmp_path):
    path = tmp_path / "2024-01-west-mercia-street.csv"
    path.write_bytes(GOOD.encode() + b"x" * 3_000_000)
    assert refused(path).errors[0].row == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Month", "2024-13"),
        ("Month", "2024-02"),
        ("Month", ""),
        ("Longitude", "400"),
        ("Longitude", "12,5"),
        ("Longitude", ""),
        ("Latitude", "-52.2"),
        ("Latitude", "NaN"),
        ("Latitude", "1e1"),
        ("Latitude", ""),
        ("Crime type", "Anti-social Behaviour"),
        ("LSOA code", "E010140480"),
        ("LSOA code", "Leominster"),
        ("Reported by", ""),
        ("Crime ID", "12"),
        ("Location", "x" * 201),
        ("Falls within", "x" * 101),
    ],
)
def test_a_bad_value_names_row_and_column(tmp_path, field, value):
    path = street_file(tmp_path, [row(), row(**{field: value}), row()])
    error = refused(path).errors[0]
    blank_pair = {"Longitude": "Latitude", "Latitude": "Longitude"}
    columns = {field} | ({blank_pair[field]} if not value and field in blank_pair else set())
    assert error.row == 3
    assert error.column in columns
    assert error.file == path.name


def test_a_month_of_13_in_the_name(tmp_path):
    path = street_file(tmp_path, [row(Month="2024-13")], "2024-13-west-mercia-street.csv")
    error = refused(path).errors[0]
    assert (error.row, error.column, error.found) == (2, "Month", "2024-13")
    path = street_file(tmp_path, [row()], "2024-13-west-mercia-street.csv")
    assert "2024-13" in str(refused(path))


def test_a_month_still_to_come(tmp_path):
    path = street_file(tmp_path, [row(Month="2999-01")], "2999-01-west-mercia-street.csv")
    assert "a month that has begun" in str(refused(path))


def test_more_bad_rows_than_can_be_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("incidents.ingest.staging.MAX_REJECTED", 5)
    path = street_file(tmp_path, [row(), *(row(Longitude="400") for __ in range(9))])
    assert len(refused(path, keep_good=True).errors) > 5
