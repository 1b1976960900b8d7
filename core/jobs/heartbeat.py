"""Keeps the lease of a running job alive, from a thread with its own database connection."""

from __future__ import annotations

import logging
import threading
import time
import uuid

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from core.jobs import claims

logger = logging.getLogger("core.jobs")

LOOK_EVERY = 1.0  # seconds between looks at whether the job shall be cancelled


class Heartbeat:
    """Renews the lease, carries progress out of long transactions, hears of cancelling.

    ``lost`` and ``cancelled`` are read by the working thread. A database that is away for a while
    is borne until the lease runs out: then the job may be somebody else's.
    """

    def __init__(self, job_id: uuid.UUID, token: uuid.UUID) -> None:
        self.lost = False
        self.cancelled = False
        self._job_id, self._token = job_id, token
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._report: tuple[int, int, str] | None = None
        self._beaten = time.monotonic()  # the claim was the first beat
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat {job_id}", daemon=True)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def report(self, done: int, total: int, stage: str) -> None:
        """Have progress written from here, where no transaction holds it back."""
        with self._lock:
            self._report = (done, total, stage)
        self._wake.set()

    def _run(self) -> None:
        try:
            while True:
                self._wake.wait(LOOK_EVERY)
                if self._stop.is_set():
                    return
                self._wake.clear()
                self._beat()
                if self.lost:
                    return
        finally:
            connection.close()

    def _beat(self) -> None:
        with self._lock:
            report, self._report = self._report, None
        try:
            if report and not claims.report(self._job_id, self._token, *report):
                self.lost = True
                return
            if time.monotonic() - self._beaten >= settings.JOB_HEARTBEAT_SECONDS:
                claims.beat(self._job_id, self._token)
                self._beaten = time.monotonic()
            answer = claims.look(self._job_id, self._token)
        except (DatabaseError, InterfaceError):
            logger.warning(
                "Job %s: the heartbeat could not be written.", self._job_id, exc_info=True
            )
            connection.close()
            return
        self.lost = answer is None
        self.cancelled = bool(answer)
