"""Sends text compressed: pages, styles, scripts, JSON; downloads stay as they are."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/problem+json",
    "application/javascript",
    "image/svg+xml",
)


class CompressTextMiddleware(GZipMiddleware):
    """Django's gzip for whole answers of text.

    A signed-in page must stay within 100 kB on the wire with no proxy in front. Attachments are
    left alone (zip and PDF are compressed already, and a partial answer must keep its bytes).
    Django pads the answer by a random length, which takes the edge off guessing by size (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a whole answer of text that is not an attachment."""
        kind = response.headers.get("Content-Type", "")
        attached = response.headers.get("Content-Disposition", "").startswith("attachment")
        if attached or response.status_code == 206 or not kind.startswith(TEXT):
            return response
        return super().process_response(request, response)
