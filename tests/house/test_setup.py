"""Set-up installs what the code calls: programs, shared libraries, certificates, time zones.

The list is ``bin/packages.txt``. What is called is read from the code and from the installed
wheels; which package a file belongs to is asked of Debian's own records on this machine.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house.machine import ROOT, house, installed_with, package_of

CODE = [
    "accounts",
    "assets",
    "core",
    "delivery",
    "demo",
    "engagement",
    "incidents",
    "places",
    "problems",
    "programmes",
    "reports",
    "surveys",
]
CALLERS = {"call", "run", "Popen", "check_call", "check_output", "which", "_admin", "_call"}
ONLY_ELSEWHERE = {
    "pip": "a word of uv's (`uv pip sync`), else the module that comes with .venv",
    "apt-get": "asked for with a plain message where it is missing",
    "sudo": "asked for with a plain message where it is missing",
    "update-rc.d": "belongs to init-system-helpers, which redis-server needs",
}
DEVELOPERS_TOOLS = {ROOT / "bin" / "vendor"}  # "Nothing here is needed to run or test the product"


def listed(*purposes: str) -> set[str]:
    """Return the names in the list, with the release of PostgreSQL that is installed here."""
    releases = [path.name for path in Path("/usr/lib/postgresql").iterdir()]
    return {
        name.replace("{version}", release)
        for package in house("packages").listed()
        if package.when in purposes
        for name in package.names
        for release in releases
    }


def programs_in(tree: ast.AST) -> set[str]:
    """Return the programs that a module starts: words in the first place of a command."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else (node.func.id if isinstance(node.func, ast.Name) else "")
            )
            if name in CALLERS:
                found |= first_words(node.args[0])
        if isinstance(node, ast.Return) and isinstance(node.value, ast.List):
            found |= first_words(node.value)
    return {word for word in found if re.fullmatch(r"[a-z][a-z0-9_.-]*", word)}


def first_words(node: ast.AST) -> set[str]:
    """Return the literal program names in a command: after ``*prefix``, ``env NAME=…`` too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant):
        return {str(node.right.value)}
    if isinstance(node, ast.List):
        words: set[str] = set()
        for part in node.elts:
            if isinstance(part, ast.Starred | ast.JoinedStr):
                continue
            words |= first_words(part)
            if words != {"env"}:
                break
        return words
    return set()


def modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if path not in DEVELOPERS_TOOLS]


def called(*folders: str) -> dict[str, str]:
    """Return each program that the code in these folders starts, with one place where it does."""
    return {
        program: str(path.relative_to(ROOT))
        for path in modules(*folders)
        for program in programs_in(ast.parse(path.read_text(encoding="utf-8")))
    }


def comes_with_the_lock(program: str) -> bool:
    """Whether .venv brings this program (celery, ruff): as a script or as ``python -m``."""
    return (Path(sys.prefix) / "bin" / program).exists() or find_spec(program) is not None


def packages_of_programs(programs: dict[str, str]) -> dict[str, str]:
    server = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    found = {}
    for program, place in programs.items():
        if program in ONLY_ELSEWHERE or comes_with_the_lock(program):
            continue
        there = server / program
        path = str(there) if there.exists() else shutil.which(program, path="/usr/bin:/usr/sbin")
        assert path, f"{place} calls {program}, which is not on this machine"
        found[program] = package_of(path)
    return found


def test_the_programs_that_the_product_calls_are_installed_by_set_up():
    programs = called("bin/_house", *CODE)
    assert {"initdb", "pg_ctl", "psql", "redis-server", "setpriv", "dpkg-query"} <= set(programs)
    covered = installed_with(listed("run"))
    missing = {
        p: package
        for p, package in packages_of_programs(programs).items()
        if package not in covered and p != "chromium"
    }  # bin/test looks for it
    assert missing == {}, "add these packages to bin/packages.txt (run)"


def test_the_programs_that_the_tests_call_are_installed_by_set_up():
    covered = installed_with(listed("run", "test"))
    programs = called("tests", "bin/_house")
    missing = {
        p: package
        for p, package in packages_of_programs(programs).items()
        if package not in covered
    }
    assert missing == {}, "add these packages to bin/packages.txt (test)"


def test_a_program_in_a_command_is_seen():
    text = """
call([*as_user("postgres"), folder / "pg_dump", "-x"])
subprocess.run(["env", f"A={b}", "ogr2ogr"])
shutil.which("pdftotext")
def command():
    return ["wkhtmltopdf", "-"]
"""
    assert programs_in(ast.parse(text)) == {"pg_dump", "env", "ogr2ogr", "pdftotext", "wkhtmltopdf"}


# --- Shared libraries ---------------------------------------------------------------------------


def known_libraries() -> dict[str, str]:
    """Return the shared libraries of this machine: name and file."""
    printed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True)
    return dict(re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", printed.stdout, re.M))


def native_files(lock: Path) -> list[Path]:
    """Return the compiled files of the packages in a lock."""
    names = re.findall(r"^([a-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M)
    found = []
    for name in names:
        files = importlib.metadata.files(name) or []
        found += [
            Path(str(file.locate())) for file in files if re.search(r"\.so[.0-9]*$", file.name)
        ]
    return found


def wanted_libraries(files: list[Path]) -> set[str]:
    """Return the libraries that compiled files need and that no wheel brings itself."""
    printed = subprocess.run(
        ["readelf", "-d", *map(str, files)], capture_output=True, text=True, check=True
    )
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", printed.stdout))
    return needed - {file.name for file in files}


@pytest.mark.parametrize(
    ("lock", "purposes"),
    [("requirements.txt", ["run"]), ("requirements-dev.txt", ["run", "test"])],
)
def test_the_libraries_that_wheels_are_linked_to_are_installed_by_set_up(lock, purposes):
    files = native_files(ROOT / lock)
    assert any("psycopg2" in str(file) for file in files)
    wanted = wanted_libraries(files)
    assert any(name.startswith("libpq.") for name in wanted)
    here, covered = known_libraries(), installed_with(listed(*purposes))
    wanted -= {name for name in wanted if name.startswith("libpython")}
    assert {name for name in wanted if name not in here} == set()
    missing = {
        name: package_of(here[name]) for name in wanted if package_of(here[name]) not in covered
    }
    assert missing == {}, "add these packages to bin/packages.txt"


def test_the_libraries_that_weasyprint_opens_are_installed_by_set_up():
    source = Path(str(importlib.metadata.distribution("weasyprint").locate_file("weasyprint")))
    text = (source / "text" / "ffi.py").read_text(encoding="utf-8")
    calls = re.findall(r"_dlopen\(\s*ffi,(.*?)\)\n", text, re.S)
    opened = {name for call in calls for name in re.findall(r"'(lib[a-z0-9.-]+\.so\.\d+)'", call)}
    # For bitmap and colour fonts only; Debian 12 does not have it, and WeasyPrint goes on without.
    opened -= {"libharfbuzz-vector.so.0"}
    assert len(opened) >= 4, "WeasyPrint opens its libraries in another way now"
    here, covered = known_libraries(), installed_with(listed("run"))
    assert {name for name in opened if name not in here} == set()
    missing = {
        name: package_of(here[name]) for name in opened if package_of(here[name]) not in covered
    }
    assert missing == {}, "add these packages to bin/packages.txt"


# --- The list itself ----------------------------------------------------------------------------


def test_every_listed_package_has_a_purpose_and_a_reason():
    packages = house("packages").listed()
    assert len(packages) > 10
    assert {package.when for package in packages} == {"run", "test"}
    assert all(len(package.reason) > 10 for package in packages)
    names = [name for package in packages for name in package.names]
    assert len(names) == len(set(names))


def test_every_listed_package_is_installed_here():
    missing = house("packages").missing
    assert missing(("run", "test"), house("packages").installed()) == []


def test_a_missing_package_is_noticed_and_any_release_of_postgresql_will_do():
    packages = house("packages")
    have = packages.installed()
    have = {name: "1" for name in have if "postgresql" not in name and name != "redis-server"}
    have |= {"postgresql-16": "1", "postgresql-client-16": "1", "postgresql-16-postgis-3": "1"}
    wanted = packages.missing(("run",), have)
    assert [package.names for package in wanted] == [("redis-server",)]
    del have["postgresql-16-postgis-3"]
    have["postgresql-16-postgis-3-scripts"] = "1"
    assert len(packages.missing(("run",), have)) == 2


def test_pips_settings_reach_uv_and_uvs_own_win():
    uv_settings = house("venv").uv_settings
    pip = {
        "index-url": "https://mirror.example/simple",
        "cert": "/etc/ssl/own.pem",
        "extra-index-url": "https://other.example/simple",
    }
    translated = uv_settings(pip, {})
    assert translated["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert translated["SSL_CERT_FILE"] == "/etc/ssl/own.pem"
    assert "https://other.example/simple" not in translated.values()
    assert "UV_DEFAULT_INDEX" not in uv_settings(pip, {"UV_DEFAULT_INDEX": "https://mine.example"})
