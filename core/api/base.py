"""Bases of the API's resources: safe by construction, like the pages.

The same rule as everywhere: outside one's scope 404, seen but not allowed 403, a reference to a
hidden record in a body 400 as if it did not exist. What changes a record names the version it
read (``If-Match``); what makes one may bring its id, and a repeat is then harmless.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, models, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from core.api.filters import HouseFilterSet
from core.api.problems import AlreadyThere, PreconditionFailed, PreconditionRequired
from core.ledger.construction import NotedView

ACTIONS = ("list", "retrieve", "create", "update", "partial_update", "destroy")
PAGE_PARAMETERS = frozenset({"cursor", "page_size"})


class ScopedViewSet(NotedView, GenericViewSet):
    """A resource that refuses to exist without a scoped queryset and a permission per action.

    Subclasses give ``queryset`` (of a model whose queryset has ``visible_to(user, permission)``),
    ``permissions`` (action → permission, for every action they offer) and ``serializer_class``;
    with ``lookup_field = "slug"`` where there is one. ``filterset_class`` or ``filterset_fields``
    name the filters; any other parameter in the query is refused. What is read, changed and denied
    is noted in the ledger (``core.ledger.construction``).
    """

    abstract = True
    queryset: Any = None
    permissions: ClassVar[dict[str, str]] = {}
    view_permission: ClassVar[str] = "view"
    lookup_value_converter: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        name = f"{cls.__module__}.{cls.__name__}"
        if cls.queryset is None or not hasattr(cls.queryset, "visible_to"):
            raise ImproperlyConfigured(f"{name} needs a queryset with visible_to().")
        offered = {action for action in ACTIONS if hasattr(cls, action)}
        offered |= {extra.__name__ for extra in cls.get_extra_actions()}
        lacking = offered - cls.permissions.keys()
        if lacking:
            raise ImproperlyConfigured(f"{name} needs a permission for {sorted(lacking)}.")
        if "lookup_value_converter" not in cls.__dict__:
            key = cls.queryset.model._meta.pk
            is_uuid = cls.lookup_field == "pk" and isinstance(key, models.UUIDField)
            by_slug = cls.lookup_field in ("slug", "code")
            cls.lookup_value_converter = "uuid" if is_uuid else "slug" if by_slug else "str"

    def handle_exception(self, exc: Exception) -> Any:
        """Turn what is raised into a problem; note a fault of ours, which is raised further."""
        try:
            return super().handle_exception(exc)
        except Exception:
            self.ledger_end(500)
            raise

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Complete the answer, a problem's too, and note what the request came to."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.request.user and self.request.user.is_authenticated:
            self.ledger_end(answer.status_code, answer)
        return answer

    def ledger_lookup(self) -> dict[str, Any]:
        """Return what the ledger finds a denied record by."""
        name = self.lookup_url_kwarg or self.lookup_field
        return {self.lookup_field: self.kwargs[name]} if name in self.kwargs else {}

    @property
    def permission(self) -> str:
        """What the present action needs."""
        return self.permissions[self.action]

    def get_queryset(self) -> Any:
        """Return the rows on which the caller holds what the present action needs."""
        return self.rows(self.permission)

    def rows(self, permission: str) -> Any:
        """Return the rows on which the caller holds a permission; narrow here."""
        return self.queryset.all().visible_to(self.request.user, permission)

    def filter_queryset(self, queryset: Any) -> Any:
        """Apply the filters; a parameter that is none is an error, not silence."""
        known = set(PAGE_PARAMETERS)
        for backend in self.filter_backends:
            filters: Any = backend()
            filterset = filters.get_filterset_class(self, queryset)
            if filterset is not None:
                known |= filterset.base_filters.keys()
        unknown = sorted(set(self.request.query_params) - known)
        if unknown:
            raise exceptions.ValidationError(
                {name: [_("There is no such filter here.")] for name in unknown}
            )
        return super().filter_queryset(queryset)

    def get_object(self) -> Any:
        """Return the record of the address: 404 outside the scope, 403 if seen but not allowed."""
        return self.fetch()

    def fetch(self, *, lock: bool = False) -> Any:
        """Return the same, locked until the transaction ends if asked."""
        name = self.lookup_url_kwarg or self.lookup_field
        wanted = {self.lookup_field: self.kwargs[name]}
        rows = self.rows(self.permission)
        found = rows.filter(**wanted).first()
        self.ledger_record = found
        if found is None:
            if self.rows(self.view_permission).filter(**wanted).exists():
                raise exceptions.PermissionDenied(_("Your role does not let you do this."))
            raise Http404
        if lock:  # by key alone: the scope's subqueries cannot be locked with it
            found = rows.model._base_manager.select_for_update().get(pk=found.pk)
        return found

    def answer(self, record: Any, *, code: int = 200, headers: Any = None) -> Response:
        """Return a record's representation with its ETag."""
        response = Response(self.get_serializer(record).data, status=code, headers=headers)
        tag = etag(record)
        if tag:
            response["ETag"] = tag
        return response


class ListAndRetrieve:
    """Reading."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page of the records in the caller's scope."""
        view: Any = self
        page = view.paginate_queryset(view.filter_queryset(view.get_queryset()))
        view.ledger_rows = page
        return view.get_paginated_response(view.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one record; 304 if the caller has this version already."""
        view: Any = self
        record = view.get_object()
        tag = etag(record)
        if tag and tag in _tags(request.headers.get("If-None-Match", "")):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return view.answer(record)


class Create:
    """Making a record, by one service.

    Subclasses give ``perform_create(serializer)``, which calls the service (with ``id`` from the
    validated data) and returns the record, and ``create_parent``: the field of the body whose
    record must grant the permission (None where ``may_create`` decides).
    """

    create_parent: ClassVar[str | None] = None

    def may_create(self, data: dict[str, Any]) -> bool:
        """Say whether the caller may make this; by default as the parent grants it."""
        view: Any = self
        if self.create_parent is None:
            raise ImproperlyConfigured(f"{type(self).__name__} needs create_parent or may_create.")
        parent = data[self.create_parent]
        rows: Any = type(parent)._default_manager.all()
        allowed = rows.visible_to(view.request.user, view.permission)
        return bool(allowed.filter(pk=parent.pk).exists())

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make it (201); the same again with the same id answers 200, another text 409."""
        view: Any = self
        there = self._there(request)
        if there is not None:
            return self._repeat(there)
        serializer = view.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        if not self.may_create(serializer.validated_data):
            view.ledger_record = serializer.validated_data.get(self.create_parent)
            raise exceptions.PermissionDenied(_("Your role does not let you do this."))
        try:
            with transaction.atomic():
                record = view.perform_create(serializer)
        except IntegrityError:
            there = self._there(request)  # the same request at the same moment
            if there is None:
                raise
            return self._repeat(there)
        view.ledger_record = record
        return view.answer(record, code=201, headers={"Location": self._address(record)})

    def perform_create(self, serializer: Any) -> Any:
        """Call one service with the validated data and return the record."""
        raise NotImplementedError

    def _there(self, request: Request) -> Any:
        view: Any = self
        data = request.data
        try:
            key = uuid.UUID(str(data["id"])) if isinstance(data, dict) and "id" in data else None
        except ValueError:
            key = None  # the serializer says what is wrong with it
        return view.queryset.model._base_manager.filter(pk=key).first() if key else None

    def _repeat(self, there: Any) -> Response:
        view: Any = self
        seen = view.rows(view.view_permission).filter(pk=there.pk).exists()
        if seen:
            serializer = view.get_serializer(there, data=view.request.data)
            if serializer.is_valid() and _says(serializer, there):
                view.ledger_record = there
                return view.answer(there)
        raise AlreadyThere

    def _address(self, record: Any) -> str:
        view: Any = self
        value = getattr(record, view.lookup_field)
        name = view.lookup_url_kwarg or view.lookup_field
        address = reverse(f"{view.basename}-detail", kwargs={name: value}, request=view.request)
        return str(address)


class Update:
    """Changing a record, by one service.

    Subclasses give ``perform_update(serializer, version)``, which calls the service and returns
    the record. ``version`` is what the caller read, for services that compare it themselves.
    """

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace the record's fields."""
        return self._update(partial=False)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that are sent."""
        return self._update(partial=True)

    def perform_update(self, serializer: Any, version: int) -> Any:
        """Call one service with the validated data and return the record."""
        raise NotImplementedError

    def _update(self, *, partial: bool) -> Response:
        view: Any = self
        with transaction.atomic():
            record = view.fetch(lock=True)
            check_match(view.request, record)
            serializer = view.get_serializer(record, data=view.request.data, partial=partial)
            serializer.is_valid(raise_exception=True)
            record = view.perform_update(serializer, record.version)
        return view.answer(record)


class Destroy:
    """Deleting a record, by one service: subclasses give ``perform_destroy(record)``."""

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete it."""
        view: Any = self
        with transaction.atomic():
            record = view.fetch(lock=True)
            check_match(request, record)
            view.perform_destroy(record)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def perform_destroy(self, record: Any) -> None:
        """Call one service."""
        raise NotImplementedError


class ScopedReadViewSet(ListAndRetrieve, ScopedViewSet):
    """Read only."""

    abstract = True


class ScopedModelViewSet(ListAndRetrieve, Create, Update, ScopedViewSet):
    """Read, make and change. Deleting is added where the domain knows it (``Destroy``)."""

    abstract = True


def etag(record: Any) -> str:
    """Return a record's ETag: its version, quoted; empty for what bears none."""
    version = getattr(record, "version", None)
    return f'"{version}"' if isinstance(version, int) else ""


def check_match(request: Request, record: Any) -> None:
    """Raise PreconditionRequired without ``If-Match``, PreconditionFailed for another version."""
    sent = _tags(request.headers.get("If-Match", ""))
    if not sent or sent == ["*"]:  # "any version" is just what must not be overwritten
        raise PreconditionRequired
    if etag(record) not in sent:
        raise PreconditionFailed


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]


def _says(serializer: Any, record: Any) -> bool:
    """Say whether a record holds what was sent, field by field, as a reader would see it."""
    stored = serializer.to_representation(record)
    for name, field in serializer.fields.items():
        if name in serializer.initial_data and not (field.read_only or field.write_only):
            value = serializer.validated_data[field.source]
            shown = None if value is None else field.to_representation(value)
            if shown != stored[name]:
                return False
    return True


__all__ = [
    "Create",
    "Destroy",
    "HouseFilterSet",
    "ListAndRetrieve",
    "ScopedModelViewSet",
    "ScopedReadViewSet",
    "ScopedViewSet",
    "Update",
    "check_match",
    "etag",
]
