"""The running product's own database role can add to the ledger, and do nothing else to it."""

import contextlib
import json
import os

import psycopg2
import pytest

from tests.browser.stack import connect

STATEMENTS = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"]
if os.environ.get("DATABASE_WEB_ROLE"):  # without one the product runs as the owner
    STATEMENTS.append("ALTER TABLE {0} DISABLE TRIGGER ALL")


@pytest.mark.parametrize("table", ["core_ledgerentry", "core_ledgerseal"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_role_of_the_web_cannot_touch_what_is_noted(stack, table, statement):
    column = "path" if table == "core_ledgerentry" else "digest"
    database = connect(stack.env["DATABASE_URL"])
    with (
        contextlib.closing(database),
        database.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(statement.format(table, column))


def test_the_running_product_notes_seals_and_verifies(stack, visit):
    assert visit("coordinator").status_of("/locations/leominster/steps/6/") == 200
    assert json.loads(stack.command("seal_ledger", "--json").splitlines()[-1])["sealed"] > 0
    told = json.loads(stack.command("verify_ledger", "--json").splitlines()[-1])
    assert told["right"]
    assert told["entries"] > 0
