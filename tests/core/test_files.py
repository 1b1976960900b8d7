"""The files room: what it takes, how it keeps it, how it sends it."""

import hashlib
import os
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from PIL import Image

from core import files
from core.errors import Refused
from core.files import Kinds
from core.files.room import clean_name
from core.models import StoredFile
from tests.factories.core import StoredFileFactory

pytestmark = pytest.mark.django_db
CSV = b"Month,Reports\n2024-01,20\n"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def png(size=(20, 10), mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, (128, 128, 128, 100)[: len(mode)]).save(out, "PNG", **options)
    return out.getvalue()


def room(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("how", ["bytes", "path", "upload", "stream"])
def test_a_file_is_kept_byte_for_byte_whatever_it_comes_as(how, tmp_path, settings):
    source = tmp_path / "source.csv"
    source.write_bytes(CSV)
    content = {
        "bytes": CSV,
        "path": source,
        "upload": SimpleUploadedFile("x.csv", CSV),
        "stream": BytesIO(CSV),
    }[how]
    stored = files.store(content, name="counts.csv")
    stored.refresh_from_db()
    with files.open_file(stored) as stream:
        assert stream.read() == CSV
    assert (stored.name, stored.content_type, stored.size, stored.sha256) == (
        "counts.csv",
        "text/csv; charset=utf-8",
        len(CSV),
        hashlib.sha256(CSV).hexdigest(),
    )
    assert source.exists()
    assert room(settings) == [files.path_of(stored)]
    assert files.path_of(stored).stat().st_mode & 0o077 == 0, "only for the product's own user"


def test_an_upload_that_was_read_before_is_kept_whole():
    upload = SimpleUploadedFile("x.csv", CSV)
    upload.read()
    assert files.store(upload, name="x.csv").size == len(CSV)


def test_a_page_may_accept_fewer_kinds():
    with pytest.raises(Refused, match="PDF, Word, OpenDocument text or text is expected"):
        files.store(CSV, name="counts.csv", accept=Kinds.DOCUMENTS)
    assert files.store(PDF, name="minutes.PDF", accept=Kinds.DOCUMENTS).name == "minutes.PDF"


def test_each_kind_has_its_limit(monkeypatch, settings):
    from dataclasses import replace

    from core.files import kinds

    monkeypatch.setitem(kinds.FORMS, Kinds.CSV, replace(kinds.FORMS[Kinds.CSV], max_bytes=10))
    with pytest.raises(Refused, match="larger than 10"):
        files.store(CSV, name="counts.csv")
    assert room(settings) == []


def test_pictures_are_made_anew_as_jpeg_or_png():
    photo, drawing = BytesIO(), BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "WEBP")
    Image.new("P", (8, 8)).save(drawing, "GIF")
    assert files.store(photo, name="street.webp").name == "street.jpg"
    stored = files.store(drawing, name="plan.gif")
    assert (stored.name, stored.content_type) == ("plan.png", "image/png")
    with files.open_file(stored) as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == stored.sha256
    assert stored.size == files.path_of(stored).stat().st_size


def test_transparency_stays():
    stored = files.store(png(mode="RGBA"), name="mark.png")
    with Image.open(files.path_of(stored)) as picture:
        assert (picture.mode, picture.getpixel((0, 0))[3]) == ("RGBA", 100)


def test_a_large_picture_is_made_smaller():
    stored = files.store(png((5000, 100)), name="wide.png")
    with Image.open(files.path_of(stored)) as picture:
        assert picture.size == (4096, 82)


def test_a_row_that_is_rolled_back_leaves_a_file_that_is_removed_a_day_later(settings):
    kept = files.store(CSV, name="kept.csv")
    with transaction.atomic():
        files.store(CSV, name="lost.csv")
        transaction.set_rollback(True)
    assert len(room(settings)) == 2
    assert files.remove_orphans() == 0, "its transaction might still be open"
    for path in room(settings):
        os.utime(path, (1, 1))
    assert files.remove_orphans() == 1
    assert room(settings) == [files.path_of(kept)]


def test_a_write_that_fails_leaves_nothing(settings):
    class Breaks(BytesIO):
        def read(self, *args):
            data = super().read(5)
            if self.tell() > 10:
                raise OSError("the connection was cut")
            return data

    with pytest.raises(OSError, match="cut"):
        files.store(Breaks(CSV), name="counts.csv")
    assert room(settings) == []
    assert not StoredFile.objects.exists()


def test_a_name_is_made_safe():
    assert clean_name("../../etc/passwd.txt") == "passwd.txt"
    assert clean_name("C:\\Users\\x\\Minutes of 3 May.pdf") == "Minutes of 3 May.pdf"
    assert clean_name("report\u202efdp.csv") == "reportfdp.csv"
    assert clean_name("a\r\nSet-Cookie: b.csv") == "aSet-Cookie b.csv"
    assert clean_name("...") == "file"
    assert clean_name(".htaccess") == "htaccess"
    assert len(clean_name("x" * 400 + ".csv")) == 150
    assert clean_name("Café, naïve – 3.csv") == "Café, naïve – 3.csv"


def test_a_file_is_sent_as_an_attachment_that_no_browser_interprets_or_keeps():
    stored = StoredFileFactory(name="Café “x”.csv")
    answer = files.response(stored)
    assert b"".join(answer.streaming_content) == b"first,second\n1,2\n"
    answer.close()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Caf%C3%A9")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_sites_own_policy_does_not_replace_the_sandbox():
    from csp.middleware import CSPMiddleware

    stored = StoredFileFactory()
    request = RequestFactory().get("/")
    middleware = CSPMiddleware(lambda _: HttpResponse())
    middleware.process_request(request)
    answer = middleware.process_response(request, files.response(stored))
    answer.close()
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_only_pictures_are_ever_shown_in_the_page():
    picture = files.response(files.store(png(), name="a.png"), inline=True)
    table = files.response(StoredFileFactory(), inline=True)
    assert picture["Content-Disposition"].startswith("inline")
    assert table["Content-Disposition"].startswith("attachment")
    picture.close()
    table.close()


def test_the_house_may_keep_its_own_pages_but_nobody_else_may():
    page = b"<!DOCTYPE html><html lang='en'><title>Briefing</title></html>"
    assert files.store(page, name="briefing.html", accept=Kinds.OURS).name == "briefing.html"
    with pytest.raises(Refused):
        files.store(page, name="briefing.html")
