"""Lint, format and types hold; what pre-commit asks before a commit is asked here too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize("arguments", [("check",), ("format", "--check")])
def test_ruff_finds_nothing(arguments):
    done = run("ruff", *arguments, "--no-cache", ".")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_types_hold():
    done = run(
        "mypy",
        "--cache-dir",
        str(settings.BASE_DIR / ".mypy_cache"),
        "engagement",
        "core",
        "accounts",
        "places",
        "programmes",
        "assets",
        "delivery",
        "incidents",
        "problems",
        "surveys",
        "reports",
        "demo",
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
