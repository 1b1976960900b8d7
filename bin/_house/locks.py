"""Locks between commands that run at the same time.

All are ``flock`` locks on files under ``var/locks``: the kernel releases them when a process dies,
however it dies, so nothing is ever left locked.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from _house.says import say


class Lock:
    """One lock file. ``with Lock(path):`` waits for it; ``try_exclusive`` does not."""

    def __init__(self, path: Path, *, waiting: str = "") -> None:
        self.path, self.waiting = path, waiting
        self._stream = -1

    def _open(self) -> int:
        if self._stream < 0:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._stream

    def try_exclusive(self) -> bool:
        """Take the lock alone, or return False if anybody else holds it."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """Hold the lock together with others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def release(self) -> None:
        """Let the lock go; harmless if it is not held."""
        if self._stream >= 0:
            os.close(self._stream)
            self._stream = -1

    def __enter__(self) -> Lock:
        if not self.try_exclusive():
            if self.waiting:
                say(f"  {self.waiting}")
            fcntl.flock(self._open(), fcntl.LOCK_EX)
        return self

    def __exit__(self, *unused: object) -> None:
        self.release()

    def note(self, **facts: Any) -> None:
        """Write into the held lock who holds it."""
        text = json.dumps(facts).encode()
        stream = self._open()
        os.ftruncate(stream, 0)
        os.pwrite(stream, text, 0)

    def holder(self) -> dict[str, Any]:
        """Return what the holder noted, or nothing."""
        try:
            return dict(json.loads(self.path.read_text() or "{}"))
        except (OSError, ValueError):
            return {}
