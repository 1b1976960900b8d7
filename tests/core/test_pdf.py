"""PDF: accessible, marked on every page, the same bytes each time, and closed to the outside."""

from __future__ import annotations

import base64
import socket
import subprocess
import threading

import pytest
from django.template import engines

from core.pdf import ForeignAddress, PdfError, Unmarked, in_parts, render_pdf

CANARY = "canary-7f3a9d"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    b'<rect width="40" height="40" fill="#1d4f91"/><text x="2" y="20">Chart text</text></svg>'
)


def page(body: str, *, marking: str = "OFFICIAL", title: str = "Report", style: str = "") -> str:
    """A document on the house's own layout."""
    source = (
        '{% extends "layouts/pdf.html" %}{% block style %}' + style + "{% endblock %}"
        "{% block body %}" + body + "{% endblock %}"
    )
    return (
        engines["django"]
        .from_string(source)
        .render({"title": title, "marking": marking, "produced_line": "Demonstration"})
    )


def text_of(pdf: bytes, tmp_path, *options: str) -> str:
    file = tmp_path / "text.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", *options, str(file), "-"], capture_output=True, check=True, text=True
    ).stdout


def failures(pdf: bytes) -> list[str]:
    """Rules of PDF/UA-1 that the document breaks, by an independent validator."""
    import page as validator

    report = validator.validate_pdf_bytes(pdf, profile=validator.ValidationProfile.PDF_UA_1)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


@pytest.fixture
def listener():
    """A loopback port that counts who knocks."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    knocks: list[bytes] = []
    stop = threading.Event()

    def listen():
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            knocks.append(connection.recv(1000))
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + CANARY.encode())
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", knocks
    stop.set()
    thread.join()
    server.close()


LONG = "".join(
    f"<p>Paragraph {n} with enough words to fill a line of the page.</p>" for n in range(90)
)
TABLE = (
    "<table><caption>Counts</caption><thead><tr><th scope='col'>Month</th>"
    "<th scope='col'>Count</th></tr></thead><tbody><tr><th scope='row'>January</th>"
    "<td>3</td></tr></tbody></table>"
)


def test_a_document_passes_pdf_ua_1():
    body = f"<h2>Part</h2>{TABLE}<p><img src='app:c.svg' alt='Three reports'></p>{LONG}"
    pdf = render_pdf(page(body), marking="OFFICIAL", assets={"c.svg": (SVG, "image/svg+xml")})
    assert failures(pdf) == []


def test_the_validator_notices_a_document_that_is_not_tagged():
    from weasyprint import HTML

    assert len(failures(HTML(string="<title>T</title><h1>T</h1><p>Text</p>").write_pdf())) > 2


def test_a_picture_without_words_is_refused():
    with pytest.raises(PdfError, match="alt"):
        render_pdf(
            page("<img src='app:c.svg'>"),
            marking="OFFICIAL",
            assets={"c.svg": (SVG, "image/svg+xml")},
        )


def test_every_page_shows_the_marking_at_top_and_bottom(tmp_path):
    pdf = render_pdf(page(LONG, marking="official-sensitive"), marking="official-sensitive")
    pages = text_of(pdf, tmp_path, "-layout").split("\f")[:-1]
    assert len(pages) > 1
    for text in pages:
        lines = [line for line in text.splitlines() if line.strip()]
        assert "OFFICIAL-SENSITIVE" in lines[0]
        assert "OFFICIAL-SENSITIVE" in lines[-1]


def test_a_page_without_marking_is_not_let_out():
    with pytest.raises(Unmarked):
        render_pdf("<html lang='en'><title>T</title><body>Text OFFICIAL", marking="OFFICIAL")
    with pytest.raises(Unmarked):
        render_pdf(page("<p>Text</p>", marking="OFFICIAL"), marking="OFFICIAL-SENSITIVE")
    with pytest.raises(Unmarked):
        render_pdf(page("<p>Text</p>", marking=""), marking="")


def test_language_and_title_are_required():
    with pytest.raises(PdfError, match="title"):
        render_pdf(page("<p>x</p>", title=""), marking="OFFICIAL")


def test_the_same_document_gives_the_same_bytes():
    html = page(f"<h2>Part</h2>{TABLE}<img src='app:c.svg' alt='A chart'>{LONG}")
    assets = {"c.svg": (SVG, "image/svg+xml")}
    first = render_pdf(html, marking="OFFICIAL", assets=assets)
    assert first == render_pdf(html, marking="OFFICIAL", assets=assets)
    assert b"CreationDate" not in first


def test_fonts_come_from_the_repository(tmp_path):
    pdf = render_pdf(page("<p>Text</p>"), marking="OFFICIAL")
    file = tmp_path / "fonts.pdf"
    file.write_bytes(pdf)
    rows = subprocess.run(
        ["pdffonts", str(file)], capture_output=True, check=True, text=True
    ).stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert "Liberation" in row
        assert row.split()[-5] == "yes"  # embedded


HOSTILE = {
    "an image of a file": "<img src='{file}' alt='x'>",
    "an image from a host": "<img src='{host}/i.png' alt='x'>",
    "a stylesheet": "<link rel='stylesheet' href='{host}/s.css'>",
    "an import": "<style>@import url({host}/s.css);</style>",
    "a file import": "<style>@import url('{file}');</style>",
    "a background": "<style>main {{ background: url({host}/b.png) }}</style>",
    "a file background": "<style>main {{ background: url('{file}') }}</style>",
    "a font": "<style>@font-face {{ font-family: x; src: url({host}/f.ttf) }}"
    "p {{ font-family: x }}</style><p>t</p>",
    "an object": "<object data='{host}/o.svg'></object>",
    "a file object": "<object data='{file}'>x</object>",
    "an embed": "<embed src='{host}/o.svg'>",
    "an attachment": "<link rel='attachment' href='{file}'>",
    "a linked attachment": "<a rel='attachment' href='{file}'>x</a>",
    "a list marker": "<style>li {{ list-style-image: url({host}/m.png) }}</style><ul><li>x</ul>",
    "generated content": "<style>p::before {{ content: url({host}/g.png) }}</style><p>x</p>",
    "an inline drawing": "<svg width='9' height='9'><image href='{host}/v.png' width='9' "
    "height='9'/></svg>",
    "an inline drawing of a file": "<svg width='9' height='9'><image href='{file}' width='9' "
    "height='9'/></svg>",
    "an unknown asset": "<img src='app:nothing' alt='x'>",
    "an ftp address": "<img src='ftp://127.0.0.1/x' alt='x'>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_fetches_nothing(name, listener, tmp_path):
    host, knocks = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    body = HOSTILE[name].format(host=host, file=secret.as_uri())
    with pytest.raises(ForeignAddress):
        render_pdf(page(body), marking="OFFICIAL")
    assert knocks == []


@pytest.mark.parametrize(
    ("inner", "refused_aloud"),
    [
        ("<image href='{host}/v.png' width='9' height='9'/>", True),
        ("<image href='{file}' width='9' height='9'/>", True),
        ("<use href='{host}/v.svg#a'/>", False),  # never resolved, so there is nothing to refuse
        ("<style>@import url({host}/s.css);</style><rect width='9' height='9'/>", True),
    ],
)
@pytest.mark.parametrize("carried", ["asset", "data"])
def test_a_hostile_drawing_fetches_nothing(inner, refused_aloud, carried, listener, tmp_path):
    host, knocks = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
        + inner.format(host=host, file=secret.as_uri())
        + "</svg>"
    ).encode()
    src = (
        "app:h.svg"
        if carried == "asset"
        else ("data:image/svg+xml;base64," + base64.b64encode(svg).decode())
    )
    html = page(f"<p>Text</p><img src='{src}' alt='x'>")
    assets = {"h.svg": (svg, "image/svg+xml")}
    if refused_aloud:
        with pytest.raises(PdfError):
            render_pdf(html, marking="OFFICIAL", assets=assets)
    else:
        pdf = render_pdf(html, marking="OFFICIAL", assets=assets)
        assert CANARY not in text_of(pdf, tmp_path)
    assert knocks == []


def test_a_relative_address_reads_no_file():
    with pytest.raises(PdfError, match="is at fault"):
        render_pdf(page("<img src='manage.py' alt='x'>"), marking="OFFICIAL")


def test_a_picture_that_cannot_be_drawn_is_not_left_out_in_silence():
    with pytest.raises(PdfError, match="is at fault"):
        render_pdf(
            page("<img src='app:c.svg' alt='x'>"),
            marking="OFFICIAL",
            assets={"c.svg": (b"no drawing", "image/svg+xml")},
        )


def test_long_tables_come_in_parts():
    parts = list(in_parts(list(range(601)), size=250))
    assert [len(part) for part in parts] == [250, 250, 101]
    assert [row for part in parts for row in part] == list(range(601))
