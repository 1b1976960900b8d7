"""Draw a chart as SVG, once: the drawing is kept under the hash of what it shows."""

from __future__ import annotations

import base64
import os
import re
import tempfile
import threading
from pathlib import Path

from django.conf import settings

from core.charts.look import FALLBACK_FONTS, FONT
from core.charts.series import Chart, Figure

FONTS = Path(settings.BASE_DIR) / "static/vendor/liberation-fonts@2.1.5"
_SAFE_SVG = re.compile(r"<(?:script|foreignObject|image|iframe)\b|\bhref\s*=|\bon\w+\s*=", re.I)
_registered = threading.Event()


class DrawingError(RuntimeError):
    """A chart came out empty or with something in it that does not belong there."""


def draw(chart: Chart) -> bytes:
    """Return the chart as SVG, from the kept drawing or newly drawn (0.4 s the first time).

    Called in jobs and commands, not in requests. Raises DrawingError if a bar is missing
    from the drawing.
    """
    path = _path(chart)
    if path.is_file():
        return path.read_bytes()
    svg = _render(chart)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(svg)
    Path(name).replace(path)  # whole or not at all, whoever else draws it now
    return svg


def cached(chart: Chart) -> Figure:
    """Return what a page prints: the table always, the drawing if it is kept already."""
    path = _path(chart)
    src = _uri(path.read_bytes()) if path.is_file() else ""
    return Figure(
        title=chart.title,
        alt=chart.alt,
        src=src,
        head=chart.head,
        rows=chart.rows,
        source=chart.source,
        note=chart.note,
    )


def asset(chart: Chart) -> tuple[bytes, str]:
    """Return the drawing as an asset for ``core.pdf``: bytes and content type."""
    return draw(chart), "image/svg+xml"


def data_uri(chart: Chart) -> str:
    """Return the drawing as a ``data:`` address for a page that carries everything within it."""
    return _uri(draw(chart))


def _uri(svg: bytes) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _path(chart: Chart) -> Path:
    digest = chart.digest
    return Path(settings.VAR_DIR) / "cache/charts" / digest[:2] / f"{digest}.svg"


def _render(chart: Chart) -> bytes:
    import vl_convert

    if not _registered.is_set():
        vl_convert.register_font_directory(str(FONTS))
        _registered.set()
    # An empty list refuses every address: a specification cannot fetch anything.
    svg = vl_convert.vegalite_to_svg(chart.spec(), allowed_base_urls=[])
    drawn = svg.count('aria-roledescription="bar"')
    if drawn != chart.marks:  # vl-convert draws an empty chart without a word
        raise DrawingError(f"“{chart.title}” has {drawn} bars of {chart.marks}.")
    if found := _SAFE_SVG.search(svg):
        raise DrawingError(f"The chart “{chart.title}” holds {found.group()!r}.")
    # Measured in our font; the reader's machine may have only Arial, which has the same widths.
    return svg.replace(f'font-family="{FONT}"', f'font-family="{FALLBACK_FONTS}"').encode()
