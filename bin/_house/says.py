"""What a person at the terminal reads: stages with their time, and problems in plain words."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_begun = time.monotonic()
_out: list[TextIO] = [sys.stdout]


class Problem(Exception):
    """Something a person can act on: what is wrong, what to do, and (optional) what a tool said."""

    def __init__(self, message: str, *, hint: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.detail = message, hint, detail


class Stopped(Exception):
    """A signal asked us to stop."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


def speak_on(stream: TextIO) -> None:
    """Send every line to ``stream``: standard error where standard output belongs to a command."""
    _out[0] = stream


def say(line: str = "") -> None:
    """Print one line at once; a closed terminal is no reason to fail."""
    with suppress(OSError):
        print(line, file=_out[0], flush=True)


def elapsed() -> float:
    """Seconds since the command began."""
    return time.monotonic() - _begun


@contextmanager
def stage(doing: str, *, quiet_below: float = 0.0) -> Iterator[None]:
    """Print what is being done and, at its end, how long it took.

    A stage that is usually over at once is named only if it took ``quiet_below`` seconds.
    """
    start = time.monotonic()
    if not quiet_below:
        say(f"  {doing} …")
    yield
    took = time.monotonic() - start
    if took >= max(quiet_below, 0.5):
        say(f"  {doing}: {took:.1f} s")


def complain(command: str, problem: Problem) -> None:
    """Print a problem on standard error: the reason first, the way out after it."""
    lines = [f"bin/{command}: {problem.message}"]
    if problem.detail:
        lines += [f"    {line}" for line in problem.detail.strip().splitlines()[-12:]]
    lines += [f"  {line}" for line in problem.hint.splitlines()]
    print("\n".join(lines), file=sys.stderr, flush=True)
