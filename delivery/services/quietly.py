"""Taking records over from elsewhere, where mail about what is long past would be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_quiet: ContextVar[bool] = ContextVar("delivery_quiet", default=False)


@contextmanager
def without_mail() -> Iterator[None]:
    """Send no mail about actions in this block."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Say whether mail is to be left out."""
    return _quiet.get()
