"""Reading the ledger in tests, changing it behind its back, and emptying it after a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from core.models import LedgerEntry

TABLES = ("core_ledgerentry", "core_ledgerseal")


def last_id() -> int:
    """Return the number of the last entry; 0 without any."""
    last = LedgerEntry.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0


def noted(since_id: int = 0) -> list[LedgerEntry]:
    """Return the entries after the one with this number, oldest first."""
    return list(LedgerEntry.objects.filter(id__gt=since_id).order_by("id"))


@contextmanager
def unguarded() -> Iterator[None]:
    """Switch the ledger's triggers off, as somebody who owns the tables could."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


_flush = DatabaseOperations.sql_flush


def flush_with_ledger(self, style, tables, **options) -> list[str]:
    """Return the statements that empty all tables after a test: the ledger would refuse them."""
    statements = _flush(self, style, tables, **options)
    there = [table for table in TABLES if table in tables]
    if not statements:
        return []
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in there),
        *statements,
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER;" for table in there),
    ]
