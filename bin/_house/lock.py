"""``bin/lock``: resolves the dependencies of ``pyproject.toml`` into two files with hashes."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from _house import layout, venv
from _house.layout import PYTHON, ROOT, VAR, VENV
from _house.says import say, stage
from _house.shell import call
from _house.venv import DEVELOPMENT, RUNTIME

PROJECT = ROOT / "pyproject.toml"
HEADER = "# Written by bin/lock from pyproject.toml; dependencies sha256:"
FLAGS = (
    "--generate-hashes",
    "--python-version",
    "3.11",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def digest(project: dict[str, Any], *, development: bool) -> str:
    """Return the sha256 over the tables of ``pyproject.toml`` that decide a lock."""
    decides = {
        "requires-python": project["project"]["requires-python"],
        "dependencies": sorted(project["project"]["dependencies"]),
    }
    if development:
        decides["dev"] = sorted(project["dependency-groups"]["dev"])
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def noted_digest(lock: Path) -> str:
    """Return the digest at the top of a lock; empty if there is none."""
    found = re.match(re.escape(HEADER) + r" ([0-9a-f]{64})\n", lock.read_text(encoding="utf-8"))
    return found[1] if found else ""


def main(words: list[str]) -> int:
    """Write both locks; pins that still fit stay, unless ``--upgrade`` is given."""
    parser = argparse.ArgumentParser(prog="bin/lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest of everything")
    chosen = parser.parse_args(words)
    layout.prepare_var(VAR)
    log = VAR / "log" / "setup.log"
    if not PYTHON.exists():
        venv.make(log)
    settings = venv.pip_settings()
    env = venv.environment(venv.uv_settings(settings))
    uv = [*venv.uv(log), "pip", "compile", PROJECT, "--python", PYTHON, *FLAGS]
    if chosen.upgrade:
        uv.append("--upgrade")
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    # The development lock first, the product's within it: one set of versions for both.
    wanted = (
        (DEVELOPMENT, ["--group", f"{PROJECT}:dev"], True),
        (RUNTIME, ["--constraint", DEVELOPMENT], False),
    )
    for lock, options, development in wanted:
        half = VENV / lock.name
        if lock.exists():
            half.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
        with stage(f"Resolving {lock.name}"):
            call(
                [*uv, *options, "-o", half],
                what=f"Resolving {lock.name}",
                env=env,
                log=log,
                cwd=ROOT,
            )
        pins = half.read_text(encoding="utf-8")
        lock.write_text(
            f"{HEADER} {digest(project, development=development)}\n{pins}", encoding="utf-8"
        )
        say(f"  {lock.name}: {len(re.findall(r'^[a-z0-9]', pins, re.M))} packages")
    return 0
