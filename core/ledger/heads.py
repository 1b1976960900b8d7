"""The heads of the chain, written outside the database: one line for each seal.

Whoever cuts the end off the ledger, its seals included, leaves a shorter chain that is whole in
itself. This file still knows how long it was.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from core.models import LedgerSeal

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64})")


class BrokenHeads(Exception):  # told, not raised further
    """A line of the file is not what was written there."""


def path() -> Path:
    """Return where the file lies."""
    return Path(settings.VAR_DIR) / "ledger-heads.txt"


def append(seal: LedgerSeal) -> None:
    """Write down a seal that is stored; on disk when this returns."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{seal.number} {seal.digest}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read() -> dict[int, str]:
    """Return the digest of each seal that was written down; empty without a file.

    Raises BrokenHeads for a line that is none, or two that contradict each other.
    """
    heads: dict[int, str] = {}
    try:
        text = path().read_text(encoding="ascii")
    except FileNotFoundError:
        return heads
    except UnicodeDecodeError as error:
        raise BrokenHeads("the file holds other bytes than were written") from error
    for position, line in enumerate(text.splitlines(), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise BrokenHeads(f"line {position} is not a number and a digest")
        number, digest = int(found[1]), found[2]
        if heads.setdefault(number, digest) != digest:
            raise BrokenHeads(f"line {position} contradicts an earlier one")
    return heads


def last() -> str:
    """Return the file's last line, whatever it says; empty without a file."""
    try:
        with path().open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 200))
            lines = file.read().decode("ascii", "replace").splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1] if lines else ""


def write_all(seals: Iterable[LedgerSeal]) -> int:
    """Write the file anew from the chain as it stands; return how many lines it has.

    For a new machine, or after the loss of the file: only after somebody has looked.
    """
    file = path()
    half = file.with_suffix(".half")
    count = 0
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        for seal in seals:
            out.write(f"{seal.number} {seal.digest}\n")
            count += 1
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
    return count
