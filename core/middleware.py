"""What wraps every request: timing for those who care for speed, and one business date."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from core import clock

Handler = Callable[[HttpRequest], HttpResponse]


class ServerTimingMiddleware:
    """Adds ``Server-Timing`` with the total and database time and the number of queries.

    Outside production on every response; in production only for system administrators.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        start = time.perf_counter()
        spent = 0.0
        queries = 0

        def timed(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal spent, queries
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent += time.perf_counter() - began
                queries += 1

        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        user = getattr(request, "user", None)
        if not settings.PRODUCTION or (user is not None and getattr(user, "is_staff", False)):
            total = (time.perf_counter() - start) * 1000
            response["Server-Timing"] = (
                f'total;dur={total:.1f}, db;dur={spent * 1000:.1f};desc="{queries} queries"'
            )
        return response


class BusinessDateMiddleware:
    """Reads the business date once per request, so that a page never straddles two dates."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        with clock.business_date():
            return self.get_response(request)


class NoStoreMiddleware:
    """Keeps what a signed-in person was shown out of every cache, the browser's "back" included.

    A view that has said how its answer may be kept (a chart named by its content) is left alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response
