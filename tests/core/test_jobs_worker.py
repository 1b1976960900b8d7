"""Jobs with real worker processes: killed, restarted, shut down."""

import os
import signal
import time

import pytest

from core.choices import JobState
from core.jobs import request_job
from core.models import DataImport, JobRun
from tests.core import job_kinds  # noqa: F401  # registers the kinds
from tests.core.live_worker import LiveWorker, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(tmp_path):
    live = LiveWorker(tmp_path)
    yield live
    if live.process is not None and live.process.poll() is None:
        live.kill()
    for run in JobRun.objects.filter(state=JobState.RUNNING):
        os.kill(int(run.worker.split("/")[-2]), signal.SIGKILL)


def ask(tmp_path, *, stages: int, seconds: float) -> JobRun:
    return request_job(
        kind="tests.stages",
        key="one",
        by=None,
        deliver=False,
        params={"log": str(tmp_path / "log"), "stages": stages, "seconds": seconds},
    )


def state_of(run: JobRun) -> str:
    run.refresh_from_db()
    return run.state


def test_a_worker_killed_again_and_again_still_finishes_the_job_once(worker, tmp_path):
    run = ask(tmp_path, stages=6, seconds=1.5)  # time for two kills on a busy machine
    kills = 0  # from the moment at which the worker has begun the job
    worker.start()
    wait_for(lambda: state_of(run) == JobState.RUNNING, 40, "the job is begun")
    while state_of(run) != JobState.SUCCEEDED and kills < 3:
        time.sleep(1.0)
        worker.kill()
        kills += 1
        worker.start()
    wait_for(lambda: state_of(run) == JobState.SUCCEEDED, 40, "the job is done")
    assert kills >= 2
    assert DataImport.objects.filter(kind="tests.stages").count() == 1
    assert (run.attempts, run.lost_leases, run.failures) == (1, 0, 0), "the job lives apart"
    assert [line.split()[1] for line in (tmp_path / "log").read_text().splitlines()] == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]


def test_a_job_whose_own_process_is_killed_goes_on_from_its_last_checkpoint(worker, tmp_path):
    run = ask(tmp_path, stages=4, seconds=0.5)
    worker.start()
    wait_for(
        lambda: (
            len((tmp_path / "log").read_text().splitlines()) >= 3
            if (tmp_path / "log").exists()
            else False
        ),
        40,
        "three stages are begun",
    )
    run.refresh_from_db()
    os.kill(int(run.worker.split("/")[-2]), signal.SIGKILL)
    wait_for(lambda: state_of(run) == JobState.SUCCEEDED, 20, "the job is done")
    assert (run.attempts, run.lost_leases, run.failures) == (2, 1, 0)
    begun = (tmp_path / "log").read_text().splitlines()
    assert begun[:3] == ["1 0", "1 1", "1 2"]
    assert begun[3:] in (["2 2", "2 3"], ["2 3"])
    assert DataImport.objects.filter(kind="tests.stages").count() == 1


def test_a_worker_that_is_asked_to_end_gives_its_job_back(worker, tmp_path):
    run = ask(tmp_path, stages=1, seconds=120)
    worker.start()
    wait_for(lambda: state_of(run) == JobState.RUNNING, 40, "the job is begun")
    worker.end()  # fails if it takes 20 s: the stage alone would take 120
    assert state_of(run) == JobState.QUEUED
    assert (run.failures, run.lost_leases, run.token) == (0, 0, None)
