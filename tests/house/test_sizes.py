"""Small modules: past 400 lines a module becomes a package split by noun."""

from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LIMIT = 400
FOLDERS = (
    "accounts",
    "benchmarks",
    "bin",
    "core",
    "demo",
    "engagement",
    "assets",
    "delivery",
    "incidents",
    "problems",
    "surveys",
    "places",
    "programmes",
    "reports",
    "tests",
)
# path: why it may be longer
EXEMPT: dict[str, str] = {}


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def python_files():
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def test_no_module_is_longer_than_four_hundred_lines():
    found = {str(p.relative_to(ROOT)): n for p in python_files() if (n := lines(p)) > LIMIT}
    assert {path: n for path, n in found.items() if path not in EXEMPT} == {}
    assert all(EXEMPT.values()), "an exemption needs a reason"
    assert set(EXEMPT) <= set(found), "no longer needed"


def test_every_package_of_ours_is_measured():
    own = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert own <= set(FOLDERS)
