"""The floors hold: nothing imports upward, and no foreign key points up."""

import os
import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = (  # from the bottom; those in one line are siblings
    ("core",),
    ("accounts",),
    ("places",),
    ("programmes",),
    ("delivery",),
    ("assets", "surveys", "incidents"),
    ("problems",),
    ("reports",),
    ("demo",),
    ("engagement",),
)
HEIGHTS = {app: height for height, apps_there in enumerate(FLOORS) for app in apps_there}
# Django's own swap point: every floor may name the person who acts.
EXEMPT = {settings.AUTH_USER_MODEL}


def height(model):
    return HEIGHTS.get(model._meta.app_label, -1)


def stands_below(related, model):
    """Say whether a model may be named by another: of the same app, or of a lower floor."""
    same = related._meta.app_label == model._meta.app_label
    return same or height(related) < height(model)


def test_every_own_app_stands_on_a_floor():
    own = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert own == HEIGHTS.keys()


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
        and not stands_below(field.related_model, model)
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
