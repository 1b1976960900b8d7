"""The private services and ``bin/run`` itself, really started, in a small clone of their own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests.house.machine import ROOT, house

TOY = {
    "manage.py": (ROOT / "manage.py").read_text(encoding="utf-8"),
    "engagement/__init__.py": "from engagement.celery import app as celery_app\n",
    "engagement/celery.py": (ROOT / "engagement" / "celery.py").read_text(encoding="utf-8"),
    "engagement/logs.py": (ROOT / "engagement" / "logs.py").read_text(encoding="utf-8"),
    "core/__init__.py": "",
    "core/paths.py": (ROOT / "core" / "paths.py").read_text(encoding="utf-8"),
    "engagement/settings.py": """
import os
from urllib.parse import parse_qs, urlsplit
url = urlsplit(os.environ["DATABASE_URL"])
SECRET_KEY = os.environ["ENGAGEMENT_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ENGAGEMENT_HOSTS"].split(",")
ROOT_URLCONF = "engagement.urls"
INSTALLED_APPS = ["engagement", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:],
                         "USER": url.username, "HOST": parse_qs(url.query)["host"][0]}}
CELERY_BROKER_URL = os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
""",
    "engagement/urls.py": """
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("accounts/login/", lambda request: HttpResponse("hello"))]
""",
    "engagement/wsgi.py": """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
""",
    "engagement/management/__init__.py": "",
    "engagement/management/commands/__init__.py": "",
    "engagement/management/commands/load_demo.py": """
import json, os, pathlib
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--empty", action="store_true")
    def handle(self, **options):
        accounts = {"admin": {"email": "admin@demo.example", "password": "made-here"}}
        folder = pathlib.Path(os.environ["ENGAGEMENT_VAR"])
        (folder / "demo-accounts.json").write_text(json.dumps(accounts))
""",
}


class Clone:
    """A clone with the real scripts and a toy product: what is tested here is the running of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.var = root, root / "var"
        self.commands: list[subprocess.Popen[str]] = []
        shutil.copytree(ROOT / "bin", root / "bin", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, root / name)
        for name, text in TOY.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        self._lend_environment()

    def _lend_environment(self) -> None:
        """Give it this test's own packages, so that nothing is installed."""
        python = self.root / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        lock = (self.root / "requirements-dev.txt").read_bytes()
        stamp = {
            "development": True,
            "lock": hashlib.sha256(lock).hexdigest(),
            "place": str(self.root / ".venv"),
            "python": f"Python {sys.version.split()[0]}",
        }
        (self.root / ".venv" / "engagement.json").write_text(json.dumps(stamp))

    def start(self, *words: str) -> subprocess.Popen[str]:
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE", "REDIS", "ENGAGEMENT", "PG", "DJANGO"))
        }
        command = subprocess.Popen(
            [str(self.root / "bin" / words[0]), *words[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=env,
            cwd=self.root,
        )
        self.commands.append(command)
        return command

    def ended(self, *words: str) -> tuple[int, str]:
        command = self.start(*words)
        printed = command.communicate(timeout=180)[0]
        return command.returncode, printed

    def processes(self) -> list[str]:
        """Return the command lines of all processes that belong to this clone."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                inside = str((folder / "cwd").readlink()).startswith(str(self.root))
            except OSError:
                continue
            if str(self.root) in line or (inside and line):
                found.append(line)
        return found

    def wait_until_gone(self, seconds: float = 15) -> list[str]:
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left


@pytest.fixture
def clone() -> Iterator[Clone]:
    """A clone in a short place that other users can reach; its processes are ended afterwards."""
    root = Path(tempfile.mkdtemp(prefix="engagement-test-", dir="/var/tmp"))
    root.chmod(0o755)
    made = Clone(root)
    yield made
    for command in made.commands:
        if command.poll() is None:
            command.terminate()
            command.communicate(timeout=60)
    made.ended("manage", "version")  # the last one out stops the services
    left = made.wait_until_gone()
    shutil.rmtree(root)
    assert left == []


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def until_ready(command: subprocess.Popen[str], port: int) -> str:
    """Read what ``bin/run`` prints until it serves; the site must answer then."""
    printed = ""
    assert command.stdout is not None
    for line in command.stdout:
        printed += line
        if "Ctrl-C stops everything" in line:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=60):
                return printed
    raise AssertionError(printed)


def stop(command: subprocess.Popen[str], signum: signal.Signals = signal.SIGINT) -> str:
    command.send_signal(signum)
    return command.communicate(timeout=60)[0]


def test_ctrl_c_leaves_no_process_behind_and_a_second_start_does_nothing_twice(clone):
    port = free_port()
    first = clone.start("run", "--port", str(port))
    printed = until_ready(first, port)
    assert f"http://localhost:{port}" in printed
    assert "admin@demo.example  made-here" in printed
    running = " ".join(clone.processes())
    assert all(word in running for word in ("gunicorn", "worker", "beat", "postgres", "redis"))

    taken = clone.ended("run", "--port", str(port))
    assert taken[0] == 1
    assert "running already" in taken[1]
    assert f"http://localhost:{port}" in taken[1]

    stop(first)
    assert first.returncode == 0
    assert clone.wait_until_gone(5) == []

    second = clone.start("run", "--port", str(port))
    printed = until_ready(second, port)
    stop(second, signal.SIGTERM)
    assert [word for word in ("Installing", "Migrating", "Loading") if word in printed] == []
    assert clone.wait_until_gone(5) == []


def test_what_a_killed_start_left_is_found_and_used_or_ended(clone):
    port = free_port()
    first = clone.start("run", "--port", str(port))
    until_ready(first, port)
    first.kill()
    first.communicate()
    port = free_port()
    second = clone.start("run", "--port", str(port))
    until_ready(second, port)
    assert sum("gunicorn" in line for line in clone.processes()) <= house("django").cores() + 1
    stop(second)
    assert clone.wait_until_gone(5) == []


def test_a_taken_port_is_named_with_a_way_out(clone):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, printed = clone.ended("run", "--port", str(port))
    assert code == 1
    assert f"Port {port} is taken by another program" in printed
    assert "--port" in printed
    assert "Traceback" not in printed


def test_the_web_role_reads_and_writes_rows_and_no_more(clone):
    code, printed = clone.ended(
        "manage",
        "shell",
        "-v",
        "0",
        "-c",
        """
from django.db import connection
import os
print("state", os.environ["DATABASE_URL"].partition("host=")[2])
with connection.cursor() as cursor:
    cursor.execute("select current_user, rolsuper or rolcreatedb or rolcreaterole or rolbypassrls"
                   " from pg_roles where rolname = current_user")
    print(cursor.fetchone())
    cursor.execute("create temporary table own (a int)")
    cursor.execute("select count(*) from django_content_type")
    cursor.execute("update django_content_type set model = model")
    cursor.execute("select has_schema_privilege('public', 'create')")
    print("may create", cursor.fetchone())
    cursor.execute("select pg_get_userbyid(datdba), postgis_lib_version() is not null"
                   " from pg_database where datname = current_database()")
    print(cursor.fetchone())
""",
    )
    assert code == 0, printed
    assert "('engagement_web', False)" in printed
    assert "may create (False,)" in printed
    assert "('engagement_owner', True)" in printed
    folder = clone.var / "postgres"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (clone.var / "redis").stat().st_mode & 0o777 == 0o700
    rules = (folder / "data" / "pg_hba.conf").read_text()
    assert [line for line in rules.splitlines() if not line.startswith("#")] == [
        "local all all peer map=house"
    ]


def test_two_commands_at_once_share_the_services_and_the_last_stops_them(clone):
    assert clone.ended("manage", "migrate")[0] == 0
    assert clone.wait_until_gone(5) == []
    long = clone.start(
        "manage",
        "shell",
        "-v",
        "0",
        "-c",
        """
import time
from django.db import connection
time.sleep(4)
connection.ensure_connection()
print("still there")
""",
    )
    time.sleep(1)
    assert clone.ended("manage", "check")[0] == 0
    assert "still there" in long.communicate(timeout=60)[0]
    assert clone.wait_until_gone(5) == []


def test_postgresql_is_not_run_by_root_and_lets_no_unmapped_user_in(clone):
    long = clone.start("manage", "shell", "-v", "0", "-c", "import time; time.sleep(5)")
    note = clone.var / "postgres" / "ready"
    deadline = time.monotonic() + 60
    while not note.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    pid = int(note.read_text())
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    with pytest.raises(psycopg2.OperationalError, match=r"[Pp]eer|does not exist"):
        psycopg2.connect(host=str(clone.var / "postgres"), user="somebody", dbname="postgres")
    long.communicate(timeout=60)


def test_a_path_too_long_for_a_socket_is_noticed_to_the_byte():
    layout = house("layout")
    longest = max(len(name) for name in layout.SOCKET_NAMES) + 1
    fits = Path("/" + "x" * (layout.LONGEST_SOCKET_PATH - longest - 1))
    assert not layout.too_long(fits)
    assert layout.too_long(Path(f"{fits}x"))
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as trial:
        path = folder + "/" + "x" * (layout.LONGEST_SOCKET_PATH - len(folder) - 1)
        trial.bind(path)
        with pytest.raises(OSError, match="too long"):
            trial.bind(path + "x")
