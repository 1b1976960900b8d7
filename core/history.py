"""History of every change, kept by statement-level triggers, with who and why.

Every model that people edit is decorated with ``@tracked``. Bulk updates and plain SQL are seen
too, because the database writes the history. Rows that are bulk-loaded (areas, incidents) are not
tracked one by one: their import is their history.

What is read back from it: ``core.selectors.history_of``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
import pghistory.middleware
from django.db import connection, models
from pghistory.runtime import Context, _tracker

from core.paths import safe_path

Model = TypeVar("Model", bound=type[models.Model])


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Return a decorator that keeps a row of history for every insert, update and delete.

    ``exclude`` names fields that are not kept (secrets).
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )


@contextmanager
def because(*, by: Any = None, reason: str = "") -> Iterator[None]:
    """Say who changes things in this block, and why; kept with each row of history.

    Blocks nest: what the inner one leaves out is taken from the outer one (the signed-in user and
    the page of a request), and after the inner block the outer words hold again. pghistory's own
    nested context would write the inner reason over everything the outer block has changed.
    """
    said: dict[str, Any] = {}
    if by is not None and getattr(by, "pk", None):
        said["user"] = str(by.pk)
    if reason:
        said["reason"] = reason
    outer: Context | None = getattr(_tracker, "value", None)
    if outer is None:
        with pghistory.context(**said):
            yield
        _forget()
    elif said.items() <= outer.metadata.items():
        yield  # nothing new to say: one request stays one entry
    else:
        _tracker.value = Context(id=uuid.uuid4(), metadata={**outer.metadata, **said})
        try:
            yield
        finally:
            _tracker.value = outer


@contextmanager
def by_nobody() -> Iterator[None]:
    """Keep nothing of who makes the changes in this block, not even of somebody signed in.

    For what people may say without a name. Inside a transaction what follows the block is nobody's
    until something else is said.
    """
    outer: Context | None = getattr(_tracker, "value", None)
    if outer is None:
        yield
        return
    kept = {name: value for name, value in outer.metadata.items() if name == "url"}
    _tracker.value = Context(id=uuid.uuid4(), metadata=kept)
    try:
        yield
    finally:
        _tracker.value = outer


def _forget() -> None:
    """Make what follows in the same transaction nobody's again (the words live until its end)."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Puts the signed-in user and the page into the history of what a request changes."""

    def get_context(self, request: Any) -> dict[str, Any]:
        """Return what is kept: the user's id and the path, nothing from the body."""
        user = getattr(request, "user", None)
        return {"user": str(user.pk) if user and user.pk else None, "url": safe_path(request.path)}
