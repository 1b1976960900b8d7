"""The product's own processes and commands, and the environment they run in."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from _house.layout import PYTHON, ROOT, Place, secret_key
from _house.locks import Lock
from _house.says import say, stage
from _house.services import Services
from _house.shell import call, without_postgres_settings

# Commands that change the database's structure, or look behind the web role's limits.
OWNER_COMMANDS = frozenset(
    {
        "migrate",
        "makemigrations",
        "showmigrations",
        "sqlmigrate",
        "squashmigrations",
        "optimizemigration",
        "flush",
        "sqlflush",
        "dbshell",
        "inspectdb",
        "pgtrigger",
        "restore",
        "test",
    }
)
# Commands that do not expect a migrated database.
WITHOUT_MIGRATION = OWNER_COMMANDS | {
    "help",
    "version",
    "check",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "startapp",
    "findstatic",
    "collectstatic",
    "spectacular",
    "sendtestemail",
    "--help",
    "-h",
    "--version",
}


def cores() -> int:
    """Return how many processors we may use."""
    return len(os.sched_getaffinity(0))


def web(bind: str, workers: int | str) -> list[str]:
    """Return the command of the web process: gunicorn with sync workers."""
    return [
        "gunicorn",
        "engagement.wsgi",
        "--bind",
        bind,
        "--workers",
        str(workers),
        "--worker-class",
        "sync",
        "--timeout",
        "60",
        "--graceful-timeout",
        "5",
        "--no-control-socket",
        "--preload",
        "--access-logfile",
        "-",
        "--logger-class",
        "engagement.logs.AccessLogger",
    ]


def worker(concurrency: int | str) -> list[str]:
    """Return the command of the process that executes jobs."""
    return [
        "celery",
        "-A",
        "engagement",
        "worker",
        "--loglevel",
        "INFO",
        "--concurrency",
        str(concurrency),
        "--without-gossip",
        "--without-mingle",
    ]


def scheduler(schedule: str) -> list[str]:
    """Return the command of the process that wakes what is due; ``schedule`` is its memory."""
    return ["celery", "-A", "engagement", "beat", "--loglevel", "INFO", "--schedule", schedule]


def environment(place: Place, services: Services, mode: str) -> dict[str, str]:
    """Return the environment of the product's processes; what is set outside wins where it may."""
    env = (
        without_postgres_settings(os.environ) if services.has_private_database else dict(os.environ)
    )
    for name in (
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONDONTWRITEBYTECODE",
    ):  # else each start compiles all our modules again
        env.pop(name, None)
    env.setdefault("ENGAGEMENT_MODE", mode)
    if "ENGAGEMENT_SECRET_KEY" not in env and "ENGAGEMENT_SECRET_KEY_FILE" not in env:
        env["ENGAGEMENT_SECRET_KEY"] = secret_key(place.var)
    env.setdefault("ENGAGEMENT_HOSTS", "localhost,127.0.0.1")
    env.update(
        ENGAGEMENT_VAR=str(place.var),
        DATABASE_URL=services.database_url,
        REDIS_URL=services.redis_url,
        PATH=f"{PYTHON.parent}:{env.get('PATH', '/usr/bin:/bin')}",
        PYTHONUNBUFFERED="1",
    )
    return env


def owners(env: Mapping[str, str], services: Services) -> dict[str, str]:
    """Return ``env`` for a command that runs as the owner of the database."""
    return {**env, "DATABASE_URL": services.owner_url}


def command(arguments: Sequence[str]) -> list[str | Path]:
    """Return the command line of one of Django's commands."""
    return [PYTHON, ROOT / "manage.py", *arguments]


def migrations_digest() -> str:
    """Return a digest over all migrations of the checkout and the lock (which brings more)."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Progress:
    """What has been done to the private database, kept beside it, so that both go together."""

    def __init__(self, place: Place, services: Services) -> None:
        # A database of somebody else may change without us: then nothing is remembered.
        self.path = place.postgres / "done.json" if services.has_private_database else None

    def read(self) -> dict[str, str]:
        """Return all notes."""
        try:
            return dict(json.loads(self.path.read_text())) if self.path else {}
        except (OSError, ValueError):
            return {}

    def note(self, **facts: str | None) -> None:
        """Add notes; None removes one."""
        if self.path is None:
            return
        merged = {name: value for name, value in {**self.read(), **facts}.items() if value}
        half = self.path.with_suffix(".half")
        half.write_text(json.dumps(merged))
        half.replace(self.path)


def bring_up_to_date(
    place: Place, services: Services, env: Mapping[str, str], *, only_if_new: bool = False
) -> None:
    """Bring the database's structure to this checkout's, unless it is there already.

    ``only_if_new`` leaves a database alone that has been migrated before: a developer who is
    writing migrations decides when they are applied.
    """
    progress = Progress(place, services)
    with Lock(place.locks / "migrate", waiting="Waiting for another command that migrates …"):
        digest = migrations_digest()
        migrated = progress.read().get("migrated")
        if migrated == digest:
            return
        if only_if_new and (migrated or not services.has_private_database):
            if migrated:
                say("  There are migrations to apply: bin/manage migrate")
            return
        with stage("Migrating the database"):
            call(
                command(["migrate", "--no-input"]),
                what="Migrating the database",
                env=owners(env, services),
                cwd=ROOT,
                log=place.logs / "setup.log",
                room=[place.state],
            )
        progress.note(migrated=digest)
