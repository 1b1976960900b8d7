"""Waking a worker. The message carries only the job's id; losing or doubling it is harmless."""

from __future__ import annotations

import logging
import time
import uuid

from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from core.choices import JobState
from core.models import JobRun

logger = logging.getLogger("core.jobs")

QUIET_SECONDS = 5.0
_quiet_until = 0.0


def deliver(job_id: uuid.UUID) -> bool:
    """Tell the workers of a job; False if the broker does not take it (the sweeper will)."""
    from core.tasks import run_job

    try:
        run_job.delay(str(job_id))
    except (OperationalError, OSError) as error:
        logger.warning("Job %s: the broker is away (%s); the sweeper will deliver.", job_id, error)
        return False
    JobRun.objects.filter(pk=job_id, state=JobState.QUEUED).update(dispatched_at=Now())
    return True


def deliver_or_leave(job_id: uuid.UUID) -> None:
    """Deliver from a person's request: after a failure the broker is left in peace for 5 s.

    So a page that asks for many jobs, or many people, do not each wait for a broker that hangs.
    """
    global _quiet_until  # noqa: PLW0603  # one memory per process is what is meant
    if time.monotonic() < _quiet_until:
        return
    if not deliver(job_id):
        _quiet_until = time.monotonic() + QUIET_SECONDS
