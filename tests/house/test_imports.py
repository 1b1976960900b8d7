"""What a web process does not need at its start, it does not import."""

import ast
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = (
    "core",
    "accounts",
    "places",
    "programmes",
    "delivery",
    "assets",
    "surveys",
    "incidents",
    "problems",
    "reports",
    "demo",
    "engagement",
)
HEAVY = {
    "pandas",
    "geopandas",
    "matplotlib",
    "vl_convert",
    "scipy",
    "weasyprint",
    "pyarrow",
    "pyogrio",
    "shapely",
}
# (numpy is not among them: GeoDjango loads it wherever it is installed.)
# guardian stores grants; all reading goes through accounts.scoping.
GUARDIAN_HOME = "accounts"


def top_level_imports(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0], node.lineno


def modules():
    for app in APPS:
        yield from (ROOT / app).rglob("*.py")


def all_imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_guardian_is_imported_in_accounts_only():
    users = {
        path.relative_to(ROOT).parts[0]
        for path in modules()
        if "migrations" not in path.parts and "guardian" in all_imports(path)
    }
    assert users == {GUARDIAN_HOME}


def test_a_web_process_starts_without_the_heavy_libraries():
    """Resolving every address and its views loads none of them (100 MiB instead of 400)."""
    program = (
        "import sys\n"
        "from engagement.wsgi import application\n"
        "from django.urls import get_resolver\n"
        "def walk(resolver):\n"
        "    for pattern in resolver.url_patterns:\n"
        "        walk(pattern) if hasattr(pattern, 'url_patterns') else pattern.callback\n"
        "walk(get_resolver())\n"
        f"print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout


def test_heavy_libraries_are_imported_inside_functions_only():
    early = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        for name, line in top_level_imports(path)
        if name in HEAVY
    ]
    assert early == []
