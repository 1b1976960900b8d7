"""PDF: HTML in, tagged PDF/UA-1 out, nothing fetched.

The only addresses a document may use are ``app:NAME`` (what the caller hands over, and the house's
fonts) and ``data:``. Everything else is refused loudly, inside images too: a document is made from
our own templates, so a foreign address in it is a fault or an attack, never a wish.

The same HTML and assets give the same bytes: no time stamps, no random identifiers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint import Document

Row = TypeVar("Row")
Asset = tuple[bytes, str]
"""The bytes of an asset and its content type."""

FONTS = Path(settings.BASE_DIR) / "static/vendor/liberation-fonts@2.1.5"
VARIANT = "pdf/ua-1"
ROWS_A_TABLE = 250
"""Layout time of a table grows faster than its rows; long tables are printed in parts."""


class PdfError(RuntimeError):
    """The document cannot be made as it is."""


class ForeignAddress(PdfError):  # says what was found
    """The document asked for something outside itself; nothing was fetched."""


class Unmarked(PdfError):
    """A page came out without the document's security marking."""


def render_pdf(html: str, *, marking: str, assets: Mapping[str, Asset] | None = None) -> bytes:
    """Return ``html`` as a tagged PDF/UA-1.

    ``html`` is a whole document (usually from ``layouts/pdf.html``) with ``lang`` and ``title``;
    ``marking`` is the security marking that every page must show in its margin, in capitals;
    ``assets`` maps names to bytes and content type, used in the document as ``app:NAME``.

    Raises ForeignAddress if the document asks for any other address, Unmarked if a page shows no
    marking, PdfError if language, title or a picture's alt text is missing or a picture cannot be
    drawn. Takes about a second; call it in jobs.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    fetcher = _fetcher({**_fonts(), **(assets or {})})
    try:
        with _faults() as faults:
            document = HTML(string=html, base_url=None, url_fetcher=fetcher).render(
                pdf_variant=VARIANT, presentational_hints=False
            )
            if not document.metadata.title or not document.metadata.lang:
                raise PdfError("The document needs a language and a title.")
            _require_marking(document, marking)
            data = document.write_pdf(pdf_variant=VARIANT)  # attachments are read only here
    except FatalURLFetchingError as error:
        raise ForeignAddress(_refusal(fetcher.refused)) from error
    if fetcher.refused:  # inside an image the refusal is only logged
        raise ForeignAddress(_refusal(fetcher.refused))
    if faults:
        raise PdfError(f"A part of the document is at fault: {faults[0][:200]}")
    assert data is not None
    return data


@contextmanager
def _faults() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs as errors in this thread: it leaves such a picture out."""
    faults: list[str] = []
    thread = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                faults.append(record.getMessage())

    handler = Collector(level=logging.ERROR)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield faults
    finally:
        logger.removeHandler(handler)


def in_parts(rows: Sequence[Row], size: int = ROWS_A_TABLE) -> Iterator[Sequence[Row]]:
    """Yield the rows of a long table in parts that are laid out quickly, each as its own table."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@cache
def _fonts() -> dict[str, Asset]:
    return {path.name: (path.read_bytes(), "font/ttf") for path in sorted(FONTS.glob("*.ttf"))}


def _fetcher(assets: Mapping[str, Asset]) -> Any:
    """Return the one fetcher of a document: hands over assets, refuses and remembers the rest."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):
        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return an asset or what a ``data:`` address holds."""
            if url.startswith("app:") and url[4:] in assets:
                body, content_type = assets[url[4:]]
                return URLFetcherResponse(url, body, {"Content-Type": content_type})
            if url.startswith("data:"):
                return super().fetch(url)
            self.refused.append(url)
            raise FatalURLFetchingError(f"refused: {url}")

    return Closed()


def _refusal(addresses: Sequence[str]) -> str:
    shown = ", ".join(address[:100] for address in addresses[:3])
    return f"The document asks for an address outside itself: {shown}"


def _require_marking(document: Document, marking: str) -> None:
    wanted = marking.upper()
    if not wanted:
        raise Unmarked("The document has no security marking.")
    for number, page in enumerate(document.pages, 1):
        margins = page._page_box.children[1:]  # the first child is the page's content
        texts = [
            getattr(box, "text", "") for margin in margins for box in (margin, *_boxes(margin))
        ]
        if wanted not in texts:
            raise Unmarked(f"Page {number} does not show the marking {wanted}.")


def _boxes(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        yield child
        yield from _boxes(child)
