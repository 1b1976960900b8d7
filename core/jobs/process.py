"""Runs a job in a process of its own, apart from the worker that took the message.

The worker's child forks once more and waits. The new process is leader of its own session, so a
worker that is killed (with all of its process group) does not take the job with it; a job that is
killed (out of memory) takes nothing else with it; and the memory of pandas or WeasyPrint is given
back when the job ends. Forking an idle child costs milliseconds, starting Python would cost
seconds.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from core.choices import JobState
from core.jobs import shutdown
from core.jobs.runner import execute
from core.jobs.sweep import sweep
from core.models import JobRun

logger = logging.getLogger("core.jobs")


def execute_apart(job_id: UUID) -> None:
    """Execute a job in a new process and wait for it; a job that is not waiting is left alone."""
    state = JobRun.objects.filter(pk=job_id).values_list("state", flat=True).first()
    if state not in JobState.open_states():
        logger.info("Job %s: not there to be taken.", job_id)
        return
    connections.close_all()  # a connection cannot be shared by two processes
    child = os.fork()
    if child == 0:
        _live(job_id)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        logger.warning("Job %s: its process was ended by %s.", job_id, name)
        sweep()


def _live(job_id: UUID) -> None:
    """Be the job's process: never returns."""
    code = 1
    try:
        _leave_the_worker()
        _bear_name(f"engagement job {job_id}")
        execute(job_id)
        code = 0
    except BaseException:  # the last frame of a process: nobody is above
        logger.exception("Job %s: its process failed; the sweeper will take the job back.", job_id)
    finally:
        connections.close_all()
        logging.shutdown()
        os._exit(code)


def _leave_the_worker() -> None:
    """Cut what ties a forked process to the worker: session, signals, descriptors, broker."""
    from celery import current_app
    from kombu import pools

    os.setsid()
    for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(signum, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, _give_back)
    # The worker's pipes must not stay open here, or it would not notice that its child died. They
    # are replaced and not closed: their old owners in memory may yet close the same numbers.
    null = os.open(os.devnull, os.O_RDWR)
    for entry in list(Path("/proc/self/fd").iterdir()):
        number = int(entry.name)
        if number > 2 and number != null and entry.exists():
            os.dup2(null, number)
    current_app._after_fork()
    pools.reset()


def _bear_name(name: str) -> None:
    """Have ``ps`` show which job this process works at, instead of its worker's command line."""
    fields = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])  # arg_start, arg_end: see proc(5)
    if 0 < start < end:  # 0 where the kernel does not tell
        ctypes.memset(start, 0, end - start)
        ctypes.memmove(start, name.encode(), min(len(name), end - start - 1))


def _give_back(signum: int, frame: Any) -> None:
    shutdown.request_here()
