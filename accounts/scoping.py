"""Scope before you fetch: who may see which rows, in one subquery.

Three anchors carry grants: Programme, Location, Agency. Everything else inherits by path:
``scope_path = "location"`` means "visible if its location is visible". An anchor's own queryset
overrides ``granted``; its OR over programme and location lives there once, children only say IN.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

from accounts.permissions import Permission


class ScopedQuerySet(models.QuerySet[Any]):
    """A queryset that knows who may see its rows.

    ``scope_paths`` are the ways from a row to an anchor, as lookups ("location",
    "step_record__location"); a row is visible if it is by any of them.
    """

    scope_paths: ClassVar[tuple[str, ...]] = ()

    def visible_to(self, user: Any, permission: str = Permission.VIEW) -> Any:
        """Return the rows on which ``user`` holds ``permission``; one query, composable."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(self.granted(user, permission))

    def granted(self, user: Any, permission: str) -> Q:
        """Return the condition under which a row is granted; anchors override this."""
        if not self.scope_paths:
            raise ImproperlyConfigured(f"{type(self).__name__} has neither paths nor grants.")
        condition = Q()
        for path in self.scope_paths:
            anchor = _model_at(self.model, path)
            visible: Any = anchor._default_manager.all()
            rows = visible.visible_to(user, permission).order_by().values("pk")
            condition |= Q(**{f"{path}__in": rows})
        return condition

    def with_can(self, user: Any, permission: str, *, name: str = "can") -> Any:
        """Annotate each row with whether ``user`` holds ``permission`` on it."""
        allowed = self.model._default_manager.all().visible_to(user, permission)  # type: ignore[attr-defined]
        return self.annotate(
            **{name: models.Exists(allowed.filter(pk=models.OuterRef("pk")).values("pk"))}
        )


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    for part in path.split("__"):
        related = model._meta.get_field(part).related_model
        assert related is not None, path
        assert not isinstance(related, str), path
        model = related
    return model


def granted_on(table: Any, user: Any, permission: str) -> Any:
    """Return the ids of anchors on which a guardian table grants ``permission`` to ``user``."""
    return table.objects.filter(user=user, permission__codename=permission).values(
        "content_object_id"
    )
