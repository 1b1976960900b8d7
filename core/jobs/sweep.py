"""The sweeper: what died is taken back, what nobody was told of is told again."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from core.choices import JobState
from core.jobs import claims, dispatch, workers
from core.models import JobRun

logger = logging.getLogger("core.jobs")

FOLDER_AGE = 3600.0  # seconds: a folder may be made just before its job's row is seen


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    taken_back: int
    delivered: int


def sweep(*, starting: bool = False) -> Swept:
    """Take back lost jobs and deliver waiting ones.

    ``starting``: a worker has just come up, so messages that its predecessor had in hand may be
    gone; every waiting job is delivered again (a doubled message is harmless).
    """
    taken = claims.take_back(JobRun.objects.filter(lease_until__lt=Now()))
    taken += claims.take_back(JobRun.objects.filter(worker__in=_dead_workers()))
    return Swept(len(taken), _deliver_waiting(everything=starting))


def _dead_workers() -> list[str]:
    """Return holders of leases that ran on this host and are gone: no need to wait for the end."""
    here = JobRun.objects.filter(state=JobState.RUNNING, worker__startswith=f"{workers.host()}/")
    return [worker for worker in here.values_list("worker", flat=True) if workers.is_dead(worker)]


def _deliver_waiting(*, everything: bool) -> int:
    due = Q(not_before__isnull=True) | Q(not_before__lte=Now())
    waiting = JobRun.objects.filter(due, state=JobState.QUEUED).order_by("created_at")
    if not everything:
        again = dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
        waiting = waiting.filter(Q(dispatched_at__isnull=True) | Q(dispatched_at__lt=Now() - again))
    with transaction.atomic():
        # Marked before they are sent, so that two sweepers do not send the same.
        rows = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:500])
        JobRun.objects.filter(pk__in=rows).update(dispatched_at=Now())
    for number, pk in enumerate(rows):
        if not dispatch.deliver(pk):
            JobRun.objects.filter(pk__in=rows[number:], state=JobState.QUEUED).update(
                dispatched_at=None
            )
            return number
    return len(rows)


def remove_old_folders() -> int:
    """Remove work folders of jobs that have ended (their worker may have died in between)."""
    root = Path(settings.VAR_DIR) / "jobs"
    removed = 0
    if not root.is_dir():
        return 0
    for folder in root.iterdir():
        try:
            job_id = UUID(folder.name)
        except ValueError:
            continue
        if time.time() - folder.stat().st_mtime < FOLDER_AGE:
            continue
        if not JobRun.objects.open().filter(pk=job_id).exists():
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
