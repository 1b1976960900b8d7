"""How a job's attempts end: results, errors, cancelling, resuming, sweeping."""

import datetime as dt
import threading
import uuid

import pytest
from django.db.models.functions import Now

from core.choices import JobState
from core.errors import Refused
from core.jobs import (
    JobCancelled,
    JobFailed,
    JobHandle,
    JobResult,
    claims,
    request_cancel,
    request_job,
    run_now,
    runner,
)
from core.jobs.handle import work_folder
from core.jobs.sweep import sweep
from core.models import DataImport, JobRun
from tests.core import job_kinds  # noqa: F401  # registers the kinds
from tests.core.job_helpers import expire, in_threads, make_row
from tests.factories.accounts import UserFactory
from tests.factories.core import JobRunFactory

# --- How attempts end -------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_plain_error_is_final_and_shown_as_it_stands():
    run = JobRunFactory(kind="tests.refused")
    runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.FAILED, 1)
    assert run.error == "Leominster has no area yet. Choose one first."
    assert run.finished_at is not None


@pytest.mark.django_db
def test_a_fault_of_ours_is_tried_again_later_then_told_with_a_reference(caplog):
    run = request_job(kind="tests.broken", key="k", params={}, by=None)
    for attempt in (1, 2):
        assert runner.execute(run.pk)
        run.refresh_from_db()
        assert (run.state, run.failures, run.error) == (JobState.QUEUED, attempt, "")
        assert run.not_before > run.updated_at
        assert not runner.execute(run.pk), "it waits before it is tried again"
        JobRun.objects.update(not_before=None)
    runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failures, run.attempts) == (JobState.FAILED, 3, 3)
    assert str(run.pk)[:8].upper() in run.error
    assert "secret" not in run.error
    assert "Zero" not in run.error
    assert "ZeroDivisionError: a secret detail" in caplog.text


@pytest.mark.django_db
def test_back_off_doubles_up_to_five_minutes():
    waits = [claims.back_off(n).total_seconds() for n in (1, 2, 3, 6, 40)]
    assert waits == [10, 20, 40, 300, 300]


@pytest.mark.django_db
def test_a_command_gets_the_jobs_own_error_and_the_row_says_failed():
    run = JobRunFactory(kind="tests.broken")
    with pytest.raises(ZeroDivisionError):
        run_now(run)
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    refused = JobRunFactory(kind="tests.refused")
    with pytest.raises(Refused, match="Leominster"):
        run_now(refused)


@pytest.mark.django_db
def test_a_command_executes_in_its_own_process_and_gets_the_result():
    run = run_now(request_job(kind="tests.nothing", key="k", params={}, by=None, deliver=False))
    assert (run.state, run.result, run.result_url) == (
        JobState.SUCCEEDED,
        {"answer": 42},
        "/jobs/",
    )


@pytest.mark.django_db(transaction=True)
def test_a_command_waits_for_a_worker_that_has_the_job_already():
    run = JobRunFactory()
    elsewhere = claims.claim(run.pk)

    def end_it():
        threading.Event().wait(0.5)
        return claims.finish(run.pk, elsewhere.token, state=JobState.FAILED, error="Not this time.")

    waiting = threading.Thread(target=lambda: in_threads(end_it, 1))
    waiting.start()
    with pytest.raises(JobFailed, match="Not this time"):
        run_now(run)
    waiting.join()


@pytest.mark.django_db
def test_a_kind_must_return_a_result(kind):
    run = JobRunFactory(kind=kind(lambda handle: None))
    with pytest.raises(TypeError, match="not a JobResult"):
        run_now(run)


# --- Cancelling -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once():
    person = UserFactory()
    run = request_job(kind="tests.nothing", key="k", params={}, by=person)
    assert request_cancel(job=run, by=person).state == JobState.CANCELLED
    assert not runner.execute(run.pk)


@pytest.mark.django_db(transaction=True)
def test_a_running_job_is_cancelled_at_its_next_check_and_commits_nothing(kind):
    person = UserFactory()
    stages = []

    def work(handle: JobHandle) -> JobResult:
        request_cancel(job=JobRun.objects.get(pk=handle.id), by=person)
        with pytest.raises(JobCancelled):
            handle.once("row", lambda: make_row("never"))
        for _ in range(100):  # the heartbeat looks once a second
            stages.append("work")
            handle.check()
            threading.Event().wait(0.05)
        return JobResult()

    run = request_job(kind=kind(work), key="k", params={}, by=person, deliver=False)
    runner.execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.CANCELLED
    assert 1 <= len(stages) < 100
    assert not DataImport.objects.exists()


@pytest.mark.django_db
def test_a_cancelled_job_whose_worker_died_is_not_begun_again():
    run = JobRunFactory(cancel_requested=True)
    claims.claim(run.pk)
    expire(run)
    assert claims.take_back(JobRun.objects.filter(lease_until__lt=Now())) == []
    run.refresh_from_db()
    assert run.state == JobState.CANCELLED


# --- Resuming ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_interrupted_job_goes_on_from_its_checkpoints(kind):
    done, files = [], []

    def work(handle: JobHandle) -> JobResult:
        first = handle.checkpoint("first", lambda: done.append("first") or (1, 2))
        path = handle.file("table.csv", lambda p: (files.append(1), p.write_text("whole")))
        row = handle.once("row", lambda: make_row("once"))
        if handle.attempt == 1:
            raise SystemExit  # as near to a kill as a test in one process comes
        return JobResult({"first": first, "text": path.read_text(), "row": row})

    run = JobRunFactory(kind=kind(work))
    with pytest.raises(SystemExit):
        runner.execute(run.pk)
    expire(run)
    runner.execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.SUCCEEDED
    assert run.result == {
        "first": [1, 2],
        "text": "whole",
        "row": str(DataImport.objects.get().pk),
    }
    assert (done, files) == (["first"], [1])
    assert (run.lost_leases, run.failures) == (1, 0)
    assert not work_folder(run.pk).exists(), "the folder goes with the job"


@pytest.mark.django_db
def test_a_file_of_the_work_folder_is_whole_or_absent(kind):
    def cut_off(path):
        path.write_text("ha")
        raise OSError("disk full")

    def work(handle: JobHandle) -> JobResult:
        with pytest.raises(OSError, match="disk full"):
            handle.file("a.csv", cut_off)
        assert not (handle.folder / "a.csv").exists()
        return JobResult({"text": handle.file("a.csv", lambda p: p.write_text("half")).read_text()})

    assert run_now(JobRunFactory(kind=kind(work))).result == {"text": "half"}


# --- Sweeping ---------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch):
    """The ids that were sent to the broker."""
    ids: list[uuid.UUID] = []
    monkeypatch.setattr("core.jobs.dispatch.deliver", lambda pk: ids.append(pk) or True)
    return ids


@pytest.mark.django_db
def test_the_sweeper_delivers_what_nobody_was_told_of_and_not_what_waits(sent):
    told_long_ago = JobRunFactory(dispatched_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    untold = JobRunFactory()
    now = dt.datetime.now(dt.UTC)
    just_told = JobRunFactory(dispatched_at=now)
    JobRunFactory(not_before=now + dt.timedelta(minutes=1))
    JobRunFactory(state=JobState.SUCCEEDED)
    sweep()
    assert set(sent) == {told_long_ago.pk, untold.pk}
    sent.clear()
    sweep()
    assert sent == []
    sweep(starting=True)
    assert set(sent) == {told_long_ago.pk, untold.pk, just_told.pk}


@pytest.mark.django_db
def test_the_sweeper_takes_back_what_a_dead_process_of_this_host_held_before_the_lease_ends(sent):
    from core.jobs import workers

    dead, alive, elsewhere = JobRunFactory(), JobRunFactory(), JobRunFactory()
    for run in (dead, alive, elsewhere):
        claims.claim(run.pk)
    # The number of this process, but begun at another time: a number that was given out again.
    JobRun.objects.filter(pk=dead.pk).update(worker=workers.identity().rpartition("/")[0] + "/1")
    JobRun.objects.filter(pk=elsewhere.pk).update(worker="other/b00t/4026531836/7/7")
    assert sweep().taken_back == 1
    assert sent == [dead.pk]
    for run in (dead, alive, elsewhere):
        run.refresh_from_db()
    assert (dead.state, alive.state, elsewhere.state) == (
        JobState.QUEUED,
        JobState.RUNNING,
        JobState.RUNNING,
    )
    assert (dead.lost_leases, dead.failures) == (1, 0)


@pytest.mark.django_db
def test_a_job_that_was_cut_off_a_hundred_times_fails_with_a_sentence(sent):
    run = JobRunFactory(lost_leases=claims.LOST_LEASES_MAX - 1)
    claims.claim(run.pk)
    expire(run)
    sweep()
    run.refresh_from_db()
    assert run.state == JobState.FAILED
    assert "cut off 100 times" in run.error
    assert sent == []


@pytest.mark.django_db
def test_after_many_kills_the_next_attempt_waits(sent):
    run = JobRunFactory(lost_leases=25)
    claims.claim(run.pk)
    expire(run)
    sweep()
    run.refresh_from_db()
    assert run.state == JobState.QUEUED
    assert run.not_before is not None
    assert sent == []


@pytest.mark.django_db
def test_folders_of_ended_jobs_are_removed_and_those_of_open_jobs_stay():
    import os

    from core.jobs.sweep import remove_old_folders

    ended, waiting, young = (
        JobRunFactory(state=JobState.FAILED),
        JobRunFactory(),
        JobRunFactory(state=JobState.FAILED),
    )
    for run in (ended, waiting, young):
        work_folder(run.pk).mkdir(parents=True)
        if run is not young:
            os.utime(work_folder(run.pk), (1, 1))
    assert remove_old_folders() == 1
    assert [work_folder(run.pk).exists() for run in (ended, waiting, young)] == [False, True, True]
