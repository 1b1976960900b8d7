"""What falls due when the business date changes.

An app registers a function in its ``tasks.py``; it is called with the new date, once at each real
change of date, and at every move of a demonstration's date (forward or back), so it must be
harmless to repeat and lead to the same state from wherever the date came.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.history import because
from core.jobs import registry
from core.models import BusinessDate, DueRun

logger = logging.getLogger("core.due")

Due = Callable[[dt.date], object]
_functions: dict[str, tuple[int, Due]] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one function said (``outcome``: figures or a sentence), or what went wrong."""

    name: str
    outcome: str
    failed: bool = False


def due(name: str, *, order: int = 50) -> Callable[[Due], Due]:
    """Return a decorator that registers ``function(on)``; lower ``order`` runs earlier.

    Raises ImproperlyConfigured for a name that another function has already.
    """

    def register(function: Due) -> Due:
        there = _functions.get(name)
        if there is not None and there[1].__qualname__ != function.__qualname__:
            raise ImproperlyConfigured(f"Two functions fall due as {name}.")
        _functions[name] = (order, function)
        return function

    return register


def run_due(on: dt.date, *, again: bool = False) -> list[Outcome]:
    """Run what falls due on a date, each in its own transaction; return what each said.

    Without ``again`` only what has not been done for that date yet. A function that fails is
    logged and told of, the others still run, and the next call tries it again.
    """
    registry.load_tasks()
    outcomes: list[Outcome] = []
    with clock.business_date(on):
        for name, (_order, function) in sorted(_functions.items(), key=lambda i: (i[1][0], i[0])):
            try:
                outcome = _run_one(name, function, on, again=again)
            except Exception as error:
                logger.exception("What falls due as %s failed for %s.", name, on)
                outcome = Outcome(name, f"{type(error).__name__}: {error}", failed=True)
            if outcome is not None:
                outcomes.append(outcome)
    return outcomes


def move_business_date(*, to: dt.date, by: Any) -> list[Outcome]:
    """Move a demonstration's business date, forward or back, and run what falls due.

    Raises Refused in production, whose business date is the real one.
    """
    if settings.PRODUCTION:
        raise Refused(_("The business date can be moved in a demonstration only."))
    with because(by=by, reason="business date moved"):
        BusinessDate.objects.update_or_create(only=True, defaults={"date": to})
        return run_due(to, again=True)


def _run_one(name: str, function: Due, on: dt.date, *, again: bool) -> Outcome | None:
    with transaction.atomic():
        # The row is the lock: two schedulers, or a tick at the same moment, do it one by one.
        DueRun.objects.bulk_create([DueRun(name=name, on=on)], ignore_conflicts=True)
        row = DueRun.objects.select_for_update().get(name=name, on=on)
        if row.outcome and not again:
            return None
        said = function(on)
        row.outcome = "done" if said is None else str(said)
        row.save(update_fields=["outcome", "updated_at"])
    return Outcome(name, row.outcome)
