"""The locks fit pyproject.toml and what is installed; nothing here needs the network."""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.machine import ROOT, house

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
LOCKS = [pytest.param(RUNTIME, id="runtime"), pytest.param(DEVELOPMENT, id="development")]


def pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.M)
    return {canonicalize_name(name): version for name, version in found}


def declared(lock: Path) -> list[Requirement]:
    names = list(PROJECT["project"]["dependencies"])
    if lock == DEVELOPMENT:
        names += PROJECT["dependency-groups"]["dev"]
    return [Requirement(name) for name in names]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_was_made_from_this_pyproject(lock):
    digest = house("lock").digest(PROJECT, development=lock == DEVELOPMENT)
    assert house("lock").noted_digest(lock) == digest, "pyproject.toml changed: run bin/lock"


def test_the_digest_sees_a_changed_a_new_and_a_lost_dependency():
    def digest(*dependencies: str) -> str:
        project = {"project": {"requires-python": ">=3.11", "dependencies": dependencies}}
        return house("lock").digest(project, development=False)

    first = digest("django>=5.2,<5.3", "pandas>=2")
    others = {
        digest("django>=5.2,<5.4", "pandas>=2"),
        digest("django>=5.2,<5.3"),
        digest("django>=5.2,<5.3", "pandas>=2", "celery"),
    }
    assert first not in others
    assert first == digest("pandas>=2", "django>=5.2,<5.3"), "order says nothing"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_dependency_is_satisfied_by_a_pin(lock):
    held = pins(lock)
    unmet = [
        str(wanted)
        for wanted in declared(lock)
        if Version(held.get(canonicalize_name(wanted.name), "0")) not in wanted.specifier
        or canonicalize_name(wanted.name) not in held
    ]
    assert unmet == []


def test_both_locks_pin_the_same_versions():
    runtime, development = pins(RUNTIME), pins(DEVELOPMENT)
    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock):
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"), flags=re.M)[1:]
    assert len(blocks) == len(pins(lock)) > 30
    bare = [block.split()[0] for block in blocks if "--hash=sha256:" not in block]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_host_and_no_folder_of_a_machine(lock):
    for line in lock.read_text(encoding="utf-8").splitlines()[1:]:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?", line), (
            f"unexpected line in {lock.name}: {line}"
        )


def test_what_is_installed_is_what_the_lock_says():
    held = pins(DEVELOPMENT)
    installed = {
        canonicalize_name(each.metadata["Name"]): each.version
        for each in importlib.metadata.distributions()
    }
    wrong = {
        name: (version, installed.get(name))
        for name, version in held.items()
        if installed.get(name) != version
    }
    assert wrong == {}, "run bin/test, which installs the lock"
    extra = set(installed) - set(held) - {"pip", "setuptools", "wheel"}
    assert extra == set(), f"installed in {sys.prefix} without being in the lock"
