"""Writes what a request noted, before its answer leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse

from core.choices import LedgerAction
from core.ledger.notes import Collected, collecting, insert, write
from core.paths import safe_path

Handler = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("core.ledger")

# Under which key of the session sign-in says how far the person is known: "link" after a mail's
# link and code, anything else is a session opened with a password.
BY_WAY_OF = "by_way_of"


class LedgerMiddleware:
    """Collects what the views note, and inserts it in one statement when the answer is ready.

    Stands inside the middleware that knows the person and outside everything that can refuse, so
    that it sees every 403. It fails closed: where the ledger cannot be written, the answer is a
    plain 500 and no data leave, a streamed file included (its bytes are read after this).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, and write down what it came to."""
        with collecting(request) as collected:
            response = self.get_response(request)
            if response.status_code == 403:
                _note_refusal(request, collected)
        if not collected.entries:
            return response
        try:
            insert(
                collected,
                by=_person(request),
                way=_way(request),
                path=safe_path(request.path),
            )
        except Error:
            logger.exception("The ledger cannot be written: the answer is withheld.")
            _let_go(response)
            return _failure(request)
        return response


def _note_refusal(request: HttpRequest, collected: Collected) -> None:
    """Note a 403 that no view has noted: by another middleware, or by a view without a base."""
    noted = any(entry.action == LedgerAction.DENIED for entry in collected.entries)
    if not noted and _person(request) is not None:
        write(LedgerAction.DENIED, detail={"method": request.method})


def _person(request: HttpRequest) -> Any:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _way(request: HttpRequest) -> str:
    """Say how the person is known: by a token, a mail's link, or a session; empty if unknown."""
    if getattr(request, "auth", None) is not None:  # set by the API's token sign-in
        return "token"
    if _person(request) is None:
        return ""
    session: Any = getattr(request, "session", {})
    return "link" if session.get(BY_WAY_OF) == "link" else "session"


def _let_go(response: Any) -> None:
    """Close the file that would have been sent; ``close()`` would also end the request."""
    for close in response._resource_closers:
        close()


def _failure(request: HttpRequest) -> HttpResponse:
    from core.views.errors import server_error

    return server_error(request)
