"""Who holds a lease: a process that can be told from any later one with the same number."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path


@cache
def host() -> str:
    """Return the name of this machine's (or container's) set of processes, since its last start.

    The host's name, its boot and the namespace of process numbers: two containers that share a
    host name are two hosts.
    """
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    space = os.readlink("/proc/self/ns/pid").strip("pid:[]")  # noqa: PTH115  # not a path
    return f"{socket.gethostname()[:100]}/{boot}/{space}"


def identity() -> str:
    """Return what a lease is held by: host, process number and when that process began."""
    pid = os.getpid()
    return f"{host()}/{pid}/{_began(pid)}"


def is_dead(worker: str) -> bool:
    """Say whether the process behind ``identity()`` is known to be gone.

    False for other hosts: of them only the lease's end tells.
    """
    place, _, began = worker.rpartition("/")
    place, _, pid = place.rpartition("/")
    return place == host() and pid.isdigit() and str(_began(int(pid))) != began


def _began(pid: int) -> int | None:
    """Return when a process began, in clock ticks since boot; None if it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()  # after the name, which may hold anything
    return None if fields[0] in "ZX" else int(fields[19])
