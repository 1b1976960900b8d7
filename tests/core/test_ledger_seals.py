"""The ledger is only added to, and whatever is done to it behind its back is found."""

import datetime as dt
import io
import json
import stat
import threading
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction

from core.choices import LedgerAction
from core.errors import Refused
from core.ledger import chain, heads, note
from core.ledger.seals import LOCK, seal, unsealed
from core.ledger.verify import verify
from core.models import LedgerEntry, LedgerSeal
from tests.ledgers import unguarded

OTHER_KEY = "another key of these tests"


def write(count=1):
    for number in range(count):
        note(LedgerAction.VIEW, path_number=number)


def sealed(*sizes):
    """Write and seal as many entries as said, seal by seal."""
    for size in sizes:
        write(size)
        assert seal().entries == size


def run(statement, *values):
    """Tamper as the owner of the tables can."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def faults():
    return [(fault.seal, fault.what) for fault in verify().faults]


@pytest.mark.parametrize("table", ["core_ledgerentry", "core_ledgerseal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"]
)
def test_the_database_refuses_to_change_what_is_written(db, table, statement):
    column = "path" if table == "core_ledgerentry" else "digest"
    with (
        pytest.raises(ProgrammingError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, column))


def test_when_and_in_which_transaction_is_said_by_the_database(db):
    entry = LedgerEntry(action="view", at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC), transaction=1)
    entry.save(force_insert=True)
    entry.refresh_from_db()
    assert entry.at.year > 2001
    assert entry.transaction > 1


@pytest.mark.django_db(transaction=True)
def test_seals_follow_each_other_and_an_untouched_ledger_is_right():
    sealed(3, 1, 5)
    account = verify()
    assert (account.seals, account.entries, account.unsealed, account.wrong) == (3, 9, 0, 0)
    assert seal() is None  # nothing new: no seal
    first, second = LedgerSeal.objects.order_by("number")[:2]
    assert (first.number, second.number) == (1, 2)
    assert first.digest != second.digest


@pytest.mark.django_db(transaction=True)
def test_the_unsealed_tail_is_named_with_its_age():
    sealed(2)
    write(4)
    account = verify()
    assert (account.entries, account.unsealed, account.wrong) == (2, 4, 0)
    assert account.unsealed_since == LedgerEntry.objects.order_by("id")[2].at
    assert unsealed()[1] == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2001-01-01 00:00:00Z"),
        ("request", "00000000-0000-0000-0000-000000000001"),
        ("actor", "00000000-0000-0000-0000-000000000001"),
        ("actor_agency", "00000000-0000-0000-0000-000000000001"),
        ("by_way_of", "token"),
        ("action", "search"),
        ("subject", "programmes.Consent"),
        ("subject_id", "7"),
        ("anchor", "programmes.Location"),
        ("anchor_id", "00000000-0000-0000-0000-000000000001"),
        ("anchors", "{00000000-0000-0000-0000-000000000001}"),
        ("owner", "00000000-0000-0000-0000-000000000001"),
        ("touches", "{personal}"),
        ("rows", "0"),
        ("path", "/elsewhere/"),
        ("reason", "another"),
        ("detail", '{"path_number": 9}'),
    ],
)
def test_an_edit_of_any_column_is_found_in_its_seal(column, value):
    sealed(2, 3, 2)
    changed = LedgerEntry.objects.order_by("id")[3].pk
    assert run(f"UPDATE core_ledgerentry SET {column} = %s WHERE id = %s", value, changed) == 1
    account = verify()
    (fault,) = account.faults
    assert fault.seal == 2
    assert fault.first_entry <= changed <= fault.last_entry
    assert fault.last_entry - fault.first_entry == 2
    assert account.wrong == 1  # the seals after it are right: what was changed is narrowed down


def test_every_column_of_an_entry_is_tried_above():
    marks = test_an_edit_of_any_column_is_found_in_its_seal.pytestmark
    (cases,) = [mark.args[1] for mark in marks if mark.name == "parametrize"]
    own = {field.column for field in LedgerEntry._meta.concrete_fields}
    assert own - {column for column, _value in cases} == {"id", "transaction"}  # further below


@pytest.mark.django_db(transaction=True)
def test_a_microsecond_is_found():
    sealed(1)
    run("UPDATE core_ledgerentry SET at = at + interval '1 microsecond'")
    assert [seal_number for seal_number, _what in faults()] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_deleted_entry_is_found_and_counted():
    sealed(2, 3)
    run("DELETE FROM core_ledgerentry WHERE id = (SELECT max(id) FROM core_ledgerentry)")
    assert faults() == [(2, "it covers 3 entries; 2 are there: 1 missing")]


@pytest.mark.django_db(transaction=True)
def test_an_entry_put_into_the_past_is_found():
    sealed(2, 2)
    run(
        "INSERT INTO core_ledgerentry (id, at, transaction, by_way_of, action, subject, subject_id,"
        " anchor, anchors, touches, path, reason, detail)"
        " SELECT 1000000, at, transaction, by_way_of, action, subject, subject_id,"
        " anchor, anchors, touches, path, reason, detail FROM core_ledgerentry ORDER BY id LIMIT 1"
    )
    assert faults() == [(1, "it covers 2 entries; 3 are there: 1 too many")]


@pytest.mark.django_db(transaction=True)
def test_two_entries_of_different_seals_that_change_places_are_found():
    sealed(2, 2)
    one, other = LedgerEntry.objects.order_by("id")[1:3]
    run("UPDATE core_ledgerentry SET id = -1 WHERE id = %s", one.pk)
    run("UPDATE core_ledgerentry SET id = %s WHERE id = %s", one.pk, other.pk)
    run("UPDATE core_ledgerentry SET id = %s WHERE id = -1", other.pk)
    assert [number for number, _what in faults()] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_moved_to_another_transaction_is_found():
    sealed(2, 2)
    one, other = LedgerEntry.objects.order_by("id")[1:3]
    run("UPDATE core_ledgerentry SET transaction = %s WHERE id = %s", other.transaction, one.pk)
    assert faults() == [
        (1, "it covers 2 entries; 1 are there: 1 missing"),
        (2, "it covers 2 entries; 3 are there: 1 too many"),
    ]


@pytest.mark.django_db(transaction=True)
def test_entries_that_change_places_within_one_seal_are_found():
    sealed(3)
    one, other = LedgerEntry.objects.order_by("id")[:2]
    run("UPDATE core_ledgerentry SET id = -1 WHERE id = %s", one.pk)
    run("UPDATE core_ledgerentry SET id = %s WHERE id = %s", one.pk, other.pk)
    run("UPDATE core_ledgerentry SET id = %s WHERE id = -1", other.pk)
    assert [number for number, _what in faults()] == [1]


@pytest.mark.django_db(transaction=True)
def test_an_end_cut_off_with_its_seals_is_found_by_the_heads():
    sealed(2, 2, 2)
    kept = LedgerSeal.objects.get(number=1)
    run("DELETE FROM core_ledgerentry WHERE transaction >= %s", kept.up_to)
    run("DELETE FROM core_ledgerseal WHERE number > 1")
    assert faults() == [(2, "seals 2 to 3 were made and are gone, with their entries")]


@pytest.mark.django_db(transaction=True)
def test_an_end_written_anew_by_somebody_who_knows_the_key_is_found_by_the_heads():
    sealed(2, 2)
    run(
        "DELETE FROM core_ledgerentry WHERE transaction >= %s",
        LedgerSeal.objects.get(number=1).up_to,
    )
    run("DELETE FROM core_ledgerseal WHERE number > 1")
    text = heads.path().read_text()
    write(2)
    seal()
    heads.path().write_text(text)
    assert faults() == [(2, "ledger-heads.txt holds another digest of it")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE core_ledgerseal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2", 2),
        ("UPDATE core_ledgerseal SET up_to = up_to + 1 WHERE number = 2", 2),
        ("DELETE FROM core_ledgerseal WHERE number = 2", 2),
        ("UPDATE core_ledgerseal SET digest = repeat('0', 64) WHERE number = 2", 2),
    ],
)
def test_a_seal_that_is_touched_is_found(statement, number):
    sealed(1, 1, 1)
    run(statement)
    assert faults()[0][0] == number


@pytest.mark.django_db(transaction=True)
def test_heads_that_are_lost_or_damaged_are_told():
    sealed(1, 1)
    text = heads.path().read_text()
    assert stat.S_IMODE(heads.path().stat().st_mode) == 0o600
    heads.path().write_text(text.splitlines()[0] + "\nnonsense\n")
    assert faults() == [(None, "ledger-heads.txt: line 2 is not a number and a digest")]
    heads.path().unlink()
    assert [number for number, _what in faults()] == [1, 2]
    assert heads.write_all(LedgerSeal.objects.order_by("number")) == 2
    assert heads.path().read_text() == text
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_a_seal_stored_just_before_a_crash_is_written_down_by_the_next_one():
    sealed(1, 1)
    lines = heads.path().read_text().splitlines()
    heads.path().write_text(lines[0] + "\n")
    assert len(faults()) == 1
    seal()
    assert heads.path().read_text().splitlines() == lines
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_a_transaction_that_stays_open_is_not_skipped():
    """Two real connections: one opens early and ends late, the other comes and goes meanwhile."""
    note(LedgerAction.VIEW)
    with closing(connections["default"].copy()) as slow:
        slow.connect()
        slow.set_autocommit(False)
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_ledgerentry (by_way_of, action, subject, subject_id, anchor,"
                " anchors, touches, path, reason, detail)"
                " VALUES ('', 'export', '', '', '', '{}', '{}', '', '', '{}')"
            )
        write(2)  # begun later, ended earlier
        first = seal()
        assert first.entries == 1
        assert seal() is None  # the two wait for the open one
        assert verify().unsealed == 2
        slow.commit()
    assert seal().entries == 3
    assert [row[chain.POSITION["action"]] for row in _in_order()] == [
        "view",
        "export",
        "view",
        "view",
    ]
    assert verify().wrong == 0


def _in_order():
    with transaction.atomic():
        return list(chain.rows())


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_another_database_on_the_server_holds_nothing_up():
    other = psycopg2.connect(**{**connection.get_connection_params(), "dbname": "postgres"})
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")  # takes a number, as a write does
        sealed(2)
        other.rollback()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_not_seal_twice():
    write(1)
    with closing(connections["default"].copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        assert seal() is None
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert seal().entries == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_writing_and_sealing_lose_and_double_nothing():
    def work():
        try:
            for number in range(15):
                note(LedgerAction.VIEW, number=number)
                if number % 5 == 0:
                    seal()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal()
    account = verify()
    assert (account.entries, account.unsealed, account.wrong) == (60, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_key_can_be_changed_and_old_seals_stay_right(settings):
    sealed(1)
    old = settings.LEDGER_KEY
    settings.LEDGER_KEY = OTHER_KEY
    assert "not among the keys" in faults()[0][1]
    settings.LEDGER_OLD_KEYS = [old]
    sealed(1)
    assert faults() == []
    assert len(set(LedgerSeal.objects.values_list("key", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_on_another_server_sealing_says_so_and_can_go_on():
    sealed(2)
    run("UPDATE core_ledgerseal SET up_to = up_to + 100000")
    with pytest.raises(Refused, match="After a restore"):
        seal()
    try:
        chain.after_restore()
        write(1)
        assert seal().entries == 1
        assert LedgerEntry.objects.order_by("-id")[0].transaction > 100000
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('core_ledger_offset', 0)")


@pytest.mark.django_db(transaction=True)
def test_the_commands_tell_people_and_programs_and_fail_where_something_is_wrong(capsys):
    write(2)
    out = io.StringIO()
    call_command("seal_ledger", "--json", stdout=out)
    assert json.loads(out.getvalue())["sealed"] == 2
    write(1)
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert "1 seals over 2 entries." in out.getvalue()
    assert "Not sealed yet: 1 entries" in out.getvalue()
    run(
        "UPDATE core_ledgerentry SET action = 'export'"
        " WHERE id = (SELECT min(id) FROM core_ledgerentry)"
    )
    out = io.StringIO()
    with pytest.raises(CommandError, match="not right"):
        call_command("verify_ledger", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["right"], told["first_wrong_seal"], told["unsealed"]) == (False, 1, 1)
