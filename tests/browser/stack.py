"""The running product for browser tests: own database, web server and worker, like bin/run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Stack:
    """Where the product listens, who can sign in, and the environment of its commands."""

    url: str
    accounts: dict[str, dict[str, str]]
    env: Mapping[str, str]
    var: Path

    def command(self, *words: str) -> str:
        """Run a management command against the running product; return what it printed."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *words],
            env=dict(self.env),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stderr[-3000:]}"
        return done.stdout

    def value(self, query: str) -> str:
        """Return the one value that a query of the product's database gives, as text."""
        database = connect(self.env["DATABASE_URL"])
        with contextlib.closing(database), database.cursor() as cursor:
            cursor.execute(query)
            return str(cursor.fetchone()[0])

    def change(self, statement: str) -> None:
        """Change the product's database behind its back, where a test needs a certain state."""
        database = connect(self.env["DATABASE_URL"])
        with contextlib.closing(database), database, database.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Make a database with the demonstration, start web server and worker, and end them after."""
    name = f"{os.environ.get('TEST_DATABASE_NAME', 'test_engagement')}_browser_{os.getpid()}"
    with database(os.environ["DATABASE_URL"], name) as database_url:
        manage(environment(folder, database_url), "migrate", "--no-input", "--verbosity", "0")
        # From here on as the web's own role, where there is one: a missing right shows.
        env = environment(folder, as_web_role(database_url))
        manage(env, "load_demo", "--brief", "--json")
        port = free_port()
        logs = folder / "log"
        logs.mkdir()
        processes = [
            start(
                env,
                logs / "web.log",
                "gunicorn",
                "engagement.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--worker-class",
                "sync",
                "--no-control-socket",
                "--access-logfile",
                "-",
            ),
            start(
                env,
                logs / "worker.log",
                "celery",
                "-A",
                "engagement",
                "worker",
                "--loglevel",
                "INFO",
                "--concurrency",
                "1",
                "--without-gossip",
                "--without-mingle",
            ),
        ]
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_it_answers(url, processes[0], logs / "web.log")
            accounts = json.loads((folder / "demo-accounts.json").read_text())
            yield Stack(url=url, accounts=accounts, env=env, var=folder)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(20)


@contextmanager
def database(url: str, name: str) -> Iterator[str]:
    """Make an empty database beside the one of ``url``; give its address; drop it afterwards."""
    parts = urlsplit(url)
    server = connect(urlunsplit(parts._replace(path="/postgres")))
    server.autocommit = True
    identifier = sql.Identifier(name)
    try:
        with server.cursor() as cursor:
            drop(cursor, identifier)
            cursor.execute(
                sql.SQL("create database {} template template_postgis").format(identifier)
            )
            made = urlunsplit(parts._replace(path=f"/{name}"))
            with contextlib.closing(connect(made)) as inside, inside, inside.cursor() as there:
                there.execute(grants())
            try:
                yield made
            finally:
                drop(cursor, identifier)
    finally:
        server.close()


def drop(cursor: Any, name: sql.Identifier) -> None:
    """Drop the database; the server's own housekeeping may hold it for a moment."""
    for _attempt in range(100):
        try:
            cursor.execute(sql.SQL("drop database if exists {}").format(name))
        except psycopg2.errors.ObjectInUse:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("somebody is still connected to the browser tests' database")


def as_web_role(url: str) -> str:
    """Return the address for the role of web and worker, which owns nothing."""
    role = os.environ.get("DATABASE_WEB_ROLE")
    if not role:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.partition('@')[2]}"))


def grants() -> sql.Composable:
    """Return what set-up grants the web's role in a new database, before anything is made in it."""
    role = os.environ.get("DATABASE_WEB_ROLE")
    if not role:
        return sql.SQL("select")
    return sql.SQL(
        "grant usage on schema public to {web};"
        " alter default privileges grant select, insert, update, delete on tables to {web};"
        " alter default privileges grant usage, select on sequences to {web}"
    ).format(web=sql.Identifier(role))


def connect(url: str) -> Any:
    """Open a connection to the database of an address as Django's settings read it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return psycopg2.connect(
        dbname=parts.path.lstrip("/"),
        host=query.get("host") or parts.hostname,
        port=parts.port,
        user=parts.username,
        password=parts.password,
    )


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a demonstration whose files lie in ``folder``."""
    # A Redis database of its own: 15 is the live worker's of the jobs' tests.
    redis_url = re.sub(r"(/\d+|\?db=\d+)?$", "", os.environ["REDIS_URL"])
    redis_url += "?db=14" if redis_url.startswith("unix:") else "/14"
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ENGAGEMENT_", "DJANGO_", "PYTEST_", "TEST_DATABASE"))
    }
    return {
        **kept,
        "ENGAGEMENT_MODE": "demo",
        "ENGAGEMENT_VAR": str(folder),
        "ENGAGEMENT_SECRET_KEY": "only-for-browser-tests-" + "0123456789abcdef" * 3,
        "ENGAGEMENT_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }


def manage(env: Mapping[str, str], *words: str) -> None:
    """Run a management command; its whole complaint is the test's if it fails."""
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", *words],
        env=dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(words)}:\n{done.stderr[-4000:]}"


def start(env: Mapping[str, str], log: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a process of the product; what it says goes to ``log``."""
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=dict(env),
            cwd=ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_until_it_answers(url: str, web: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the sign-in page answers; fail with the server's log if it never does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert web.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{url}/accounts/login/", timeout=5) as answer:
                assert answer.status == 200
                return
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{error}: {log.read_text()[-3000:]}") from error
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"The web server does not answer: {log.read_text()[-3000:]}")
