"""Cursor pages: stable under inserts, as fast at the end as at the start."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import replace_query_param


class CursorPages(CursorPagination):
    """Pages of 50 (up to 200), newest first; where rows bear no time, in the order of their key.

    A viewset may set ``cursor_field`` ("month", "-month"); it must never be null. The cursor names
    a row by this field and its key, so rows with the same value are neither lost nor repeated, as
    they are beyond the thousandth in the package's own cursor, which counts them by offset.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "pk")

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """Return the rows of one page, by one query.

        Raises rest_framework's ValidationError for a cursor that this address did not give out.
        """
        self.request = request
        self.base_url = request.build_absolute_uri()
        self.page_size = self.get_page_size(request) or self.page_size
        self.name, self.descending = self._order(queryset.model, view)
        model = queryset.model
        backwards, place = False, None
        token = request.query_params.get(self.cursor_query_param)
        if token:
            backwards, place = self._read(token, model)
        down = self.descending != backwards
        sign, beyond = ("-", "lt") if down else ("", "gt")
        order = [f"{sign}{self.name}"] + ([f"{sign}pk"] if self.name != "pk" else [])
        if place is not None:
            queryset = queryset.filter(self._past(beyond, place))
        rows = list(queryset.order_by(*order)[: self.page_size + 1])
        more = len(rows) > self.page_size
        rows = rows[: self.page_size]
        if backwards:
            rows.reverse()
        self.rows = rows
        self.has_next = bool(rows) and (more or backwards)
        self.has_previous = bool(rows) and place is not None and (more or not backwards)
        return rows

    def get_next_link(self) -> str | None:
        """Return the address of the page after this one."""
        return self._link(self.rows[-1], backwards=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Return the address of the page before this one."""
        return self._link(self.rows[0], backwards=True) if self.has_previous else None

    def _order(self, model: type[models.Model], view: Any) -> tuple[str, bool]:
        wanted = getattr(view, "cursor_field", None)
        if wanted is None:
            try:
                model._meta.get_field("created_at")
                wanted = "-created_at"
            except FieldDoesNotExist:
                wanted = "pk"
        return wanted.lstrip("-"), wanted.startswith("-")

    def _past(self, beyond: str, place: tuple[Any, Any]) -> Q:
        value, key = place
        if self.name == "pk":
            return Q(**{f"pk__{beyond}": key})
        # The first condition says what the second implies, in a form that an index can answer.
        return Q(**{f"{self.name}__{beyond}e": value}) & (
            Q(**{f"{self.name}__{beyond}": value}) | Q(**{self.name: value, f"pk__{beyond}": key})
        )

    def _link(self, row: Any, *, backwards: bool) -> str:
        value = getattr(row, self.name)
        text = value.isoformat() if isinstance(value, dt.date) else str(value)
        token = json.dumps(["p" if backwards else "n", text, str(row.pk)]).encode()
        encoded = base64.urlsafe_b64encode(token).decode()
        return replace_query_param(str(self.base_url), self.cursor_query_param, encoded)

    def _read(self, token: str, model: type[models.Model]) -> tuple[bool, tuple[Any, Any]]:
        try:
            direction, text, key = json.loads(base64.urlsafe_b64decode(token.encode()))
            key_field: Any = model._meta.pk
            field: Any = key_field if self.name == "pk" else model._meta.get_field(self.name)
            place = (field.to_python(text), key_field.to_python(key))
        except (ValueError, TypeError, binascii.Error, ValidationError) as error:
            raise exceptions.ValidationError({"cursor": ["This cursor is not valid."]}) from error
        return direction == "p", place
