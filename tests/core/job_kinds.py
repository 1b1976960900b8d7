"""Kinds of jobs for tests; a live worker loads this module with ``--include``."""

from __future__ import annotations

import time
from pathlib import Path

from core import clock
from core.errors import Refused
from core.jobs import JobHandle, JobResult, job
from core.models import DataImport


@job(kind="tests.stages", title="Stages")
def stages(handle: JobHandle) -> JobResult:
    """Works in stages of ``seconds`` each, tells of each in the file ``log``, leaves one row."""
    log = Path(handle.params["log"])
    count = handle.params["stages"]
    for number in range(count):
        handle.progress(number, count, f"Stage {number + 1}")
        handle.checkpoint(f"stage {number}", lambda n=number: _stage(handle, log, n))
    made = handle.once("row", lambda: _result_row(handle))
    return JobResult({"stages": count, "row": made})


def _stage(handle: JobHandle, log: Path, number: int) -> int:
    with log.open("a") as stream:
        stream.write(f"{handle.attempt} {number}\n")
    end = time.monotonic() + handle.params["seconds"]
    while time.monotonic() < end:
        handle.check()
        time.sleep(0.02)
    return number


def _result_row(handle: JobHandle) -> str:
    row = DataImport.objects.create(
        kind="tests.stages", file_name=str(handle.id), sha256="0" * 64, imported_on=clock.today()
    )
    return str(row.pk)


@job(kind="tests.refused", title="Refused")
def refused(handle: JobHandle) -> JobResult:
    """Ends with something a person can act on."""
    raise Refused("Leominster has no area yet. Choose one first.")


@job(kind="tests.broken", title="Broken", max_attempts=3)
def broken(handle: JobHandle) -> JobResult:
    """Ends with a fault of our own."""
    raise ZeroDivisionError("a secret detail")


@job(kind="tests.nothing", title="Nothing")
def nothing(handle: JobHandle) -> JobResult:
    """Does nothing, and says so."""
    return JobResult({"answer": 42}, url="/jobs/")
