"""Writing entries of the ledger.

Within a request, entries are collected and go out in one insert when the answer is ready
(``core.ledger.middleware``): also those of a request that was denied or rolled back. Outside of
one, in a job or a command, each is written at once, in the caller's transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from core.choices import LedgerAction
from core.ledger.whereabouts import Place, owner_of, places_of
from core.models import LedgerEntry

# What tells of a change is untrue if the change was rolled back, and must say so.
CHANGES = frozenset(
    {
        LedgerAction.CHANGE,
        LedgerAction.ACCOUNT,
        LedgerAction.PERMISSION,
        LedgerAction.AGREEMENT,
    }
)


@dataclass(slots=True)
class Collected:
    """What one request has noted so far, with the marks by which a rollback is recognised."""

    request: Any
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    entries: list[LedgerEntry] = field(default_factory=list)
    changes: list[tuple[LedgerEntry, _Mark]] = field(default_factory=list)


class _Mark:
    """Called when the transaction of a change is committed."""

    committed = False

    def __call__(self) -> None:
        self.committed = True

    def stands(self) -> bool:
        """Say whether the change was committed, or still can be (a test's own transaction)."""
        return self.committed or any(entry[1] is self for entry in connection.run_on_commit)


@dataclass(frozen=True, slots=True)
class Way:
    """How work outside a request came about: by what, under which number, for whom."""

    name: str = ""
    number: uuid.UUID | None = None
    by: Any = None


_collected: ContextVar[Collected | None] = ContextVar("ledger_request", default=None)
_way: ContextVar[Way] = ContextVar("ledger_way", default=Way())  # noqa: B039  # it is frozen


def note(
    action: LedgerAction,
    *,
    by: Any = None,
    subject: models.Model | type[models.Model] | None = None,
    under: models.Model | None = None,
    owner: uuid.UUID | None = None,
    touches: Iterable[str] = (),
    rows: int | None = None,
    reason: str = "",
    **detail: Any,
) -> None:
    """Write one entry: ``by`` did ``action`` to ``subject`` (a record, or a model for lists).

    ``by`` None stands for whoever makes the request or asked for the job; outside of these for
    the house itself, or somebody unknown. The programme, location or agency ``under`` which it lies
    and the agency that owns it are taken from the record where they are not given. ``detail`` holds
    identifiers and counts only, never the content of a record.
    """
    record = subject if isinstance(subject, models.Model) else None
    place = under or record
    write(
        action,
        by=by,
        subject=subject._meta.label if subject is not None else "",
        subject_id=str(record.pk) if record is not None else "",
        places=places_of([place]) if place is not None else [],
        owner=owner or owner_of(record),
        touches=touches,
        rows=rows,
        reason=reason,
        detail=detail,
    )


def write(
    action: LedgerAction,
    *,
    by: Any = None,
    subject: str = "",
    subject_id: str = "",
    places: list[Place] | None = None,
    owner: uuid.UUID | None = None,
    touches: Iterable[str] = (),
    rows: int | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one entry whose parts are known; ``note`` finds them for a record."""
    single = places[0] if places and len(places) == 1 else None
    entry = LedgerEntry(
        action=action,
        subject=subject,
        subject_id=subject_id,
        anchor=single[0] if single else "",
        anchor_id=single[1] if single else None,
        anchors=[] if single else [key for _label, key in places or ()],
        owner=owner,
        touches=sorted({str(kind) for kind in touches}),
        rows=rows,
        reason=reason,
        detail=detail or {},
    )
    collected = _collected.get()
    way = _way.get()
    _set_actor(entry, by if by is not None else way.by)
    if collected is None:
        entry.by_way_of, entry.request = way.name, way.number
        entry.save(force_insert=True)
        return
    collected.entries.append(entry)
    if action in CHANGES and connection.in_atomic_block:
        mark = _Mark()
        transaction.on_commit(mark)
        collected.changes.append((entry, mark))


@contextmanager
def by_way_of(name: str, *, number: uuid.UUID | None = None, by: Any = None) -> Iterator[None]:
    """Say of what is noted in this block that a job or a command did it, and for whom."""
    token = _way.set(Way(name, number, by))
    try:
        yield
    finally:
        _way.reset(token)


@contextmanager
def collecting(request: Any) -> Iterator[Collected]:
    """Collect what is noted in this block; the caller writes it by ``insert``."""
    collected = Collected(request)
    token = _collected.set(collected)
    try:
        yield collected
    finally:
        _collected.reset(token)


def insert(collected: Collected, *, by: Any, way: str, path: str) -> None:
    """Write what a request noted, in one statement; raises what the database raises."""
    for entry, mark in collected.changes:
        if not mark.stands():
            entry.detail = {**entry.detail, "undone": True}
    for entry in collected.entries:
        if entry.actor is None:
            _set_actor(entry, by)
        entry.request, entry.by_way_of, entry.path = collected.id, way, path[:300]
    if len(collected.entries) == 1:
        collected.entries[0].save(force_insert=True)
    else:
        LedgerEntry.objects.bulk_create(collected.entries)


def _set_actor(entry: LedgerEntry, by: Any) -> None:
    entry.actor = getattr(by, "pk", None)
    entry.actor_agency = getattr(by, "agency_id", None)
