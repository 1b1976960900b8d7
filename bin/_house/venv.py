"""The Python environment ``.venv``: just what the lock says, installed by uv, else by pip."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from _house.layout import PYTHON, ROOT, VENV
from _house.says import Problem, say, stage
from _house.shell import append, call, check_room

RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
STAMP = VENV / "engagement.json"
ROOM = 2500 * 1024 * 1024


def install(*, development: bool, log: Path) -> None:
    """Make ``.venv`` hold the lock; does nothing when it does already.

    An environment that has the development tools keeps them when only the product is started.
    """
    noted = _noted()
    development = development or bool(noted.get("development"))
    lock = DEVELOPMENT if development else RUNTIME
    wanted = {
        "development": development,
        "lock": hashlib.sha256(lock.read_bytes()).hexdigest(),
        "place": str(VENV),
        "python": _version(PYTHON),
    }
    if wanted["python"] and noted == wanted:
        return
    check_room(VENV, needed=ROOM if not noted else ROOM // 5)
    with stage("Installing the Python packages of the lock"):
        if wanted["python"] is None or noted.get("place", str(VENV)) != str(VENV):
            make(log)
        STAMP.unlink(missing_ok=True)
        settings = pip_settings()
        _sync(lock, settings, log)
    STAMP.write_text(json.dumps({**wanted, "python": _version(PYTHON)}) + "\n")


def _noted() -> dict[str, object]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _version(python: Path) -> str | None:
    """Return the full version of an interpreter, or None if it does not run or is too old."""
    try:
        answer = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    numbers = re.search(r"Python (\d+)\.(\d+)", answer.stdout)
    if answer.returncode or not numbers or (int(numbers[1]), int(numbers[2])) < (3, 11):
        return None
    return answer.stdout.strip()


def make(log: Path) -> None:
    """Make an empty environment with pip."""
    shutil.rmtree(VENV, ignore_errors=True)
    call([sys.executable, "-m", "venv", VENV], what="Making .venv", log=log, room=[VENV])


# --- Installing ---------------------------------------------------------------------------------


def pinned(name: str, lock: Path = DEVELOPMENT) -> str:
    """Return the lines of one package in a lock: its pin and its hashes.

    Raises KeyError if the lock does not hold it.
    """
    found = re.search(rf"^{re.escape(name)}==.*?(?=^\S|\Z)", lock.read_text(), re.M | re.S)
    if not found:
        raise KeyError(name)
    return found[0]


def uv(log: Path) -> list[str | Path]:
    """Return uv's command line; installs the locked uv into ``.venv`` first if it is not there."""
    program = VENV / "bin" / "uv"
    version = pinned("uv").split()[0].removeprefix("uv==")
    if program.is_file():
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if answer.stdout.split()[1:2] == [version]:
            return [program]
    line = VENV / "uv.txt"
    line.write_text(pinned("uv"))
    call(
        [PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", line],
        what="Installing uv",
        log=log,
        env=environment({}),
        room=[VENV],
    )
    return [program]


def _sync(lock: Path, settings: dict[str, str], log: Path) -> None:
    """Install the lock: uv takes a sixth of pip's time; what uv cannot do, pip tries."""
    try:
        call(
            # Compiled once here, or every process would compile thousands of files at its start.
            [
                *uv(log),
                "pip",
                "sync",
                "--require-hashes",
                "--compile-bytecode",
                "--python",
                PYTHON,
                lock,
            ],
            what="uv",
            log=log,
            env=environment(uv_settings(settings)),
            cwd=ROOT,
            room=[VENV],
        )
    except Problem as problem:
        append(log, f"{problem.message}\n{problem.detail}\n")
        check_room(VENV, needed=ROOM // 5)
        has_pip = subprocess.run(
            [PYTHON, "-m", "pip", "--version"], capture_output=True, check=False
        )
        if has_pip.returncode:
            make(log)
        say("  uv could not install them; trying pip, which takes longer …")
        try:
            call(
                [PYTHON, "-m", "pip", "install", "--require-hashes", "-r", lock],
                what="Installing the Python packages",
                log=log,
                env=environment({}),
                room=[VENV],
            )
        except Problem as second:
            second.hint = (
                f"The whole account is in {log}. If there is no network or a proxy is "
                "needed, mend that and give the same command again."
            )
            raise


def environment(extra: dict[str, str]) -> dict[str, str]:
    """Return our environment for pip and uv: nothing may lead them elsewhere."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_USER")
    }
    return {**env, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **extra}


def pip_settings() -> dict[str, str]:
    """Return pip's own settings by their long names, as its files and the environment set them."""
    answer = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    lines = [line.partition("=") for line in answer.stdout.splitlines()]
    found: dict[str, str] = {}
    for origin in ("global", "install", ":env:"):  # rising precedence
        for key, _, value in lines:
            if key.startswith(f"{origin}."):
                found[key.removeprefix(f"{origin}.")] = value.strip("'\"")
    return found


def uv_settings(pip: dict[str, str], env: dict[str, str] | None = None) -> dict[str, str]:
    """Translate pip's settings (index, certificates, proxy) into uv's environment variables.

    Extra indexes are left out: with hashes required they add nothing but doubt. What is set for
    uv itself already stays.
    """
    env = dict(os.environ) if env is None else env
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "cert": "SSL_CERT_FILE",
        "client-cert": "SSL_CLIENT_CERT",
        "proxy": "ALL_PROXY",
        "timeout": "UV_HTTP_TIMEOUT",
        "trusted-host": "UV_INSECURE_HOST",
    }
    if pip.get("no-index", "").lower() in ("1", "true", "yes"):
        names["find-links"] = "UV_FIND_LINKS"
    found = {new: pip[old] for old, new in names.items() if old in pip and new not in env}
    if pip.get("no-index", "").lower() in ("1", "true", "yes"):
        found["UV_NO_INDEX"] = "1"
    # The system's certificates count, as they do for Debian's pip.
    return {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", **found}
