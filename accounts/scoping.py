"""Scope before you fetch: who may see which rows, in one subquery.

Three anchors carry grants: Programme, Location, Agency. Everything else inherits by path:
``scope_path = "location"`` means "visible if its location is visible". An anchor's own queryset
overrides ``granted``; its OR over programme and location lives there once, children only say IN.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import Permission as PermissionRow
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import BooleanField, F, Func, Q
from django.db.models.signals import post_migrate
from django.dispatch import receiver

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
            anchor: Any = _model_at(self.model, path)._default_manager.all()
            condition |= Q(**{f"{path}__in": anchor.granted_ids(user, permission)})
        return condition

    def granted_ids(self, user: Any, permission: str) -> Any:
        """Return the ids of granted rows as a subquery; anchors write it out (``Ids``)."""
        rows = self.model._default_manager.all().filter(self.granted(user, permission))
        return rows.order_by().values("pk")

    def with_can(self, user: Any, permission: str, *, name: str = "can") -> Any:
        """Annotate each row with whether ``user`` holds ``permission`` on it."""
        allowed = self.model._default_manager.all().visible_to(user, permission)
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


class Ids(models.Expression):
    """Ids chosen by a SELECT that is written out, for ``Q(pk__in=…)``.

    Putting the same together from nested querysets for every list took longer than running it, and
    the database planned it worse (a scan of the whole table where an index would do).
    """

    def __init__(self, sql: str, params: tuple[Any, ...]) -> None:
        """Take a SELECT of one column and its parameters."""
        super().__init__(output_field=models.UUIDField())
        self.sql, self.params = sql, params

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return it in parentheses."""
        return f"({self.sql})", self.params

    def united(self, other: Ids) -> Ids:
        """Return these and the others; a row that is in both comes twice."""
        return Ids(f"{self.sql} UNION ALL {other.sql}", self.params + other.params)

    def leading_to(self, model: type[models.Model], field: str) -> Ids:
        """Return the ids of a model's rows whose foreign key ``field`` is among these."""
        return self._of(model, "id", _column(model, field))

    def through(self, model: type[models.Model], field: str) -> Ids:
        """Return what the foreign key ``field`` holds in the model's rows with these ids."""
        return self._of(model, _column(model, field), "id")

    def _of(self, model: type[models.Model], wanted: str, key: str) -> Ids:
        table = model._meta.db_table
        return Ids(f'SELECT "{wanted}" FROM "{table}" WHERE "{key}" IN ({self.sql})', self.params)  # noqa: S608  # names of tables, no input


class Among(Func):
    """Whether the foreign key at the end of ``path`` is among ids, for ``Q(Among(path, ids))``.

    Says the same as ``Q(path__in=ids)``. The ids are gathered first, as an array, so that the
    database need not plan them together with the tables on the way: where a path crosses several
    tables and few rows are found, planning was dearer than reading them.
    """

    conditional = True

    def __init__(self, path: str, ids: Ids) -> None:
        """Take the lookup path and the ids."""
        super().__init__(F(path), output_field=BooleanField())
        self.ids = ids

    def as_sql(  # type: ignore[override]  # no template: the ids are no expression of Func's own
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return ``column = ANY(ARRAY(SELECT …))``."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = ANY(ARRAY({self.ids.sql}))", (*params, *self.ids.params)


def _column(model: type[models.Model], field: str) -> str:
    return str(model._meta.get_field(field).column)  # type: ignore[union-attr]  # a field with a column, by its path


def granted_on(table: Any, user: Any, permission: str) -> Ids:
    """Return the ids of anchors on which a guardian table grants ``permission`` to ``user``."""
    anchor = table._meta.get_field("content_object").related_model
    return Ids(
        f'SELECT "content_object_id" FROM "{table._meta.db_table}" '  # noqa: S608  # a table's name
        'WHERE "user_id" = %s AND "permission_id" = %s',
        (user.pk, permission_key(anchor, str(permission))),
    )


_keys: dict[tuple[str, str], int] = {}


def permission_key(anchor: type[models.Model], codename: str) -> int:
    """Return the id of an anchor's permission, 0 if there is none; read once in a process.

    The rows are made by migrations and stay; whoever migrates forgets what was read.
    """
    wanted = (anchor._meta.label_lower, codename)
    if wanted not in _keys:
        rows = PermissionRow.objects.values_list(
            "content_type__app_label", "content_type__model", "codename", "pk"
        )
        _keys.update({(f"{app}.{model}", code): key for app, model, code, key in rows.order_by()})
    return _keys.get(wanted, 0)


@receiver(post_migrate)
def forget_permission_keys(**kwargs: Any) -> None:
    """Read the permissions' ids anew after a migration, or when a test has emptied the tables."""
    _keys.clear()
