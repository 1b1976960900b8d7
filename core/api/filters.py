"""Filters of lists; those that name another record see only what the caller sees."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest
from django_filters.rest_framework import DjangoFilterBackend


def in_scope(model: type[models.Model]) -> Any:
    """Return a function that gives a filter the caller's rows of ``model``.

    With all rows instead, a hidden record would be told from none: an empty list against an error.
    """
    if not hasattr(model._default_manager.all(), "visible_to"):
        raise ImproperlyConfigured(f"{model.__name__} has no scope; declare its filter by hand.")

    def rows(request: HttpRequest | None) -> Any:
        manager: Any = model._default_manager.all()
        return manager.visible_to(request.user) if request else manager.none()

    return rows


def _scoped_choice(field: Any) -> dict[str, Any]:
    return {"queryset": in_scope(field.remote_field.model)}


class HouseFilterSet(django_filters.FilterSet):
    """A filter set whose references to other records stay inside the caller's scope.

    Use ``ScopedSlugFilter(Model)`` to let a caller name a record by its slug.
    """

    FILTER_DEFAULTS = {
        **django_filters.FilterSet.FILTER_DEFAULTS,
        models.ForeignKey: {
            "filter_class": django_filters.ModelChoiceFilter,
            "extra": _scoped_choice,
        },
        models.OneToOneField: {
            "filter_class": django_filters.ModelChoiceFilter,
            "extra": _scoped_choice,
        },
    }


class HouseFilterBackend(DjangoFilterBackend):
    """Builds the filters that ``filterset_fields`` names from the house's filter set."""

    filterset_base = HouseFilterSet


class ScopedSlugFilter(django_filters.ModelChoiceFilter):
    """Filters by a record of ``model`` that is named by its slug."""

    def __init__(self, model: type[models.Model], **kwargs: Any) -> None:
        super().__init__(queryset=in_scope(model), to_field_name="slug", **kwargs)
