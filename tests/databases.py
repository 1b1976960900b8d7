"""One migrated database for a run: the processes of a parallel run copy it instead of migrating.

Migrating from nothing builds every model anew for every step, which costs each process more than
all else in setting up. The copy is named after what the migrations say, so that another state of
the checkout makes its own; older ones are dropped. Each process still migrates its copy, which
finds nothing to do and runs what follows every migration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
# Whatever a migration runs or reads: other texts there may fill a database otherwise.
READ_BY_MIGRATIONS = (
    "*/migrations/*.py",
    "*/step_templates/*.json",
    "*/catalogue/*.json",
    "surveys/*.json",
    "core/history.py",
    "core/triggers.py",
    "core/ledger/*.py",
    "accounts/permissions.py",
    "requirements.txt",
)


def fingerprint() -> str:
    """Return a short digest of everything that a migrated database follows from."""
    digest = hashlib.sha256()
    for pattern in READ_BY_MIGRATIONS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _one_at_a_time(cursor: Any, name: str) -> Iterator[None]:
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _is_there(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def migrated_template(stem: str) -> str:
    """Return the name of a migrated database to copy; made by whoever comes first, others wait."""
    creation: Any = connection.creation
    name = f"{stem}_{fingerprint()}"
    with creation._nodb_cursor() as cursor, _one_at_a_time(cursor, stem):
        if _is_there(cursor, name):
            return name
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s",
            [f"^{stem}_[0-9a-f]{{12}}(_new)?$"],
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{old}"')
        unfinished = f"{name}_new"
        _migrate(unfinished)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _migrate(name: str) -> None:
    """Make a database of that name with everything that migrations make."""
    wanted, usual = connection.settings_dict["TEST"], dict(connection.settings_dict["TEST"])
    own = connection.settings_dict["NAME"]
    wanted["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        wanted.update(usual)
        connection.settings_dict["NAME"] = own
        settings.DATABASES[connection.alias]["NAME"] = own
