"""A real worker process on the test's database, to be killed and started again."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection


def database_url() -> str:
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    return (
        f"postgis://{quote(values['USER'])}{password}@/{values['NAME']}"
        f"?host={values['HOST'] or 'localhost'}"
    )


def redis_url() -> str:
    """The tests' Redis, in a numbered database that nothing else uses."""
    base = re.sub(r"\?db=\d+", "", settings.REDIS_URL)
    return f"{base}?db=15" if base.startswith("unix:") else re.sub(r"/\d+$", "/15", base)


def die_with_the_tests() -> None:
    """A test run that is killed must leave no worker on its database (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class LiveWorker:
    """One worker with its scheduler inside, in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "worker.log"
        self.starts = 0
        self.process: subprocess.Popen[bytes] | None = None
        redis.Redis.from_url(redis_url()).flushdb()

    def start(self) -> None:
        self.starts += 1
        env = {
            **os.environ,
            "ENGAGEMENT_MODE": "test",
            "ENGAGEMENT_VAR": str(self.folder),
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url(),
            "JOB_SWEEP_SECONDS": "1",
            "JOB_HEARTBEAT_SECONDS": "1",
        }
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "engagement",
                    "worker",
                    "--beat",
                    "--schedule",
                    str(self.folder / "schedule"),
                    "--include",
                    "tests.core.job_kinds",
                    "--loglevel",
                    "INFO",
                    "--concurrency",
                    "2",
                    "--without-gossip",
                    "--without-mingle",
                ],
                stdout=output,
                stderr=output,
                env=env,
                cwd=settings.BASE_DIR,
                start_new_session=True,
                preexec_fn=die_with_the_tests,  # noqa: PLW1509  # one system call, no locks
            )

    def ready(self) -> bool:
        return self.log.read_text().count(" ready.") >= self.starts

    def kill(self) -> None:
        """SIGKILL to the worker and its whole process group, as an unfriendly system would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """SIGTERM to the worker, as a deployment would."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=20)


def wait_for(condition, seconds: float, what: str):
    """Wait until ``condition()`` is true and return it; fail with ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"Not within {seconds} s: {what}")
