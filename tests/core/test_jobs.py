"""Asking for jobs, claiming them, and who may write."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from core.choices import JobState
from core.errors import NotAllowed
from core.jobs import (
    JobHandle,
    JobResult,
    LeaseLost,
    claims,
    job,
    request_cancel,
    request_job,
    run_now,
    runner,
)
from core.models import DataImport, JobRun
from tests.core import job_kinds  # noqa: F401  # registers the kinds
from tests.core.job_helpers import A_DAY, expire, in_threads, make_row
from tests.factories.accounts import UserFactory
from tests.factories.core import JobRunFactory

# --- Kinds ------------------------------------------------------------------------------------


def test_two_functions_cannot_share_a_kind(kind):
    kind(lambda handle: JobResult())
    with pytest.raises(ImproperlyConfigured, match=r"tests\.here"):
        job(kind="tests.here", title="Other")(test_two_functions_cannot_share_a_kind)


@pytest.mark.django_db
def test_a_kind_that_no_app_has_is_refused_when_asked_for():
    with pytest.raises(LookupError, match=r"tests\.unheard_of"):
        request_job(kind="tests.unheard_of", key="k", params={}, by=None)


@pytest.mark.django_db
def test_a_job_of_a_kind_that_is_gone_fails_with_a_sentence():
    run = JobRunFactory(kind="tests.gone")
    with pytest.raises(Exception, match="no longer offered"):
        run_now(run)
    run.refresh_from_db()
    assert run.state == JobState.FAILED


# --- Asking -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_asked_for_at_once_by_many_there_is_one_job():
    runs = in_threads(
        lambda: request_job(kind="tests.nothing", key="same", params={}, by=None, deliver=False), 12
    )
    assert {run.pk for run in runs} == {JobRun.objects.get().pk}


@pytest.mark.django_db
def test_who_asks_second_gets_the_open_job_and_may_see_but_not_cancel_it():
    first, second = UserFactory(), UserFactory()
    run = request_job(kind="tests.nothing", key="same", params={}, by=first)
    again = request_job(kind="tests.nothing", key="same", params={}, by=second)
    assert again == run
    assert list(JobRun.objects.visible_to(second)) == [run]
    assert list(JobRun.objects.visible_to(second, "cancel")) == []
    with pytest.raises(NotAllowed):
        request_cancel(job=run, by=second)


@pytest.mark.django_db
def test_after_a_job_has_ended_the_same_key_makes_a_new_one():
    first = run_now(request_job(kind="tests.nothing", key="same", params={}, by=None))
    second = request_job(kind="tests.nothing", key="same", params={}, by=None)
    assert second.pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_rolled_back_transaction_never_was():
    with transaction.atomic():
        request_job(kind="tests.nothing", key="k", params={}, by=None)
        transaction.set_rollback(True)
    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_a_job_keeps_the_business_date_at_which_it_was_asked_for(business_date, kind):
    seen = []

    def look(handle: JobHandle) -> JobResult:
        from core import clock

        seen.append(clock.today())
        return JobResult()

    run = request_job(kind=kind(look), key="k", params={}, by=None)
    from core.models import BusinessDate

    BusinessDate.objects.update(date=dt.date(2025, 1, 1))
    run_now(run)
    assert seen == [A_DAY]


# --- Claims and fences ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_claims_at_once_one_wins():
    run = JobRunFactory()
    won = [claim for claim in in_threads(lambda: claims.claim(run.pk), 12) if claim is not None]
    assert len(won) == 1
    run.refresh_from_db()
    assert (run.state, run.attempts, run.token) == (JobState.RUNNING, 1, won[0].token)


@pytest.mark.django_db(transaction=True)
def test_a_doubled_message_is_harmless():
    run = JobRunFactory()
    assert sorted(in_threads(lambda: runner.execute(run.pk), 4)) == [False, False, False, True]
    assert not runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.result) == (JobState.SUCCEEDED, 1, {"answer": 42})


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_overtaken_can_write_nothing_more():
    run = JobRunFactory()
    stale = claims.claim(run.pk)
    expire(run)
    fresh = claims.claim(run.pk)
    assert fresh is not None
    assert fresh.token != stale.token
    old = JobHandle(stale, stale.token, None)

    with pytest.raises(LeaseLost):
        old.progress(1, 2, "Still here")
    with pytest.raises(LeaseLost):
        old.once("row", lambda: make_row("stale"))
    with pytest.raises(LeaseLost):
        old.checkpoint("value", lambda: 1)
    assert not claims.finish(run.pk, stale.token, state=JobState.SUCCEEDED, result={"stale": 1})
    assert not claims.put_back(run.pk, stale.token)
    assert not claims.beat(run.pk, stale.token)
    assert not DataImport.objects.exists()
    run.refresh_from_db()
    assert (run.state, run.token, run.checkpoints, run.done) == (
        JobState.RUNNING,
        fresh.token,
        {},
        0,
    )


@pytest.mark.django_db(transaction=True)
def test_a_job_is_not_taken_from_a_worker_in_the_middle_of_a_commit():
    run = JobRunFactory()
    mine = claims.claim(run.pk)
    handle = JobHandle(mine, mine.token, None)
    with handle.fenced():
        make_row("mine")
        JobRun.objects.filter(pk=run.pk)
        [answer] = in_threads(lambda: (expire_elsewhere(run), claims.claim(run.pk))[1], 1)
    assert answer is None
    assert DataImport.objects.filter(file_name="mine").exists()
    assert claims.claim(run.pk) is not None  # the lease has run out, and the commit is over


def expire_elsewhere(run: JobRun) -> None:
    expire(run)


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_a_long_transaction(kind):
    seen = []

    def work(handle: JobHandle) -> JobResult:
        with handle.fenced():
            handle.progress(3, 7, "Reading")
            for _ in range(40):
                [row] = in_threads(lambda: JobRun.objects.get(pk=handle.id), 1)
                if row.done:
                    break
                threading.Event().wait(0.05)
            seen.append((row.done, row.total, row.stage, row.percent))
        return JobResult()

    runner.execute(request_job(kind=kind(work), key="k", params={}, by=None, deliver=False).pk)
    assert seen == [(3, 7, "Reading", 42)]
