"""``var/demo-accounts.json``: whom to sign in as, readable by its owner alone.

It is written just before the accounts are committed: a start that is killed in between finds the
passwords again and uses them, instead of losing them.
"""

from __future__ import annotations

import json
import os
import secrets
import string
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

ALPHABET = string.ascii_letters + string.digits
# Of 62 characters: 95 bits.
PASSWORD_LENGTH = 16


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What somebody needs to sign in, on pages and at the API."""

    email: str
    password: str
    token: str


def path() -> Path:
    """Return where the file lies."""
    return Path(settings.VAR_DIR) / "demo-accounts.json"


def read() -> dict[str, DemoAccount]:
    """Return the accounts by key; none where there is no file, or only half of one."""
    try:
        entries = json.loads(path().read_text(encoding="utf-8"))
        return {key: DemoAccount(**entry) for key, entry in entries.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def new_password() -> str:
    """Return a password that is hard to guess and still typed by hand from a terminal."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))


def is_private() -> bool:
    """Say whether the file is there and nobody but its owner can read it."""
    return path().is_file() and not path().stat().st_mode & 0o077


def write(accounts: dict[str, DemoAccount]) -> None:
    """Keep the accounts. The file appears whole or not at all, mode 0600 from its first byte."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = target.with_suffix(".half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({key: asdict(account) for key, account in accounts.items()}, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    half.replace(target)
