"""What the tests of set-up share: the scripts of ``bin/`` as modules, and Debian's own records."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def house(name: str) -> ModuleType:
    """Return a module of ``bin/_house``, which is no part of the importable product."""
    if str(ROOT / "bin") not in sys.path:
        sys.path.append(str(ROOT / "bin"))
    return importlib.import_module(f"_house.{name}")


@cache
def package_of(path: str) -> str:
    """Return the Debian package that a file came with; empty if none did."""
    real = Path(path).resolve()
    # Debian 12 has /bin and /lib as links into /usr, and its records know files by either name.
    names = [path, str(real), str(real).removeprefix("/usr"), path.removeprefix("/usr")]
    for name in dict.fromkeys(names):
        answer = subprocess.run(
            ["dpkg-query", "-S", name], capture_output=True, text=True, check=False
        )
        for line in answer.stdout.splitlines():
            if not line.startswith("diversion by"):
                return line.split(":")[0].split(",")[0]
    return ""


@cache
def _records() -> tuple[dict[str, list[str]], dict[str, set[str]], set[str]]:
    """Return what each installed package needs, who provides a name, and what is always there."""
    answer = subprocess.run(
        [
            "dpkg-query",
            "-W",
            "-f",
            "${db:Status-Abbrev}|${Package}|${Priority}|${Essential}|${Provides}|${Pre-Depends}, "
            "${Depends}\n",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    needs: dict[str, list[str]] = {}
    providers: dict[str, set[str]] = {}
    always: set[str] = set()
    for line in answer.stdout.splitlines():
        status, name, priority, essential, provides, depends = line.split("|", 5)
        if not status.startswith("ii"):
            continue
        needs[name] = re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]*)", depends)
        for provided in re.findall(r"(?:^|,)\s*([a-z0-9][a-z0-9.+-]*)", provides):
            providers.setdefault(provided, set()).add(name)
        if essential == "yes" or priority == "required":
            always.add(name)
    return needs, providers, always


def installed_with(names: set[str]) -> set[str]:
    """Return ``names`` with all that they need, and what every Debian has."""
    needs, providers, always = _records()
    found: set[str] = set()
    ahead = list(names | always | {"python3"})
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        if name in needs:
            found.add(name)
            ahead += needs[name]
        ahead += [each for each in providers.get(name, ()) if each not in found]
    return found
