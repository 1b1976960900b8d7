"""How the ledger is sealed: keys, the fixed way in which an entry is written, and the digests.

A seal's digest is an HMAC-SHA256, under a key that the database does not know, over the digest
before it, the seal's own columns, and every column of every entry it covers, in the order of
(transaction, id). So an entry that is changed, taken out, put in or moved shows; so does a seal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from core.models import LedgerEntry, LedgerSeal

BATCH = 2000  # entries held in memory at a time
FIRST = "0" * 64  # what stands before the first seal

_columns: tuple[str, ...] = tuple(
    sorted(column.attname for column in LedgerEntry._meta.concrete_fields)
)


def _plain(value: Any) -> str:
    """Return a value that JSON has no form for; Django's own encoder would drop microseconds."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no fixed form")


_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
).encode

Row = tuple[Any, ...]
POSITION = {name: place for place, name in enumerate(_columns)}


def keys() -> Mapping[str, bytes]:
    """Return the keys by their names; the first is the one that seals now."""
    texts = [settings.LEDGER_KEY, *settings.LEDGER_OLD_KEYS]
    return {name_of_key(text): text.encode() for text in texts}


def name_of_key(text: str) -> str:
    """Return what a seal says of its key: enough to find it again, nothing to guess it by."""
    return hashlib.sha256(b"name of a ledger key " + text.encode()).hexdigest()[:12]


def rows(*, since: int = 0, before: int | None = None) -> Iterator[Row]:
    """Read entries in the order of the chain through a server-side cursor: flat memory.

    ``since`` and ``before`` are numbers of transactions. Call inside a transaction.
    """
    found = LedgerEntry.objects.filter(transaction__gte=since).order_by("transaction", "id")
    if before is not None:
        found = found.filter(transaction__lt=before)
    return found.values_list(*_columns).iterator(chunk_size=BATCH)


def canonical(row: Sequence[Any]) -> bytes:
    """Return an entry as bytes, always the same.

    What is empty is left out: a column that is added later does not change entries of before.
    """
    held = {
        name: value
        for name, value in zip(_columns, row, strict=True)
        if value is not None and value not in ("", [], {})
    }
    return _encode(held).encode()


class Digest:
    """The digest of one seal, in the making."""

    def __init__(self, key: bytes, before: str) -> None:
        self._mac = hmac.new(key, before.encode(), hashlib.sha256)
        self.entries = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take in the next entry."""
        self._mac.update(b"\n" + canonical(row))
        self.entries += 1

    def close(self, seal: LedgerSeal) -> str:
        """Take in the seal's own columns and return the digest, in hexadecimal."""
        own = {
            "number": seal.number,
            "sealed_at": seal.sealed_at,
            "up_to": seal.up_to,
            "entries": seal.entries,
            "key": seal.key,
        }
        self._mac.update(b"\n" + _encode(own).encode())
        return self._mac.hexdigest()


def digest_of(key: bytes, before: str, entries: Iterable[Row], seal: LedgerSeal) -> str:
    """Return the digest that a seal over ``entries`` must bear."""
    digest = Digest(key, before)
    for row in entries:
        digest.add(row)
    return digest.close(seal)


# The running transactions of a server are those of all its databases. One that a backend of another
# database has can never write here, so it is left out; any other holds the seals up.
_FINAL = """
WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
elsewhere AS MATERIALIZED (
    SELECT backend_xid AS number FROM pg_stat_activity
    WHERE backend_xid IS NOT NULL
      AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT transaction FROM pg_prepared_xacts WHERE database <> current_database()
),
running AS (
    SELECT open.number FROM now, pg_snapshot_xip(now.snapshot) AS open (number)
    WHERE NOT EXISTS (SELECT FROM elsewhere WHERE elsewhere.number = open.number::xid)
)
SELECT coalesce((SELECT min(number::text::bigint) FROM running),
                (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM now)) + last_value
FROM core_ledger_offset
"""


def final_before() -> int:
    """Return the number below which every transaction has ended: their entries are final."""
    with connection.cursor() as cursor:
        cursor.execute(_FINAL)
        return int(cursor.fetchone()[0])


def after_restore() -> int:
    """Let a restored database count on from the transactions of the server it came from.

    A server counts its transactions from its own beginning; the entries that were restored bear the
    numbers of another. Needs the role that owns the tables. Returns the new offset.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('core_ledger_offset', greatest(last_value, greatest("
            "(SELECT coalesce(max(transaction) + 1, 0) FROM core_ledgerentry),"
            " (SELECT coalesce(max(up_to), 0) FROM core_ledgerseal)"
            ") - pg_snapshot_xmin(pg_current_snapshot())::text::bigint))"
            " FROM core_ledger_offset"
        )
        return int(cursor.fetchone()[0])
