"""Errors as problem details (RFC 9457), the same shape at every address of the API."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import BadInput, Conflict, HouseError, NotAllowed

CONTENT_TYPE = "application/problem+json"


class PreconditionRequired(exceptions.APIException):
    """A change was sent without saying which version it changes (428)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag of the version you read."


class PreconditionFailed(exceptions.APIException):
    """The record changed since it was read (412)."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The record has changed since you read it."


class AlreadyThere(exceptions.APIException):
    """A new record came with the id of another one (409)."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "A record with this id exists already and says something else."


_STATUS = {NotAllowed: 403, Conflict: 412, BadInput: 400}


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raises into ``application/problem+json``; None for our own faults."""
    if isinstance(error, HouseError):
        code = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 400)
        places = [asdict(row) for row in error.errors] if isinstance(error, BadInput) else None
        return _response(code, str(error), errors=places)
    response = exception_handler(error, context)
    if response is None:
        return None
    data: Any = response.data
    if isinstance(data, dict) and set(data) == {"detail"}:
        return _response(response.status_code, str(data["detail"]), headers=response.headers)
    return _response(
        response.status_code, "Some values cannot be taken.", errors=data, headers=response.headers
    )


def problem(code: int, detail: str, *, errors: Any = None) -> dict[str, Any]:
    """Return the body of a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = errors
    return body


def plain_problem(code: int, detail: str) -> JsonResponse:
    """Return a problem from outside a view of the API (middleware, unknown address, our fault)."""
    return JsonResponse(problem(code, detail), status=code, content_type=CONTENT_TYPE)


def _response(code: int, detail: str, *, errors: Any = None, headers: Any = None) -> Response:
    response = Response(
        problem(code, detail, errors=errors), status=code, content_type=CONTENT_TYPE
    )
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if headers is not None and name in headers:
            response[name] = headers[name]
    return response
