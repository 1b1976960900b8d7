"""Proof: a worker killed with SIGKILL every 2 seconds, and the result still appears, once.

``bin/prove worker_kills`` kills in two ways: the worker with its process group (what a system or a
person does), and everything (the job's own process too), which leaves only checkpoints.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from contextlib import suppress

import pytest
from django.core.management import call_command

from accounts.models import User
from core.choices import JobState
from core.jobs import request_job
from core.models import DataImport, JobRun
from incidents.models import DataPackage
from incidents.packages.services import request_package
from programmes.models import Location
from tests.core import job_kinds  # noqa: F401  # registers the kinds
from tests.core.live_worker import LiveWorker, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
EVERY = 2.0
KILLS_MAX = 150
# Where the job's process is killed too, a stage (with its imports) must fit between two kills. On a
# busy machine those of a package do not: after so many kills it is spared, and must then go on.
PACKAGE_KILLS_MAX = 8


@pytest.fixture
def worker(tmp_path):
    live = LiveWorker(tmp_path)
    yield live
    if live.process is not None and live.process.poll() is None:
        live.kill()
    for run in JobRun.objects.filter(state=JobState.RUNNING):
        kill_process_of(run)


def kill_process_of(run: JobRun) -> None:
    with suppress(ProcessLookupError, IndexError):  # it may have ended by itself
        os.kill(int(run.worker.split("/")[-2]), signal.SIGKILL)


def kill_until_done(
    worker: LiveWorker, run: JobRun, *, everything: bool, most: int = KILLS_MAX
) -> int:
    """Kill every 2 s from the moment that a worker is up, ``most`` times; return how often."""
    kills = 0
    worker.start()
    wait_for(worker.ready, 60, "the worker is up")
    while kills < most:
        time.sleep(EVERY)
        run.refresh_from_db()
        if not run.is_open:
            break
        worker.kill()
        if everything and run.state == JobState.RUNNING:
            kill_process_of(run)
        kills += 1
        worker.start()
        wait_for(worker.ready, 60, "the worker is up again")
    wait_for(lambda: not JobRun.objects.open().filter(pk=run.pk).exists(), 300, "the job is done")
    run.refresh_from_db()
    print(
        f"\n{run.title}: {run.state} after {kills} kills, {run.attempts} attempts, "
        f"{run.lost_leases} lost leases, {run.failures} failures"
    )
    return kills


@pytest.mark.parametrize("everything", [False, True], ids=["worker", "worker and job"])
def test_a_job_in_stages_appears_once(worker, tmp_path, everything):
    # Apart from the worker it works on through kills: it must last for some of them.
    stages = 12 if everything else 40
    log = tmp_path / "log"
    run = request_job(
        kind="tests.stages",
        key="kills",
        by=None,
        deliver=False,
        params={"log": str(log), "stages": stages, "seconds": 0.8},
    )
    kills = kill_until_done(worker, run, everything=everything)
    assert kills >= 2
    assert run.state == JobState.SUCCEEDED
    assert run.failures == 0
    assert (run.lost_leases > 0) == everything
    assert DataImport.objects.filter(kind="tests.stages").count() == 1
    finished = [int(line.split()[1]) for line in log.read_text().splitlines()]
    assert sorted(set(finished)) == list(range(stages))


@pytest.mark.parametrize("everything", [False, True], ids=["worker", "worker and job"])
def test_a_data_package_appears_once(worker, everything):
    """The real thing, on the demonstration's records."""
    call_command("load_demo", "--brief")
    location = Location.objects.get(slug="leominster")
    before = set(DataPackage.objects.values_list("pk", flat=True))
    run = request_package(
        location=location,
        first_month=dt.date(2024, 1, 1),
        last_month=dt.date(2024, 6, 1),
        by=User.objects.get(email="analyst@demo.example"),
        deliver=False,
    )
    most = PACKAGE_KILLS_MAX if everything else KILLS_MAX
    kill_until_done(worker, run, everything=everything, most=most)
    assert run.state == JobState.SUCCEEDED, run.error
    assert (run.failures, run.lost_leases > 0) == (0, everything)
    [package] = DataPackage.objects.exclude(pk__in=before)
    assert (package.location, package.job) == (location, run)
