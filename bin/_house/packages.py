"""System packages: what ``bin/packages.txt`` lists, installed with apt; no service is started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from _house.layout import ROOT
from _house.says import Problem, stage
from _house.shell import append, call, check_room

LIST = ROOT / "bin" / "packages.txt"
POLICY = Path("/usr/sbin/policy-rc.d")
POLICY_TEXT = """\
#!/bin/sh
# engagement: no service is started while packages are installed
exit 101
"""
CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")
CLUSTERS_KEPT = CLUSTERS.with_name("createcluster.conf.engagement-kept")
ROOM = 1500 * 1024 * 1024


@dataclass(frozen=True)
class Package:
    """One line of the list; ``names`` are alternatives, the first that exists is meant."""

    when: str
    names: tuple[str, ...]
    reason: str


def listed(path: Path = LIST) -> list[Package]:
    """Read the list."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            when, names, reason = line.split(None, 2)
            found.append(Package(when, tuple(names.split("|")), reason))
    return found


def installed() -> dict[str, str]:
    """Return the names of all installed packages with their versions."""
    try:
        answer = subprocess.run(
            ["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Version}\n"],
            capture_output=True,
            check=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise Problem(
            "This system has no dpkg: set-up knows Debian 12 and Ubuntu 24.04 only.",
            hint="On another system use docker compose (docs/running.md).",
        ) from error
    rows = (line.split() for line in answer.stdout.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] == "ii"}


def missing(purposes: Sequence[str], have: Sequence[str] | dict[str, str]) -> list[Package]:
    """Return the listed packages for ``purposes`` that are not among the names in ``have``."""
    joined = " ".join(have) + " "
    wanting = []
    for package in listed():
        if package.when not in purposes:
            continue
        patterns = [re.escape(name).replace(r"\{version\}", r"\d+") for name in package.names]
        if not any(re.search(rf"(?:^| ){pattern} ", joined) for pattern in patterns):
            wanting.append(package)
    return wanting


def install(purposes: Sequence[str], log: Path) -> None:
    """Install what is missing for ``purposes`` (``run``, ``test``).

    Raises Problem when that needs an administrator whom we cannot reach.
    """
    wanting = missing(purposes, installed())
    if not wanting:
        _mend_interrupted()
        return
    words = " ".join(package.names[0] for package in wanting)
    if shutil.which("apt-get") is None:
        raise Problem(f"Packages are missing and there is no apt to install them: {words}")
    check_room(Path("/var/cache/apt"), Path("/usr"), needed=ROOM)
    with stage(f"Installing {len(wanting)} system packages and what they need"):
        _apt(["update", "-q"], log)
        version = _postgres_version()
        names = [_existing(package, version) for package in wanting]
        had = installed()
        with _no_service_starts(log):
            try:
                _apt(["install", "-q", "-y", "--no-install-recommends", *_first(names)], log)
                with _no_cluster_is_made():
                    _apt(["install", "-q", "-y", "--no-install-recommends", *names], log)
            except Problem:
                if _admin(["dpkg", "--configure", "-a"], log=log, check=False):
                    raise
                _apt(["install", "-q", "-y", "--no-install-recommends", *names], log)
            if "redis-server" not in had:  # ours is private: none at the next boot either
                _admin(["update-rc.d", "redis-server", "disable"], log=log, check=False)
    still = missing(purposes, installed())
    if still:
        raise Problem(f"apt did not install {' '.join(p.names[0] for p in still)}: see {log}.")


def _first(names: Sequence[str]) -> list[str]:
    """Return what comes before the rest: postgresql-common, whose settings decide on a cluster."""
    return ["postgresql-common"] if any(name.startswith("postgresql") for name in names) else []


def _postgres_version() -> str:
    """Return the release of PostgreSQL for which the distribution has PostGIS; the newest one."""
    printed = call(
        ["apt-cache", "search", "--names-only", r"^postgresql-[0-9]+-postgis-3$"],
        what="Looking for PostGIS among the packages",
    )
    versions = [int(number) for number in re.findall(r"^postgresql-(\d+)-postgis-3", printed, re.M)]
    if not versions:
        raise Problem(
            "apt knows no PostGIS package.",
            hint="Debian needs the component main, Ubuntu the component universe.",
        )
    have = [
        int(path.parent.parent.name)
        for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
        if path.parent.parent.name.isdigit()
    ]
    known = [version for version in versions if version in have]
    return str(max(known or versions))


def _existing(package: Package, version: str) -> str:
    """Return the first alternative that apt can install."""
    for name in (pattern.replace("{version}", version) for pattern in package.names):
        policy = call(
            ["apt-cache", "policy", name],
            what=f"Asking apt for {name}",
            env={**os.environ, "LC_ALL": "C"},
        )
        candidate = re.search(r"Candidate: (\S+)", policy)
        if candidate and candidate[1] != "(none)":
            return name
    raise Problem(f"apt knows no package {' or '.join(package.names)} ({package.reason}).")


# --- As an administrator ------------------------------------------------------------------------


def _admin(
    argv: Sequence[str], *, log: Path | None = None, text: str | None = None, check: bool = True
) -> int:
    """Run a command as root, through sudo if we are not; return its exit code."""
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = _sudo()
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        printed = call(
            [*prefix, *argv],
            what=f"`{' '.join(argv[:2])}`",
            env=env,
            text=text,
            terminal=bool(prefix),
        )
    except Problem as problem:
        if log is not None and problem.detail:
            append(log, problem.detail)
        if check:
            raise
        return 1
    if log is not None:
        append(log, printed)
    return 0


def _sudo() -> list[str]:
    """Return sudo's command line, or raise Problem with what an administrator has to do."""
    words = " ".join(package.names[0] for package in missing(("run", "test"), installed()))
    hint = (
        "Ask an administrator to run, once:\n"
        f"apt-get install --no-install-recommends {words.replace('{version}', '15')}\n"
        "or give this command as root."
    )
    if shutil.which("sudo") is None:
        raise Problem(
            "System packages are missing, and you are not root (there is no sudo).", hint=hint
        )
    if os.isatty(0):
        return ["sudo", "--preserve-env=DEBIAN_FRONTEND,LC_ALL,http_proxy,https_proxy"]
    probe = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if probe.returncode:
        raise Problem(
            "System packages are missing, and sudo wants a password that nobody can type here.",
            hint=hint,
        )
    return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND,LC_ALL,http_proxy,https_proxy"]


def _apt(arguments: Sequence[str], log: Path) -> None:
    options = [
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=3",
        "-o",
        "Dpkg::Options::=--force-confdef",
        "-o",
        "Dpkg::Options::=--force-confold",
    ]
    _admin(["apt-get", *options, *arguments], log=log)


def _mend_interrupted() -> None:
    """Undo what an earlier start left when it was killed in the middle of an installation."""
    if POLICY.is_file() and _text(POLICY) == POLICY_TEXT:
        _admin(["rm", "-f", str(POLICY)])
    if CLUSTERS_KEPT.is_file():
        _admin(["mv", str(CLUSTERS_KEPT), str(CLUSTERS)])


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def _no_service_starts(log: Path) -> Iterator[None]:
    """Forbid package scripts to start services, unless the machine has its own rule for that."""
    if POLICY.exists() and _text(POLICY) != POLICY_TEXT:
        yield
        return
    _admin(["tee", str(POLICY)], text=POLICY_TEXT)
    try:
        _admin(["chmod", "755", str(POLICY)])
        yield
    finally:
        _admin(["rm", "-f", str(POLICY)], log=log, check=False)


@contextmanager
def _no_cluster_is_made() -> Iterator[None]:
    """Keep the package of PostgreSQL from making a cluster of its own (``main``)."""
    if not CLUSTERS.is_file():
        yield
        return
    before = _text(CLUSTERS)
    if not CLUSTERS_KEPT.is_file():  # else an interrupted start has kept the original
        _admin(["cp", "-p", str(CLUSTERS), str(CLUSTERS_KEPT)])
    lines = [line for line in before.splitlines() if "create_main_cluster" not in line]
    _admin(["tee", str(CLUSTERS)], text="\n".join([*lines, "create_main_cluster = false", ""]))
    try:
        yield
    finally:
        _admin(["mv", str(CLUSTERS_KEPT), str(CLUSTERS)])
