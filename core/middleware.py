"""What wraps every request: timing, headers that keep browsers careful, and one business date."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

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


# What a page may ask of a device: nothing. A page that needs the position will say so itself.
_DENIED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in _DENIED)


class CarefulHeadersMiddleware:
    """Adds what Django has no setting for: which features of a device are off, who may embed.

    An answer that says something of its own is left alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class ForwardedMiddleware:
    """Refuses (400) what claims to have been forwarded for a host or scheme that is not ours.

    Nothing is built from these headers, but what comes with a forged one is no honest request.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or raise SuspiciousOperation."""
        for header in ("X-Forwarded-Host", "X-Original-Host", "X-Host"):
            named = request.headers.get(header)
            if named is not None and not _ours(named):
                raise DisallowedHost(f"{header} is not one of this service's hosts.")
        if request.headers.get("X-Forwarded-Proto", "https") not in ("http", "https"):
            raise SuspiciousOperation("X-Forwarded-Proto is neither http nor https.")
        if not request.headers.get("X-Forwarded-Port", "443").isdecimal():
            raise SuspiciousOperation("X-Forwarded-Port is no number.")
        for header in ("X-Original-URL", "X-Rewrite-URL"):
            if header in request.headers:
                raise SuspiciousOperation(f"{header} is not followed here.")
        return self.get_response(request)


def _ours(named: str) -> bool:
    host, _port = split_domain_port(named)
    return bool(host) and validate_host(host, settings.ALLOWED_HOSTS)


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
