"""What a file is, told from its bytes; its name only has to agree."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path

MIB = 1024 * 1024
HEAD = 4096  # bytes looked at for signatures


class Kinds(Flag):
    """The kinds of files, and the sets of them that pages accept."""

    PDF = auto()
    JPEG = auto()
    PNG = auto()
    GIF = auto()
    WEBP = auto()
    ZIP = auto()
    XLSX = auto()
    ODS = auto()
    DOCX = auto()
    ODT = auto()
    CSV = auto()
    TEXT = auto()
    JSON = auto()
    HTML = auto()  # made by ourselves only: never taken from a person

    IMAGES = JPEG | PNG | GIF | WEBP
    DOCUMENTS = PDF | DOCX | ODT | TEXT
    TABLES = CSV | XLSX | ODS
    ANY = IMAGES | DOCUMENTS | TABLES | ZIP | JSON
    OURS = ANY | HTML


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind is called, stored and limited. ``max_bytes`` holds for the file as it comes."""

    kind: Kinds
    label: str
    extensions: tuple[str, ...]
    content_type: str
    max_bytes: int


FORMS = {
    form.kind: form
    for form in (
        Form(Kinds.PDF, "PDF", (".pdf",), "application/pdf", 50 * MIB),
        Form(Kinds.JPEG, "JPEG", (".jpg", ".jpeg"), "image/jpeg", 25 * MIB),
        Form(Kinds.PNG, "PNG", (".png",), "image/png", 25 * MIB),
        Form(Kinds.GIF, "GIF", (".gif",), "image/gif", 25 * MIB),
        Form(Kinds.WEBP, "WebP", (".webp",), "image/webp", 25 * MIB),
        Form(Kinds.ZIP, "zip", (".zip",), "application/zip", 2048 * MIB),
        Form(
            Kinds.XLSX,
            "Excel",
            (".xlsx",),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            100 * MIB,
        ),
        Form(
            Kinds.ODS,
            "OpenDocument spreadsheet",
            (".ods",),
            "application/vnd.oasis.opendocument.spreadsheet",
            100 * MIB,
        ),
        Form(
            Kinds.DOCX,
            "Word",
            (".docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            50 * MIB,
        ),
        Form(
            Kinds.ODT,
            "OpenDocument text",
            (".odt",),
            "application/vnd.oasis.opendocument.text",
            50 * MIB,
        ),
        Form(Kinds.CSV, "CSV", (".csv",), "text/csv; charset=utf-8", 1024 * MIB),
        Form(Kinds.TEXT, "text", (".txt", ".md"), "text/plain; charset=utf-8", 10 * MIB),
        Form(Kinds.JSON, "JSON", (".json", ".geojson"), "application/json", 200 * MIB),
        Form(Kinds.HTML, "HTML", (".html",), "text/html; charset=utf-8", 50 * MIB),
    )
}

_SIGNATURES = (
    (b"%PDF-", Kinds.PDF),
    (b"\xff\xd8\xff", Kinds.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kinds.PNG),
    (b"GIF87a", Kinds.GIF),
    (b"GIF89a", Kinds.GIF),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<body", b"<head", b"<iframe")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def describe(kinds: Kinds) -> str:
    """Return the kinds as a person reads them: "PDF, JPEG or PNG"."""
    labels = [form.label for kind, form in FORMS.items() if kind in kinds and kind != Kinds.HTML]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"


def form_of_extension(name: str) -> Form | None:
    """Return the form whose extension a name bears."""
    suffix = Path(name).suffix.lower()
    return next((form for form in FORMS.values() if suffix in form.extensions), None)


def sniff(path: Path, name: str) -> Kinds | None:
    """Return what the bytes are; None if they are nothing we know, or two things at once.

    Among the kinds of plain text, which have no signature, the name decides, and the content has
    to be possible for it: JSON parses, CSV and text hold no markup page.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        return None
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kinds.WEBP
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            # A PDF that a zip reader takes for an archive is made to be two things.
            both = kind is Kinds.PDF and zipfile.is_zipfile(path)
            return None if both else kind
    if head.startswith(_ZIP):
        return _kind_of_zip(path)
    return _kind_of_text(path, head, name)


def _kind_of_zip(path: Path) -> Kinds | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
                for kind in (Kinds.ODS, Kinds.ODT):
                    if FORMS[kind].content_type == mimetype:
                        return kind
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" in names:
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            return None  # macros
        if "xl/workbook.xml" in names:
            return Kinds.XLSX
        if "word/document.xml" in names:
            return Kinds.DOCX
    return Kinds.ZIP


def _kind_of_text(path: Path, head: bytes, name: str) -> Kinds | None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16: asked to be saved as UTF-8
        return None
    if not _is_text(path):
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        is_page = start.startswith((b"<!doctype html", b"<html"))
        return Kinds.HTML if is_page else None
    form = form_of_extension(name)
    if form is not None and form.kind is Kinds.JSON:
        return Kinds.JSON if _is_json(path) else None
    return Kinds.CSV if form is not None and form.kind is Kinds.CSV else Kinds.TEXT


def _is_text(path: Path) -> bool:
    with path.open("rb") as stream:
        while block := stream.read(MIB):
            if len(block) != len(block.translate(None, _CONTROL)):
                return False
    return True


def _is_json(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8-sig") as stream:
            json.load(stream)
    except (ValueError, RecursionError):
        return False
    return True
