"""Starting other programs: none outlives us, and none fails without a plain reason."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from _house.says import Problem

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
ROOM_NEEDED = 50 * 1024 * 1024


def die_with_parent() -> Callable[[], None]:
    """Return a ``preexec_fn`` that ends the child with SIGTERM when we die, even by ``kill -9``."""
    parent = os.getpid()

    def prepare() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # we died between fork and prctl
            os._exit(1)

    return prepare


def as_user(user: str | None) -> list[str]:
    """Return the prefix that runs a command as ``user``; empty when we are not root."""
    if user is None or os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--reset-env"]


def without_postgres_settings(env: Mapping[str, str]) -> dict[str, str]:
    """Drop PGHOST, PGPORT and their like: they would lead to another database than ours."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def check_room(*folders: Path, needed: int = ROOM_NEEDED) -> None:
    """Raise Problem if a file system has less than ``needed`` bytes free for us."""
    for folder in folders:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free
        if free < needed:
            raise Problem(
                f"The disk that holds {there} is full: {free // 2**20} MB are free, "
                f"{needed // 2**20} MB are needed.",
                hint="Make room, then give the same command again; it goes on where it stopped.",
            )


def call(
    argv: Sequence[str | Path],
    *,
    what: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    text: str | None = None,
    log: Path | None = None,
    terminal: bool = False,
    show: bool = False,
    room: Sequence[Path] = (),
) -> str:
    """Run a program to its end and return what it printed.

    ``terminal`` leaves it in our process group (sudo may ask for a password there); ``show`` lets
    it print to our own output. ``log`` receives what it printed. ``room`` names the folders it
    writes to, to tell a full disk from another failure. Raises Problem when it fails, naming
    ``what`` was being done.
    """
    command = [str(part) for part in argv]
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if text is not None else subprocess.DEVNULL,
            stdout=None if show else subprocess.PIPE,
            stderr=None if show else subprocess.STDOUT,
            text=True,
            errors="replace",
            env=None if env is None else dict(env),
            cwd=cwd,
            process_group=None if terminal else 0,
            preexec_fn=None if terminal else die_with_parent(),  # noqa: PLW1509  (no threads)
        )
    except FileNotFoundError as error:
        raise Problem(f"{what} failed: the program {command[0]} is missing.") from error
    try:
        printed = child.communicate(text)[0] or ""
    except BaseException:
        if not terminal:
            end_group(child)
        raise
    if log is not None and printed:
        append(log, f"$ {' '.join(command)}\n{printed}")
    if child.returncode:
        check_room(*room)
        raise Problem(f"{what} failed (exit code {child.returncode}).", detail=printed)
    return printed


def append(log: Path, text: str) -> None:
    """Add ``text`` to a log file."""
    with log.open("a", encoding="utf-8", errors="replace") as stream:
        stream.write(text)


def end_group(child: subprocess.Popen[str] | subprocess.Popen[bytes], patience: float = 5) -> None:
    """Ask a child's process group to end, and insist after ``patience`` seconds."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, signum)
        except ProcessLookupError:
            break
        try:
            child.wait(patience)
            break
        except subprocess.TimeoutExpired:
            continue


def tail(path: Path, lines: int = 12) -> str:
    """Return the last lines of a text file, or nothing if there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 20_000))
        return "\n".join(stream.read().decode(errors="replace").splitlines()[-lines:])


def trim_log(path: Path, limit: int = 10 * 1024 * 1024) -> None:
    """Keep one earlier log: a log that has grown past ``limit`` bytes starts anew."""
    if path.is_file() and path.stat().st_size > limit:
        path.replace(path.with_name(path.name + ".1"))
