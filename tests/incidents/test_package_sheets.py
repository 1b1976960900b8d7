"""The spreadsheets of a package hold what its tables hold, read back by other programs."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import openpyxl
import pyogrio
import pytest

from core.exports.opendocument import OpenBook
from incidents.packages.build import tables
from incidents.packages.figures import IncidentRow
from incidents.packages.gather import gather
from incidents.packages.recipe import Recipe
from incidents.packages.sheets import as_ods, as_xlsx
from tests.incidents.streets import hold_month, make_areas


@pytest.fixture
def figures(people):
    make_areas(people.location)
    for month in ("2024-01", "2024-02", "2024-04"):
        hold_month(month, {"E01000001": 12, "E01000002": 3}, other=4, without=1)
    return gather(Recipe("leominster", "2024-01", "2024-04"), people.location)


def csv_rows(figures, name):
    text = tables(figures)[f"{name}.csv"].decode()
    return list(csv.reader(io.StringIO(text)))


def as_text(value) -> str:
    """Write a cell as the CSV file does, but for trailing zeros of decimals."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def plain(text: str) -> str:
    try:
        return as_text(float(text)) if "." in text else text
    except ValueError:
        return text


@pytest.mark.parametrize("name", ["monthly_counts", "places", "comparison", "data_quality"])
def test_excel_holds_the_rows_of_the_csv_file_with_numbers_as_numbers(figures, name):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(figures)))
    rows = [[as_text(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
    assert rows == [[plain(cell) for cell in row] for row in csv_rows(figures, name)]
    if name == "monthly_counts":
        assert {type(row[3]) for row in book[name].iter_rows(min_row=2, values_only=True)} == {
            int,
            type(None),
        }


@pytest.mark.parametrize("name", ["monthly_counts", "places", "comparison"])
def test_opendocument_is_read_back_by_another_program(figures, name, tmp_path):
    path = tmp_path / "package.ods"
    path.write_bytes(as_ods(figures))
    found = pyogrio.read_dataframe(path, layer=name, read_geometry=False)
    wanted = csv_rows(figures, name)
    assert list(found.columns) == wanted[0]
    assert len(found) == len(wanted) - 1
    number = wanted[0].index("count")
    counts = [None if value != value or value is None else int(value) for value in found["count"]]
    assert counts == [int(row[number]) if row[number] else None for row in wanted[1:]]


def test_the_first_sheet_says_what_is_missing_and_where_it_comes_from(figures, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(figures)))
    about = [tuple(row[:2]) for row in book["About"].iter_rows(values_only=True)]
    assert ("Missing months", "March 2024. Missing is not zero.") in about
    assert any(what == "Source" and "data.police.uk" in text for what, text in about)
    assert ("Fingerprint", figures.fingerprint) in about
    path = tmp_path / "package.ods"
    path.write_bytes(as_ods(figures))
    assert pyogrio.list_layers(path)[0][0] == "About"


def test_the_same_figures_give_the_same_bytes(figures):
    assert as_xlsx(figures) == as_xlsx(figures)
    assert as_ods(figures) == as_ods(figures)


HOSTILE = ("=1+1", "+44", "@SUM(A1)", "-2", "a  b\tc", "<b>&\"'", "x\x00y\x1fz", " lead")


def test_no_text_becomes_a_formula_and_none_is_lost(figures, tmp_path):
    base = figures.incidents[0]
    rows = tuple(
        IncidentRow(**{name: getattr(base, name) for name in base.__slots__} | {"street": street})
        for street in HOSTILE
    )
    hostile = replace(figures, incidents=rows)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(hostile)))
    cells = [row[2] for row in book["incidents"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    path = tmp_path / "package.ods"
    path.write_bytes(as_ods(hostile))
    found = list(pyogrio.read_dataframe(path, layer="incidents", read_geometry=False)["street"])
    assert found[:4] == list(HOSTILE[:4])
    assert found[5] == HOSTILE[5]
    content = zipfile.ZipFile(path).read("content.xml").decode()
    assert "table:formula" not in content


def test_an_opendocument_file_tells_what_it_is_by_its_first_bytes():
    book = OpenBook()
    book.sheet("One", ["a"], [[1], [None], ["x\ny"]])
    content = book.save()
    assert content[30:38] == b"mimetype"
    assert content[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"
