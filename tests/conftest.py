"""Shared by all tests: the business date, a private files room, and the personas."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings as hypothesis_settings

from tests.databases import migrated_template
from tests.ledgers import flush_with_ledger
from tests.personas import People, make_people
from tests.sharing import OneProcessForEach

BUSINESS_DATE = dt.date(2024, 6, 25)

# The same examples in every run, so that a failure is of the change that brought it and comes again
# when looked for; HYPOTHESIS_PROFILE=explore tries new ones. How fast an example runs says nothing
# on a busy machine.
hypothesis_settings.register_profile("house", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_xdist_make_scheduler(config, log):
    """Share the tests among the processes of a parallel run."""
    return OneProcessForEach(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_keepdb, django_db_blocker
):
    """Let each process copy a database that is migrated already (tests/databases.py)."""
    from django.db import connection

    wanted = connection.settings_dict["TEST"]
    if wanted["NAME"] and not django_db_keepdb:
        with django_db_blocker.unblock():
            stem = f"{os.environ.get('TEST_DATABASE_NAME', 'test_engagement')}_migrated"
            wanted["TEMPLATE"] = migrated_template(stem)


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied():
    """After tests with transactions of their own all tables are emptied, the ledger too."""
    DatabaseOperations.sql_flush = flush_with_ledger


@pytest.fixture(autouse=True)
def private_rooms(settings, tmp_path):
    """Files and mail of a test lie in its own folder; passwords are hashed quickly."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    # Slow hashing is the point of passwords, but not of these tests.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def sure_sessions(settings, monkeypatch):
    """A test that signs somebody in means a full session; tests of sign-in ask for less.

    ``force_login`` knows no password, so it says that one was given; no second factor is asked for.
    """
    from django.test import Client

    from tests.signing import record

    settings.SECOND_FACTOR_WAIVED = True
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600  # a slow run asks nobody again midway
    plain = Client.force_login

    def force_login(client, user, backend=None):
        plain(client, user, backend)
        record(client, user, "password")

    monkeypatch.setattr(Client, "force_login", force_login)


@pytest.fixture
def business_date(db):
    """Business stands at Tuesday 25 June 2024, week 30 of the West Mercia programme."""
    from core.models import BusinessDate

    BusinessDate.objects.update_or_create(only=True, defaults={"date": BUSINESS_DATE})
    return BUSINESS_DATE


@pytest.fixture
def people(business_date) -> People:
    """A programme with one location, its people, and a neighbour in another programme."""
    return make_people()
