"""What the web's role may do with the ledger's tables: add and read."""

import os
from importlib import import_module

from django.db import connection

from tests.ledgers import TABLES

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def test_a_role_of_the_web_may_add_and_read_and_no_more(db):
    """The migration's own statement, on a role that had every right on the tables."""
    revokes = import_module("core.migrations.0004_ledger_guard").REVOKES
    role = os.environ.get("DATABASE_WEB_ROLE")
    with connection.cursor() as cursor:
        if not role:
            role = "ledger_test_web"  # gone with the test's transaction
            cursor.execute(f"CREATE ROLE {role}")
        for table in TABLES:
            cursor.execute(f"GRANT ALL ON {table} TO {role}")
        cursor.execute(f"GRANT ALL ON SEQUENCE core_ledger_offset TO {role}")
        cursor.execute(revokes)
        for table in TABLES:
            assert [right for right in RIGHTS if _holds(cursor, role, table, right)] == [
                "SELECT",
                "INSERT",
            ]
        cursor.execute(
            "SELECT has_sequence_privilege(%s, 'core_ledger_offset', 'USAGE, UPDATE')", [role]
        )
        assert cursor.fetchone() == (False,)


def _holds(cursor, role, table, right):
    cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
    return cursor.fetchone()[0]
