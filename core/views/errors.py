"""Answers to requests that cannot be served: a page for people, a problem for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

API = "/api/"


def _answer(
    request: HttpRequest, template: str, status: int, detail: str, **context: Any
) -> HttpResponse:
    if request.path.startswith(API):
        from core.api.problems import plain_problem

        return plain_problem(status, detail)
    return render(request, template, context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """Explain an expired form in plain words; the person can go back and send it again."""
    return _answer(request, "errors/csrf.html", 403, "The CSRF token is missing or wrong.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, "errors/400.html", 400, "The request cannot be read.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not allowed."""
    reason = str(exception or "")
    return _answer(
        request,
        "errors/403.html",
        403,
        reason or "Your role does not let you do this.",
        reason=reason,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: does not exist, or not for this person, which is told the same way."""
    return _answer(request, "errors/404.html", 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; says so, and that nothing was half saved.

    Printed without the request's context, which asks the database: that may be what is broken.
    """
    if request.path.startswith(API):
        detail = "Something went wrong on our side. Nothing was half saved."
        return _answer(request, "", 500, detail)
    return HttpResponse(render_to_string("errors/500.html"), status=500)
