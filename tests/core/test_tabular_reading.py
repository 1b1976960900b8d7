"""Files that people send: what can be read is read as it stands, what harms is refused plainly."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from core.errors import BadInput
from core.tabular import reading, workbook
from core.tabular.reading import read_bytes, read_text

DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def book(rows=(("Name", "Why"), ("Park", "Dark")), change=None):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repack(content, edit):
    """Return a workbook whose parts went through ``edit(name, bytes)``; None leaves a part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            part = edit(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def in_sheet(old, new):
    def edit(name, part):
        return part.replace(old, new, 1) if name.endswith("sheet1.xml") else part

    return repack(book(), edit)


def cells(content, name="f.csv"):
    return [line.cells for line in read_bytes(content, name).lines]


TABLE = [("Name", "Why"), ("Park", "Dark")]


@pytest.mark.parametrize(
    "content",
    [
        b"Name,Why\nPark,Dark\n",
        b"\xef\xbb\xbfName;Why\r\nPark;Dark\r\n",
        b"Name\tWhy\nPark\tDark",
        b'"Name","Why"\n\n , \nPark ,  Dark\n',
        "Name,Why\nPark,Dark\u00a0\n".encode("cp1252"),
        book(),
    ],
)
def test_the_same_table_in_every_form(content):
    assert cells(content) == TABLE


def test_how_a_text_was_read_is_said():
    sheet = read_bytes("Name;Why\nCafé;x\n".encode("cp1252"), "f.csv")
    assert sheet.lines[1].cells == ("Café", "x")
    assert sheet.notes == ("Read as Windows-1252 text.", "Cells are separated by semicolon.")
    assert read_bytes("Name\nCafé\n".encode(), "f.csv").notes == ()


def test_rows_are_counted_as_an_editor_counts_lines():
    sheet = read_text('Name,Why\n"two\nlines",x\n\nPark,y\n', "pasted")
    assert [line.number for line in sheet.lines] == [1, 2, 5]


def test_dates_and_numbers_of_excel_read_as_typed():
    content = book([("a", "b", "c", "d"), (dt.date(2024, 3, 12), 5.0, 1.5, True)])
    assert cells(content)[1] == ("2024-03-12", "5", "1.5", "yes")


def test_the_first_visible_sheet_is_read():
    def hide(made):
        made.active.sheet_state = "hidden"
        made.create_sheet("Second").append(["Seen"])

    sheet = read_bytes(book(change=hide), "f.xlsx")
    assert sheet.lines[0].cells == ("Seen",)
    assert "“Second”" in sheet.notes[0]


def test_a_sheets_own_word_on_its_size_is_not_trusted():
    """The dimension that a file states may hide rows, or claim a million."""
    assert cells(in_sheet(b'ref="A1:B2"', b'ref="A1:A1"')) == TABLE
    assert cells(in_sheet(b'ref="A1:B2"', b'ref="A1:XFD1048576"')) == TABLE


def test_merged_cells_are_read_and_said():
    sheet = read_bytes(book(change=lambda made: made.active.merge_cells("A2:B2")), "f.xlsx")
    assert sheet.lines[1].cells == ("Park",)
    assert "merged" in sheet.notes[0]


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/more.xml", b"<a>" + b" " * 60_000_000 + b"</a>")
    return out.getvalue()


def lying_bomb():
    """Return a workbook whose directory says that a part is small while it is large."""
    content = bytearray(bomb())
    size = (60_000_007).to_bytes(4, "little")
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def encrypted():
    content = bytearray(book())
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def entities(text, coding="utf-8"):
    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        plain = part.decode().removeprefix("<?xml version='1.0' encoding='UTF-8'?>\n")
        body = plain.replace("<v>0</v>", "<v>&a;</v>")
        return f'<?xml version="1.0" encoding="{coding}"?>{text}{body}'.encode(coding)

    return repack(book(), edit)


def many_cells():
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (n, b"".join(b"<c><v>%d</v></c>" % (n * 7919 * k % 99991) for k in range(600)))
        for n in range(1, 901)
    )
    start, end = b"<sheetData>", b"</sheetData>"

    def edit(name, part):
        if not name.endswith("sheet1.xml"):
            return part
        head, tail = part.split(start)[0], part.split(end)[1]
        return head + start + rows + end + tail

    return repack(book(), edit)


HOSTILE = {
    "nothing": (b"", "nothing"),
    "blanks only": (b" \r\n\t\n", "nothing"),
    "not a zip": (b"PK\x03\x04" + b"x" * 500, "damaged"),
    "another zip": (
        repack(book(), lambda n, p: None if n == "xl/workbook.xml" else p),
        "neither text nor a spreadsheet",
    ),
    "cut off": (book()[:-300], "damaged"),
    "cut in the middle": (book()[:2000], "damaged"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or protected"),
    "binary": (bytes(range(256)) * 8, "neither text nor a spreadsheet"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither text nor a spreadsheet"),
    "UTF-16": ("Name\nPark\n".encode("utf-16"), "UTF-16"),
    "a bomb": (bomb(), "unpack"),
    "a bomb that lies": (lying_bomb(), "damaged"),
    "encrypted": (encrypted(), "damaged"),
    "entities": (entities(DOCTYPE), "document type"),
    "entities in UTF-16": (entities(DOCTYPE, "utf-16"), "document type"),
    "an external entity": (entities(EXTERNAL), "document type"),
    "far too many cells": (many_cells(), "far larger"),
    "broken XML": (in_sheet(b"<sheetData>", b"<sheetData><row"), "damaged"),
    "no visible sheet": (
        repack(
            book(),
            lambda n, p: (
                p.replace(b'state="visible"', b'state="hidden"') if n == "xl/workbook.xml" else p
            ),
        ),
        "no visible sheet",
    ),
    "an open quotation mark": (b'Name,Why\nPark,"Dark\n', "quotation marks"),
    "a control character later on": (
        b"Name\n" + b"Park\n" * 400 + b"Pa\x07rk\n",
        "without control characters",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_plainly(name):
    content, words = HOSTILE[name]
    with pytest.raises(BadInput, match=words):
        read_bytes(content, "their file")


def test_macros_are_refused():
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(BadInput, match="macros"):
        read_bytes(out.getvalue(), "f.xlsx")


def test_formulas_are_refused_where_they_stand():
    content = book([("Name", "Why"), ("Park", "=1+1"), ("=HYPERLINK(1)", "x")])
    with pytest.raises(BadInput) as caught:
        read_bytes(content, "f.xlsx")
    assert [(e.row, e.column, e.found) for e in caught.value.errors] == [
        (2, "B", "=1+1"),
        (3, "A", "=HYPERLINK(1)"),
    ]


def test_a_cell_that_is_too_long_is_named_by_row_and_column():
    with pytest.raises(BadInput) as caught:
        read_bytes(b"Name,Why\nPark," + b"x" * 40_000, "f.csv")
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (2, "B")


def test_too_many_bytes_rows_and_columns_are_refused():
    with pytest.raises(BadInput, match=r"4\.8"):
        read_bytes(b"x" * (reading.MAX_BYTES + 1), "f.csv")
    with pytest.raises(BadInput, match="5,000 rows"):
        read_bytes(b"x\n" * (reading.MAX_ROWS + 2), "f.csv")
    with pytest.raises(BadInput, match="at most 200"):
        read_bytes(b"x," * 201 + b"x\n", "f.csv")


def test_a_control_character_is_named_by_its_row():
    with pytest.raises(BadInput) as caught:
        read_bytes(HOSTILE["a control character later on"][0], "f.csv")
    assert caught.value.errors[0].row == 402


def test_what_was_made_safe_for_csv_comes_back():
    assert cells(b"Name\n'=1+1\n''=2\n'plain\n") == [("Name",), ("=1+1",), ("'=2",), ("'plain",)]


def test_a_merged_range_over_the_whole_sheet_costs_nothing():
    content = in_sheet(
        b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )
    assert cells(content) == TABLE


def test_columns_are_named_as_in_a_spreadsheet():
    assert [reading.letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert workbook.MAX_CELLS >= reading.MAX_ROWS * 50
