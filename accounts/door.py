"""One door for memberships and grants: outside it, saving and deleting them is refused.

``accounts.grants`` opens the door around its writes, because a membership without its derived
grants (or a grant without its membership) is a right that nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

_open: ContextVar[bool] = ContextVar("grants_door", default=False)


class WrongDoorError(RuntimeError):
    """A programmer's error: a membership or grant was written outside ``accounts.grants``."""


@contextmanager
def opened() -> Iterator[None]:
    """Allow writes of memberships and grants in this block; for ``accounts.grants`` alone."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def check(what: object) -> None:
    """Raise WrongDoorError unless the door is open."""
    if not _open.get():
        name = what.__name__ if isinstance(what, type) else type(what).__name__
        raise WrongDoorError(
            f"{name} is written by accounts.grants only (give_role, end_role, mend)."
        )


class GuardedModel(models.Model):
    """A model whose rows are written through the door only."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, if the door is open."""
        check(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, if the door is open (a deleted anchor takes its rows along by cascade)."""
        check(self)
        return super().delete(*args, **kwargs)


class GuardedQuerySet(models.QuerySet[Any]):
    """The same for writes in bulk."""

    def update(self, **kwargs: Any) -> int:
        """Update, if the door is open."""
        check(self.model)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete, if the door is open."""
        check(self.model)
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Create, if the door is open."""
        check(self.model)
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Update, if the door is open."""
        check(self.model)
        return super().bulk_update(*args, **kwargs)
