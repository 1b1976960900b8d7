"""Lets functions that are called one after the other for one answer share what they read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Keep what is put into ``kept()`` until the end of this block, then forget it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept() -> dict[Any, Any]:
    """Return what was kept so far in this block; outside of one nothing is, and nothing stays."""
    found = _kept.get()
    return {} if found is None else found
