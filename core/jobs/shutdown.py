"""Tells running jobs that their worker is shutting down, across its processes.

The worker's parent gets the signal, its children do the work: one byte of memory that they share
from before the fork carries the news.
"""

from __future__ import annotations

import mmap

_worker = mmap.mmap(-1, 1)
_here = False


def request() -> None:
    """Ask all jobs of this worker to give their lease back at their next check."""
    _worker[0] = 1


def request_here() -> None:
    """Ask the job of this process alone."""
    global _here  # noqa: PLW0603  # one state per process is what is meant
    _here = True


def requested() -> bool:
    """Whether this process, or its worker, is shutting down."""
    return _here or _worker[0] == 1


def forget() -> None:
    """Take the request back: what has just started is not shutting down."""
    global _here  # noqa: PLW0603
    _worker[0] = 0
    _here = False
