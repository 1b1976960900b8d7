"""Checking the whole ledger against its seals; nothing is changed and nothing is held in memory."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from django.db import connection, transaction

from core.ledger import chain, heads, seals
from core.ledger.chain import POSITION, Digest, Row
from core.models import LedgerSeal

MOST = 20  # faults that are told one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: with which seal, in which entries, and how, in plain words."""

    seal: int | None
    what: str
    first_entry: int | None = None
    last_entry: int | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(slots=True)
class Account:
    """What the verifier found. ``faults`` holds the first ones, ``wrong`` counts them all."""

    seals: int = 0
    entries: int = 0
    sealed_at: dt.datetime | None = None
    unsealed: int = 0
    unsealed_since: dt.datetime | None = None
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it if it is among the first."""
        self.wrong += 1
        if len(self.faults) < MOST:
            self.faults.append(fault)


def verify() -> Account:
    """Walk every seal and every entry once, in one view of the database."""
    account = Account()
    with ExitStack() as stack:
        with seals.waiting():  # so that the file of heads and the view of the database agree
            written = _heads(account)
            stack.enter_context(transaction.atomic())
            if len(connection.atomic_blocks) == 1:  # in another's transaction it is too late
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            entries = _Entries(chain.rows())
        last, before = 0, chain.FIRST
        for seal in LedgerSeal.objects.order_by("number").iterator(chunk_size=chain.BATCH):
            _check_place(seal, last, account)
            _check_seal(seal, before, entries, account)
            _check_head(seal, written, account)
            last, before = seal.number, seal.digest
            account.seals += 1
            account.sealed_at = seal.sealed_at
        _check_end(last, written, account)
        for row in entries.rest():
            if account.unsealed == 0:
                account.unsealed_since = row[POSITION["at"]]
            account.unsealed += 1
    return account


class _Entries:
    """Entries in the order of the chain, handed out seal by seal."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, transaction_number: int) -> Iterator[Row]:
        """Hand out the entries of earlier transactions."""
        place = POSITION["transaction"]
        while self._next is not None and self._next[place] < transaction_number:
            yield self._next
            self._next = next(self._rows, None)

    def rest(self) -> Iterator[Row]:
        """Hand out what is left."""
        while self._next is not None:
            yield self._next
            self._next = next(self._rows, None)


def _check_place(seal: LedgerSeal, before: int, account: Account) -> None:
    if seal.number != before + 1:
        gone = (
            f"seal {before + 1} is missing"
            if seal.number == before + 2
            else f"seals {before + 1} to {seal.number - 1} are missing"
        )
        account.add(Fault(before + 1, gone))


def _check_seal(seal: LedgerSeal, before: str, entries: _Entries, account: Account) -> None:
    """Compare a seal with the entries that are in its stretch now."""
    key = chain.keys().get(seal.key)
    digest = Digest(key or b"", before)
    stretch: _Stretch | None = None
    for row in entries.before(seal.up_to):
        digest.add(row)
        stretch = stretch or _Stretch(row)
        stretch.reach(row)
    account.entries += digest.entries
    what = ""
    if key is None:
        what = f"it was made under the key {seal.key}, which is not among the keys given"
    elif digest.entries != seal.entries:
        some = abs(digest.entries - seal.entries)
        word = "missing" if digest.entries < seal.entries else "too many"
        what = f"it covers {seal.entries} entries; {digest.entries} are there: {some} {word}"
    elif not hmac.compare_digest(digest.close(seal), seal.digest):
        what = "an entry in it, or the seal itself, is not what it was"
    if what:
        account.add(stretch.fault(seal.number, what) if stretch else Fault(seal.number, what))


class _Stretch:
    """The entries that one seal covers: between which numbers and times they lie."""

    def __init__(self, row: Row) -> None:
        self.first = self.last = row[POSITION["id"]]
        self.since = self.until = row[POSITION["at"]]

    def reach(self, row: Row) -> None:
        """Widen to hold this entry."""
        number, at = row[POSITION["id"]], row[POSITION["at"]]
        self.first, self.last = min(self.first, number), max(self.last, number)
        self.since, self.until = min(self.since, at), max(self.until, at)

    def fault(self, seal: int, what: str) -> Fault:
        """Return a fault in this stretch."""
        return Fault(seal, what, self.first, self.last, self.since, self.until)


def _heads(account: Account) -> Mapping[int, str] | None:
    try:
        return heads.read()
    except heads.BrokenHeads as error:
        account.add(Fault(None, f"{heads.path().name}: {error}"))
        return None


def _check_head(seal: LedgerSeal, written: Mapping[int, str] | None, account: Account) -> None:
    if written is None:
        return
    if seal.number not in written:
        account.add(Fault(seal.number, f"it is not in {heads.path().name}"))
    elif written[seal.number] != seal.digest:
        account.add(Fault(seal.number, f"{heads.path().name} holds another digest of it"))


def _check_end(last: int, written: Mapping[int, str] | None, account: Account) -> None:
    """Notice that the end was cut off, which leaves a chain that is whole in itself."""
    beyond = [number for number in written or () if number > last]
    if beyond:
        account.add(
            Fault(
                last + 1,
                f"seals {last + 1} to {max(beyond)} were made and are gone, with their entries",
            )
        )
