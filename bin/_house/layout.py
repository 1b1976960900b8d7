"""Where things lie: ``var/`` in the clone, or a short open place where the clone's will not do."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from _house.says import Problem, say
from _house.shell import as_user, call

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = (ROOT / ".venv").resolve()
PYTHON = VENV / "bin" / "python"
# A socket's whole path, with the final zero byte, must fit into 108 bytes (unix(7)).
LONGEST_SOCKET_PATH = 107
SOCKET_NAMES = ("postgres/.s.PGSQL.5432", "redis/redis.sock")


@dataclass(frozen=True)
class Place:
    """One set of services and files: ``var/`` for running, ``var/test/`` for tests."""

    var: Path
    state: Path  # databases and sockets: `var` itself unless they had to move

    @property
    def postgres(self) -> Path:
        """Folder of the private PostgreSQL: its socket, its log, ``data/``."""
        return self.state / "postgres"

    @property
    def redis(self) -> Path:
        """Folder of the private Redis: its socket and its log."""
        return self.state / "redis"

    @property
    def logs(self) -> Path:
        """Folder of the logs of web, worker, scheduler and set-up."""
        return self.var / "log"

    @property
    def locks(self) -> Path:
        """Folder of the lock files."""
        return self.var / "locks"


def prepare_var(var: Path) -> None:
    """Make ``var`` and check that it is ours.

    As root it can be entered, not listed, by others: PostgreSQL and Redis run as their own users
    and have their closed folders in it. Otherwise it is open to its owner only.
    """
    var.mkdir(parents=True, exist_ok=True)
    for folder in {VAR, var}:
        owner = folder.stat().st_uid
        if owner != os.geteuid():
            raise _not_ours(folder, owner)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    for name in ("log", "locks", "files", "mail", "scheduler"):
        (var / name).mkdir(mode=0o700, exist_ok=True)


def _not_ours(folder: Path, owner: int) -> Problem:
    """Explain that another user's start made ``folder``: its database only that user can run."""
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"number {owner}"
    return Problem(
        f"{folder} belongs to another user ({name}), who made it at an earlier start.",
        hint=f"Start as that user: sudo -u {name} bin/run\n"
        f"or, to begin anew, remove {folder}; it holds that user's database and files."
        if name != "root"
        else f"Start with sudo again,\nor, to begin anew, remove {folder} (with sudo); "
        "it holds the database and files of earlier starts.",
    )


def too_long(state: Path) -> bool:
    """Say whether a socket below ``state`` would have too long a path."""
    longest = max(len(os.fsencode(state / name)) for name in SOCKET_NAMES)
    return longest > LONGEST_SOCKET_PATH


def why_not_here(var: Path) -> str:
    """Return why databases and sockets cannot lie in ``var``; empty if they can."""
    if too_long(var):
        return f"its path is too long for a socket ({LONGEST_SOCKET_PATH} bytes at most)"
    for user in ("postgres", "redis") if os.geteuid() == 0 else ():
        reached = subprocess.run(
            [*as_user(user), "test", "-x", str(var)],
            check=False,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        if reached.returncode:
            return f"a closed folder above it keeps the system user {user} out"
    probe = var / f".socket-{os.getpid()}"
    try:
        with socket.socket(socket.AF_UNIX) as trial:
            trial.bind(str(probe))
            os.chown(probe, os.geteuid(), os.getegid())
    except OSError as error:
        return f"its file system cannot hold a socket ({error.strerror})"
    finally:
        probe.unlink(missing_ok=True)
    return ""


def short_place(var: Path) -> Path:
    """Return the short folder that stands in for ``var``, the same for the same clone."""
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:10]
    if os.geteuid() == 0:
        return Path("/var/tmp") / f"engagement-{digest}"  # noqa: S108  (checked by claim)
    home = Path(os.environ.get("HOME", "/nonexistent"))
    cached = home / ".cache" / f"engagement-{digest}"
    if home.is_dir() and os.access(home, os.W_OK) and not too_long(cached):
        return cached
    return Path("/var/tmp") / f"engagement-{os.getuid()}-{digest}"  # noqa: S108


def claim(folder: Path) -> None:
    """Make ``folder`` ours; refuse one that somebody else made (``/var/tmp`` is open to all)."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise Problem(
                f"{folder} is in the way: it is no folder of ours.", hint="Remove it, then retry."
            ) from None
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def find_place(var: Path) -> Place:
    """Decide where databases and sockets of ``var`` lie, and keep to it.

    The decision is written to ``var/state-place``. Needs the system's users ``postgres`` and
    ``redis`` when called as root, so call it after the packages are there.
    """
    pointer = var / "state-place"
    noted = _read(pointer)
    elsewhere = Path(noted.get("state", var))
    # A clone that was moved keeps its database; a copy (the first clone still stands) starts anew.
    ours = noted.get("clone") == str(ROOT) or not Path(noted.get("clone", ROOT)).exists()
    if ours and elsewhere.name.startswith("engagement-") and elsewhere.is_dir():
        claim(elsewhere)
        state = elsewhere
    elif reason := why_not_here(var):
        state = short_place(var)
        claim(state)
        _take_along(var, state)
        say(f"  {var}: {reason}. Database and sockets lie in {state} instead.")
    else:
        state = var
    if noted != {"clone": str(ROOT), "state": str(state)}:
        pointer.write_text(json.dumps({"clone": str(ROOT), "state": str(state)}) + "\n")
    return Place(var=var, state=state)


def _read(pointer: Path) -> dict[str, str]:
    try:
        return dict(json.loads(pointer.read_text()))
    except (OSError, ValueError):
        return {}


def _take_along(var: Path, state: Path) -> None:
    """Move databases that were made in ``var`` before it became unfit."""
    for name in ("postgres", "redis"):
        if (var / name).is_dir() and not (state / name).exists():
            half = state / f"{name}.half"
            shutil.rmtree(half, ignore_errors=True)
            call(["cp", "-a", var / name, half], what=f"Moving {name} to {state}", room=[state])
            half.rename(state / name)
            shutil.rmtree(var / name)


def secret_key(var: Path) -> str:
    """Return this clone's secret key, made once and readable by its owner only."""
    path = var / "secret-key"
    if not (path.is_file() and path.stat().st_size):
        fresh = path.with_name(f"secret-key.{os.getpid()}")
        stream = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(stream, "w") as file:
            file.write(secrets.token_urlsafe(64))
        fresh.replace(path)
    return path.read_text().strip()
