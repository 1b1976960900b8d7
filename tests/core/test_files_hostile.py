"""Files that are not what they say, or that are made to do harm."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from core import files
from core.errors import Refused
from core.models import StoredFile

pytestmark = pytest.mark.django_db


def zipped(**members: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def office(folder: str, *more: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", folder, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def picture(kind: str = "PNG", size=(20, 10), **options) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def huge_png() -> bytes:
    """A few bytes that say they are 50,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(document.cookie)</script></html>"
PDF = b"%PDF-1.7\n%%EOF\n"
REFUSED = {
    "nothing at all": ("empty.csv", b""),
    "an SVG picture": ("plan.svg", SVG),
    "an SVG picture called PNG": ("plan.png", SVG),
    "an SVG picture called text": ("plan.txt", SVG),
    "an SVG picture after a declaration": ("plan.csv", b"<?xml version='1.0'?>" + SVG),
    "a web page": ("page.html", HTML),
    "a web page called CSV": ("page.csv", HTML),
    "a web page after blanks and a mark": ("page.txt", b"\xef\xbb\xbf \r\n\t<ScRiPt>x</script>"),
    "a program": ("setup.exe", b"MZ\x90\x00\x03"),
    "a program called PDF": ("minutes.pdf", b"MZ\x90\x00\x03"),
    "a program called CSV": ("minutes.csv", b"MZ\x90\x00\x03"),
    "a shell script": ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
    "no extension": ("minutes", PDF),
    "two extensions": ("minutes.pdf.exe", PDF),
    "a zip called PNG": ("photo.png", zipped(a="b")),
    "a zip called Excel": ("counts.xlsx", zipped(a="b")),
    "Excel called zip": ("counts.zip", office("xl/workbook.xml")),
    "Word called Excel": ("counts.xlsx", office("word/document.xml")),
    "Excel with macros": ("counts.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
    "a PDF called JPEG": ("photo.jpg", PDF),
    "a JPEG called PNG": ("photo.png", picture("JPEG")),
    "a PDF that is a zip as well": ("minutes.pdf", PDF + zipped(a="b")),
    "a PDF behind other bytes": ("minutes.pdf", b"GARBAGE" + PDF),
    "a zip behind a script": ("data.zip", b"#!/bin/sh\n" + zipped(a="b")),
    "a zip that is cut off": ("data.zip", zipped(a="b" * 1000)[:60]),
    "a picture that is cut off": ("photo.jpg", picture("JPEG", (400, 400))[:900]),
    "a picture's first bytes and rubbish": ("photo.jpg", b"\xff\xd8\xff" + b"<script>" * 50),
    "a picture of two and a half thousand million pixels": ("photo.png", huge_png()),
    "text with zero bytes": ("notes.txt", b"a\x00b"),
    "UTF-16": ("counts.csv", "a,b".encode("utf-16")),
    "JSON that is none": ("area.geojson", b"{'type': 1}"),
    "JSON nested without end": ("area.json", b"[" * 100_000),
    "an old Word file": ("minutes.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_name_and_nothing_stored(case, settings):
    name, content = REFUSED[case]
    with pytest.raises(Refused) as caught:
        files.store(content, name=name)
    assert name.split(".", maxsplit=1)[0] in str(caught.value)
    assert not StoredFile.objects.exists()
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == []


def test_a_cut_off_picture_is_refused_after_a_pdf_was_made_in_the_same_process(monkeypatch):
    """WeasyPrint sets this for the whole process when it is imported."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    name, content = REFUSED["a picture that is cut off"]
    with pytest.raises(Refused):
        files.store(content, name=name)
    assert ImageFile.LOAD_TRUNCATED_IMAGES


TAKEN = {
    "a PDF": ("minutes.pdf", PDF),
    "Excel": ("counts.xlsx", office("xl/workbook.xml")),
    "Word": ("minutes.docx", office("word/document.xml")),
    "an OpenDocument table": (
        "counts.ods",
        zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    ),
    "an OpenDocument text": (
        "minutes.odt",
        zipped(mimetype="application/vnd.oasis.opendocument.text"),
    ),
    "a zip": ("data.zip", zipped(a="b")),
    "an empty zip": ("data.zip", zipped()),
    "GeoJSON": ("area.geojson", b'{"type": "FeatureCollection", "features": []}'),
    "CSV of an older Windows": ("counts.csv", "Café,naïve\n".encode("cp1252")),
    "a JPEG": ("photo.JPEG", picture("JPEG")),
}


@pytest.mark.parametrize("case", TAKEN)
def test_the_honest_ones_are_taken(case):
    name, content = TAKEN[case]
    assert files.store(content, name=name).name == name


def test_limits_of_pixels_come_from_the_settings(settings):
    settings.MAX_IMAGE_PIXELS = 100
    with pytest.raises(Refused, match="pixels"):
        files.store(picture(size=(20, 10)), name="photo.png")


def test_a_photo_loses_place_camera_profile_and_comment_but_not_its_way_up():
    source = Image.new("RGB", (40, 20), (255, 0, 0))
    source.paste((0, 0, 255), (0, 0, 20, 20))  # blue on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # turned: the left side is the top
    exif[0x010F] = "CameraMaker"
    exif[0x9286] = "a private comment"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (52.0, 13.0, 30.0)
    out = BytesIO()
    source.save(out, "JPEG", exif=exif, icc_profile=b"profile" * 20, comment=b"a private comment")
    assert b"CameraMaker" in out.getvalue()
    stored = files.store(out.getvalue(), name="photo.jpg")
    raw = files.path_of(stored).read_bytes()
    for secret in (b"CameraMaker", b"private", b"profile", b"Exif", b"ICC_PROFILE"):
        assert secret not in raw
    with Image.open(files.path_of(stored)) as kept:
        assert kept.size == (20, 40)
        assert not kept.getexif()
        red, _green, blue = kept.getpixel((10, 5))
        assert blue > 200 > 60 > red, "blue is on top"


def test_what_hides_in_a_pictures_texts_or_behind_its_end_is_gone():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", "<script>alert(1)</script>")
    hidden = picture(pnginfo=texts) + b"<?php evil ?>" + zipped(a="b")
    raw = files.path_of(files.store(hidden, name="a.png")).read_bytes()
    for secret in (b"script", b"php", b"PK\x03\x04"):
        assert secret not in raw


def test_of_a_moving_picture_the_first_frame_stays():
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(files.path_of(files.store(out, name="a.gif"))) as kept:
        assert getattr(kept, "n_frames", 1) == 1
        assert kept.getpixel((0, 0))[0] > 200
