"""Writes OpenDocument spreadsheets: typed cells, texts that stay texts, the same bytes every time.

Only what a table needs: sheets, a row of headings, numbers and texts. The libraries there are hold
a whole document as objects and take their own clock; this is written as it comes
(docs/adr/0008-our-own-opendocument-tables.md).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

EPOCH = (1980, 1, 1, 0, 0, 0)
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACES = re.compile(r" {2,}|^ | $|\t")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<office:document-content"
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_FOOT = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3"'
    f' manifest:media-type="{TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


class OpenBook:
    """An OpenDocument spreadsheet on its way out."""

    def __init__(self) -> None:
        self._parts = [_HEAD]

    def sheet(self, title: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        """Add a sheet: a row of headings, then rows. None is an empty cell, never a zero."""
        self._parts.append(f"<table:table table:name={quoteattr(_clean(title))}>")
        self._parts.append("<table:table-header-rows>")
        self._row(head, ' table:style-name="head"')
        self._parts.append("</table:table-header-rows>")
        for row in rows:
            self._row(row, "")
        self._parts.append("</table:table>")

    def save(self) -> bytes:
        """Return the file."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            # Not compressed and first, so that the file tells what it is by its first bytes.
            for name, data, method in (
                ("mimetype", TYPE, zipfile.ZIP_STORED),
                ("content.xml", "".join([*self._parts, _FOOT]), zipfile.ZIP_DEFLATED),
                ("META-INF/manifest.xml", _MANIFEST, zipfile.ZIP_DEFLATED),
            ):
                entry = zipfile.ZipInfo(name, date_time=EPOCH)
                entry.compress_type = method
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, data.encode())
        return buffer.getvalue()

    def _row(self, values: Iterable[Any], style: str) -> None:
        cells = "".join(_cell(value, style) for value in values)
        self._parts.append(f"<table:table-row>{cells}</table:table-row>")


def _cell(value: Any, style: str) -> str:
    if value is None or value == "":
        return f"<table:table-cell{style}/>"
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        return (
            f'<table:table-cell{style} office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    lines = "".join(f"<text:p>{_text(line)}</text:p>" for line in _clean(str(value)).split("\n"))
    return f'<table:table-cell{style} office:value-type="string">{lines}</table:table-cell>'


def _text(line: str) -> str:
    """Return a line with the blanks that XML would fold written out."""
    return _SPACES.sub(_blanks, escape(line))


def _blanks(found: re.Match[str]) -> str:
    if found.group() == "\t":
        return "<text:tab/>"
    return f'<text:s text:c="{len(found.group())}"/>'


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
