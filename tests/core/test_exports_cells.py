"""No cell of a list can act as a formula, and every text comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.exports.cells import from_xml, neutral, original, to_xml
from core.exports.excel import CELL_MAX, Book
from core.exports.writing import as_text, read_csv

STARTS = "=+-@\t\r\0＝＋－＠"
# Any text a database can hold, with those that begin like formulas made frequent.
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
    st.builds(
        lambda quotes, blank, start, rest: quotes + blank + start + rest,
        st.sampled_from(["", "'", "''", "'''"]),
        st.sampled_from(["", " ", "\u00a0", "\ufeff", "\u200b", "\n", "\u202e"]),
        st.sampled_from(list(STARTS)),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    st.sampled_from(["#N/A", "#REF!", "_x0041_", "_x005F_x0000_", "TRUE", "1e5", "2024-01-01"]),
)
SKIPPED = " \t\r\n\0\u00a0\ufeff\u200b\u200e\u200f\u202e\u2060\u00ad"


def acts(cell: str) -> bool:
    """Say, in another way than the code, whether a program might take a text for a formula."""
    return cell[:1] in set("\t\r\n\0") or cell.lstrip(SKIPPED)[:1] in set("=+-@＝＋－＠")


@given(TEXTS)
@example("=1+1")
@example("'=1+1")
@example("\ufeff=cmd|' /C calc'!A0")
@example("'s-Hertogenbosch")
def test_a_csv_cell_never_acts_and_comes_back(text):
    safe = neutral(text)
    assert not acts(safe)
    assert original(safe) == text


@settings(max_examples=60)
@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_reopened_csv_file_holds_no_formulas_and_the_same_texts(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([as_text(cell) for cell in row] for row in rows)
    content = out.getvalue().encode("utf-8-sig")
    raw = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert sum(acts(cell) for row in raw for cell in row) == 0
    assert read_csv(content) == rows


@settings(max_examples=60)
@given(rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_reopened_excel_file_holds_no_formulas_and_the_same_texts(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    book = Book()
    sheet = book.sheet("Data", ["A", "B", "C"])
    for row in rows:
        book.row(sheet, row)
    book.save(path)
    back = openpyxl.load_workbook(path)["Data"]
    cells = [list(row) for row in back.iter_rows(min_row=2, max_col=3)]
    cells += [[None] * 3] * (len(rows) - len(cells))
    assert all(cell is None or cell.data_type in "sn" for row in cells for cell in row)
    assert all(cell is None or cell.data_type != "f" for row in cells for cell in row)
    got = [[from_xml((cell and cell.value) or "") for cell in row] for row in cells]
    assert got == rows


@given(TEXTS)
def test_what_xml_cannot_hold_comes_back(text):
    assert from_xml(to_xml(text)) == text


def test_numbers_and_dates_are_typed_in_excel(tmp_path):
    book = Book()
    sheet = book.sheet("Data", ["n", "d", "at", "b", "x", "none"])
    at = dt.datetime(2024, 7, 1, 12, 30, tzinfo=dt.UTC)
    book.row(sheet, [-5, dt.date(2024, 3, 12), at, True, Decimal("1.5"), None])
    book.save(tmp_path / "b.xlsx")
    back = openpyxl.load_workbook(tmp_path / "b.xlsx")["Data"]
    assert [cell.value for cell in back[2]][:5] == [
        -5,
        dt.datetime(2024, 3, 12),
        dt.datetime(2024, 7, 1, 13, 30),  # London's summer
        "yes",
        1.5,
    ]
    assert back["B2"].number_format == "d mmmm yyyy"
    assert back.freeze_panes == "A2"


def test_a_negative_number_stays_a_number_in_csv():
    assert as_text(-5) == "-5"
    assert as_text("-5") == "'-5"


def test_a_text_longer_than_a_cell_is_cut_and_counted(tmp_path):
    book = Book()
    book.row(book.sheet("Data", ["A"]), ["x" * 40_000])
    book.save(tmp_path / "b.xlsx")
    back = openpyxl.load_workbook(tmp_path / "b.xlsx")["Data"]["A2"].value
    assert (book.cut, len(back) <= CELL_MAX, back.endswith("[cut]")) == (1, True, True)


def test_the_same_rows_make_the_same_bytes(tmp_path):
    made = []
    for name in ("a", "b"):
        book = Book()
        book.row(book.sheet("Data", ["A"]), ["=1", 2, dt.date(2024, 1, 1)])
        book.save(tmp_path / name)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-x", "@a", "＝1", "\t=1"])
def test_a_text_that_looks_like_a_formula_stays_a_text_when_it_is_edited(text, tmp_path):
    book = Book()
    book.row(book.sheet("Data", ["A"]), [text])
    book.save(tmp_path / "b.xlsx")
    assert openpyxl.load_workbook(tmp_path / "b.xlsx")["Data"]["A2"].number_format == "@"
