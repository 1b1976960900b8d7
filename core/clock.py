"""Two clocks.

``now()`` is real time: sign-in, tokens, jobs, history. ``today()`` is the business date: weeks,
due dates, quarters, roles. They differ only in a demonstration, whose business date stands still
until someone moves it (``bin/manage tick --at``), so that its story stays readable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone

_held: ContextVar[dt.date | None] = ContextVar("business_date", default=None)


def now() -> dt.datetime:
    """Return real time, aware, in UTC."""
    return timezone.now()


def today() -> dt.date:
    """Return the business date: the demonstration's, or the real date in Europe/London."""
    held = _held.get()
    return held if held is not None else read_business_date()


def read_business_date() -> dt.date:
    """Read the business date from where it is kept (one query in a demonstration)."""
    if settings.DEMONSTRATION or settings.MODE == "test":
        from core.models import BusinessDate

        row = BusinessDate.objects.first()
        if row is not None:
            return row.date
    return timezone.localdate()


@contextmanager
def business_date(date: dt.date | None = None) -> Iterator[dt.date]:
    """Hold one business date (read once, or the one given) for a block of work."""
    value = date or read_business_date()
    token = _held.set(value)
    try:
        yield value
    finally:
        _held.reset(token)
