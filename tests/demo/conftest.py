"""The demonstration, loaded once for all tests of a file and rolled back after them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import override_settings

from demo.loading import Loaded, load

# Slow hashing is the point of passwords, but not of these tests.
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Demonstration:
    """What was loaded, where its files lie, and what it said meanwhile."""

    loaded: Loaded
    var: Path
    lines: list[str]

    @property
    def accounts(self) -> dict[str, dict[str, str]]:
        """The file of accounts as another program reads it."""
        return json.loads((self.var / "demo-accounts.json").read_text())


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Demonstration]:
    """The brief demonstration, inside a transaction that is rolled back at the end.

    Tests that use it are marked ``django_db``: without a marked test pytest-django makes no test
    database at all, and each test's own changes are rolled back to a savepoint.
    """
    assert connection.settings_dict["NAME"] == django_settings.DATABASES["default"]["TEST"]["NAME"]
    var = tmp_path_factory.mktemp("demonstration")
    lines: list[str] = []
    rooms = override_settings(
        DEMONSTRATION=True,
        VAR_DIR=var,
        MEDIA_ROOT=var / "files",
        EMAIL_FILE_PATH=var / "mail",
        PASSWORD_HASHERS=QUICK,
    )
    with django_db_blocker.unblock(), rooms:
        everything = transaction.atomic()
        everything.__enter__()
        try:
            yield Demonstration(load(brief=True, say=lines.append), var, lines)
        finally:
            transaction.set_rollback(True)
            everything.__exit__(None, None, None)


@pytest.fixture
def its_rooms(demonstration, private_rooms, settings):
    """Files are looked for where the demonstration keeps them."""
    settings.DEMONSTRATION = True
    settings.VAR_DIR = demonstration.var
    settings.MEDIA_ROOT = demonstration.var / "files"
    settings.EMAIL_FILE_PATH = demonstration.var / "mail"
