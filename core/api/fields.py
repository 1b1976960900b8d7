"""References to other records in what a caller sends: inside the caller's scope, or not at all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework import serializers


class _Scoped:
    """Narrows ``queryset`` to the caller, so that a hidden record reads like none.

    ``permission`` is what the caller must hold on the record referred to; by default to see it.
    ``open_reason`` allows a model without scope (geography, templates) and says why.
    """

    def __init__(self, *, permission: str = "view", open_reason: str = "", **kwargs: Any) -> None:
        queryset = kwargs.get("queryset")
        if queryset is not None and not open_reason and not hasattr(queryset, "visible_to"):
            queryset = queryset.all()  # a manager
            if not hasattr(queryset, "visible_to"):
                raise ImproperlyConfigured(
                    f"{queryset.model.__name__} has no scope: give the field an open_reason."
                )
        self.permission = permission
        self.open_reason = open_reason
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        """Return the records that the caller may refer to."""
        queryset: Any = super().get_queryset()  # type: ignore[misc]  # mixed into a related field
        if queryset is None or self.open_reason:
            return queryset
        request = self.context.get("request")  # type: ignore[attr-defined]  # mixed into a related field
        return queryset.visible_to(request.user if request else None, self.permission)


class ScopedPrimaryKeyRelatedField(_Scoped, serializers.PrimaryKeyRelatedField):
    """A record by its id."""


class ScopedSlugRelatedField(_Scoped, serializers.SlugRelatedField):
    """A record by a unique name, its slug by default."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"slug_field": "slug", **kwargs})
