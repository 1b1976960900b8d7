"""Sealing: once a minute, everything that is final is put under one more link of the chain.

Requests never wait for it: they insert, and the chain is made afterwards. Final is what belongs to
transactions that have all ended, so an entry of a transaction that stays open for an hour is not
skipped: until it ends, nothing that began after it is sealed. Other databases of the same server
hold nothing up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refused
from core.ledger import chain, heads
from core.models import LedgerEntry, LedgerSeal

LOCK = 0x1ED6E2  # names the advisory lock under which seals are made

logger = logging.getLogger("core.ledger")


def seal() -> LedgerSeal | None:
    """Seal what is final and not sealed yet; None if there is nothing, or another is at it.

    Raises core.errors.Refused after a restore onto a server whose transactions have smaller
    numbers (see ``chain.after_restore``).
    """
    with _alone() as alone:
        if not alone:
            return None
        last = LedgerSeal.objects.order_by("-number").first()
        if last is not None:
            _mend_head(last)
        with transaction.atomic():
            made = _next(last)
        if made is not None:
            heads.append(made)
        return made


def _next(last: LedgerSeal | None) -> LedgerSeal | None:
    since = last.up_to if last else 0
    up_to = chain.final_before()
    if up_to < since:
        raise Refused(
            _(
                "The numbers of this server's transactions lie before those of the ledger, as "
                "after a restore onto another server. See “After a restore” in docs/ledger.md."
            )
        )
    name, key = next(iter(chain.keys().items()))
    digest = chain.Digest(key, last.digest if last else chain.FIRST)
    for row in chain.rows(since=since, before=up_to):
        digest.add(row)
    if not digest.entries:
        return None
    made = LedgerSeal(
        number=last.number + 1 if last else 1,
        sealed_at=clock.now(),
        up_to=up_to,
        entries=digest.entries,
        key=name,
    )
    made.digest = digest.close(made)
    made.save(force_insert=True)
    return made


def _mend_head(last: LedgerSeal) -> None:
    """Write down the last seal if the machine went down between storing it and writing it down.

    Only that one: a file that lacks more has lost something, and the verifier says so.
    """
    line = heads.last()
    if line.startswith(f"{last.number - 1} ") or (not line and last.number == 1):
        logger.warning("Seal %s was not among the heads of the ledger: written down.", last.number)
        heads.append(last)


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of sealing, unless somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def waiting() -> Iterator[None]:
    """Hold the lock of sealing, after whoever has it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def unsealed() -> tuple[LedgerSeal | None, int, LedgerEntry | None]:
    """Return the last seal, how many entries are not sealed yet, and the oldest of them."""
    last = LedgerSeal.objects.order_by("-number").first()
    open_entries = LedgerEntry.objects.filter(transaction__gte=last.up_to if last else 0)
    return last, open_entries.count(), open_entries.order_by("transaction", "id").first()
