"""Cells that cannot become formulas, and the way back.

A spreadsheet takes a text for a formula if it begins with ``= + - @`` (also in full-width form),
a tab, a carriage return or NUL, blanks before them or not. In CSV such a text gets an apostrophe
in front (and so does one that already has apostrophes there, so that the way back is certain):
``neutral`` and ``original`` are each other's inverse. In Excel files texts are stored as texts, and
characters that XML cannot hold as ``_xHHHH_``, Excel's own escape: ``to_xml`` and ``from_xml``.
"""

from __future__ import annotations

import re

# Characters that are no formula themselves but are skipped by some program before one.
_BLANK = r"[\s\x00\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069\u00ad]"
_STARTS = r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
_DANGEROUS = re.compile(rf"'*(?:{_BLANK}*{_STARTS}|[\t\r\n\x00])")

_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a CSV file."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def original(text: str) -> str:
    """Return the text that ``neutral`` was given."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text


def to_xml(text: str) -> str:
    """Return a text as a cell of an Excel file holds it."""
    return _NOT_XML.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def from_xml(text: str) -> str:
    """Return the text that ``to_xml`` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
