"""The floors hold: nothing imports upward, and no foreign key points up."""

import os
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = ("core", "accounts", "places", "programmes", "incidents", "reports", "demo", "engagement")
# Django's own swap point: every floor may name the person who acts.
EXEMPT = {settings.AUTH_USER_MODEL}


def height(model):
    return FLOORS.index(model._meta.app_label) if model._meta.app_label in FLOORS else -1


def test_every_own_app_stands_on_a_floor():
    own = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert own == set(FLOORS)


def test_no_foreign_key_points_up():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if height(model) >= 0
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model._meta.label not in EXEMPT
        and height(field.related_model) > height(model)
    ]
    assert upward == []


def test_imports_keep_to_the_floors():
    """import-linter's contracts in pyproject.toml, over all apps."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
