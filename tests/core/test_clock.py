"""Two clocks: the business date, and what falls due when it changes."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import clock, due
from core.errors import Refused
from core.models import BusinessDate, DueRun
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

JUNE = dt.date(2024, 6, 25)
JULY = dt.date(2024, 7, 2)


@pytest.fixture
def falls_due(monkeypatch):
    """Register functions for one test; nothing else falls due in it."""
    monkeypatch.setattr(due, "_functions", {})
    monkeypatch.setattr(due.registry, "load_tasks", lambda: None)
    return due.due


def tick(capsys, at: str) -> dict:
    call_command("tick", "--at", at, "--json")
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_without_a_kept_date_business_stands_at_today_in_london():
    assert clock.today() == timezone.localdate()


def test_a_held_date_does_not_change_within_its_block(business_date):
    with clock.business_date():
        BusinessDate.objects.update(date=JULY)
        assert clock.today() == JUNE
    assert clock.today() == JULY


def test_production_knows_no_other_date_than_the_real_one(business_date, settings):
    settings.MODE, settings.DEMONSTRATION = "production", False
    assert clock.today() == timezone.localdate()


def test_a_request_reads_the_date_once(client, business_date, django_assert_max_num_queries):
    client.force_login(UserFactory())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get("/jobs/")
    assert sum("core_businessdate" in query["sql"] for query in queries) == 1


def test_tick_moves_the_date_forward_and_back_and_runs_what_fell_due(
    business_date, falls_due, capsys
):
    seen = []
    falls_due("second", order=2)(lambda on: seen.append(("second", on, clock.today())))
    falls_due("first", order=1)(lambda on: seen.append(("first", on, clock.today())) or "3 roles")
    answer = tick(capsys, "2024-07-02T09:30")
    assert answer == {
        "business_date": "2024-07-02",
        "due": {"first": "3 roles", "second": "done"},
        "failed": [],
    }
    assert seen == [("first", JULY, JULY), ("second", JULY, JULY)]
    assert clock.today() == JULY
    assert tick(capsys, "2024-06-25")["business_date"] == "2024-06-25"
    assert clock.today() == JUNE
    assert seen[2:] == [("first", JUNE, JUNE), ("second", JUNE, JUNE)]


def test_tick_is_refused_in_production(falls_due, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("tick", "--at", "2024-07-02")
    with pytest.raises(Refused):
        due.move_business_date(to=JULY, by=None)
    assert not BusinessDate.objects.exists()


def test_a_date_that_is_none_gets_a_plain_answer():
    with pytest.raises(CommandError, match=r"“2024-13-01”.*2024-07-02"):
        call_command("tick", "--at", "2024-13-01")


def test_what_fails_is_told_the_rest_is_done_and_the_command_fails(
    business_date, falls_due, capsys, caplog
):
    @falls_due("broken", order=1)
    def broken(on):
        BusinessDate.objects.update(date=dt.date(1999, 1, 1))
        raise ZeroDivisionError("not today")

    falls_due("whole", order=2)(lambda on: "done")
    with pytest.raises(CommandError, match="Not done: broken"):
        call_command("tick", "--at", "2024-07-02", "--json")
    assert json.loads(capsys.readouterr().out)["failed"] == ["broken"]
    assert clock.today() == JULY, "the failed function's changes are taken back"
    assert list(DueRun.objects.values_list("name", flat=True)) == ["whole"]


def test_at_a_real_change_of_date_each_function_runs_once(falls_due):
    seen = []
    falls_due("daily")(seen.append)
    assert [o.name for o in due.run_due(JUNE)] == ["daily"]
    assert due.run_due(JUNE) == []
    assert [o.name for o in due.run_due(JULY)] == ["daily"]
    assert seen == [JUNE, JULY]


def test_the_schedule_wakes_what_falls_due():
    from core.tasks import run_due

    run_due()
    from engagement.celery import app

    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert tasks == {"core.sweep_jobs", "core.run_due", "core.seal_ledger", "core.tidy"}
    assert tasks <= app.tasks.keys()


def test_two_functions_cannot_share_a_name(falls_due):
    falls_due("daily")(lambda on: None)
    with pytest.raises(ImproperlyConfigured, match="daily"):
        falls_due("daily")(test_two_functions_cannot_share_a_name)


def test_each_role_is_derived_anew_when_the_date_moves(people, capsys):
    """The real registry, as apps fill it: nothing that falls due fails."""
    assert tick(capsys, "2024-07-02")["failed"] == []
