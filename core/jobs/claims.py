"""Every change of a job's state: one statement or one short transaction, by PostgreSQL's clock.

``token`` is the fencing token: each claim makes a new one, and every write asks for it. A worker
that was cut off, slept or lost the network finds its token gone and can write nothing more.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from core.choices import JobState
from core.jobs import workers
from core.jobs.errors import JobCancelled, LeaseLost
from core.models import JobRun

LOST_LEASES_MAX = 100
LOST_LEASES_QUICK = 20  # that often the next attempt comes at once; then ever later
BACK_OFF_MAX = dt.timedelta(minutes=5)


def lease() -> dt.timedelta:
    """Return how long a claim holds without a heartbeat."""
    return dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)


def claim(job_id: uuid.UUID, *, at_once: bool = False) -> JobRun | None:
    """Take a waiting job for this process; None if it is not there to be taken.

    One conditional UPDATE: of any number of claims at once exactly one changes the row. A job
    whose lease has run out is put back first. ``at_once`` does not wait out a back-off.
    """
    take_back(JobRun.objects.filter(pk=job_id, lease_until__lt=Now()))
    token = uuid.uuid4()
    due = Q() if at_once else Q(not_before__isnull=True) | Q(not_before__lte=Now())
    taken = JobRun.objects.filter(due, pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        token=token,
        worker=workers.identity(),
        attempts=F("attempts") + 1,
        started_at=Coalesce(F("started_at"), Now()),
        lease_until=Now() + lease(),
        heartbeat_at=Now(),
        not_before=None,
        updated_at=Now(),
    )
    return JobRun.objects.select_related("requested_by").get(pk=job_id) if taken else None


def beat(job_id: uuid.UUID, token: uuid.UUID) -> bool:
    """Renew the lease; False if it is lost."""
    return bool(_mine(job_id, token).update(lease_until=Now() + lease(), heartbeat_at=Now()))


def look(job_id: uuid.UUID, token: uuid.UUID) -> bool | None:
    """Return whether the job shall be cancelled; None if the lease is lost."""
    return _mine(job_id, token).values_list("cancel_requested", flat=True).first()


def report(job_id: uuid.UUID, token: uuid.UUID, done: int, total: int, stage: str) -> bool:
    """Write progress; False if the lease is lost."""
    return bool(
        _mine(job_id, token).update(
            done=done,
            total=total,
            stage=stage[:200],
            lease_until=Now() + lease(),
            heartbeat_at=Now(),
            updated_at=Now(),
        )
    )


def fence(job_id: uuid.UUID, token: uuid.UUID) -> None:
    """Let the surrounding transaction commit only as the rightful attempt.

    An advisory lock, shared, held until the transaction ends; ``take_back`` needs it alone. A row
    lock would do the same, but would hold up the heartbeat and the progress of a long transaction.
    The lock comes first and the token is read after it, so that a take-over in between is seen.

    Raises LeaseLost, or JobCancelled.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_lock_key(job_id)])
    cancelled = look(job_id, token)
    if cancelled is None:
        raise LeaseLost
    if cancelled:
        raise JobCancelled


def keep(job_id: uuid.UUID, token: uuid.UUID, name: str, value: Any) -> None:
    """Store a checkpoint beside the others; inside the transaction of what it notes."""
    merged = RawSQL(
        "checkpoints || jsonb_build_object(%s::text, %s::jsonb)", [name, json.dumps(value)]
    )
    if not _mine(job_id, token).update(checkpoints=merged, updated_at=Now()):
        raise LeaseLost


def finish(
    job_id: uuid.UUID,
    token: uuid.UUID,
    *,
    state: JobState,
    error: str = "",
    result: dict[str, Any] | None = None,
    url: str = "",
    file_id: uuid.UUID | None = None,
    failed_attempt: bool = False,
) -> bool:
    """End the job for good; False if the lease is lost, and nothing was written."""
    changes: dict[str, Any] = {"error": error, "failures": F("failures") + int(failed_attempt)}
    if state == JobState.SUCCEEDED:
        changes |= {
            "result": result or {},
            "result_url": url,
            "result_file": file_id,
            "done": F("total"),
            "stage": "",
        }
    return bool(_mine(job_id, token).update(state=state, **changes, **_let_go(ended=True)))


def put_back(job_id: uuid.UUID, token: uuid.UUID, *, after: dt.timedelta | None = None) -> bool:
    """Give the job back to the queue: at once (shutting down), or ``after`` an unexpected error."""
    changes: dict[str, Any] = {}
    if after is not None:
        changes = {"failures": F("failures") + 1, "not_before": Now() + after}
    return bool(_mine(job_id, token).update(state=JobState.QUEUED, **changes, **_let_go()))


def take_back(candidates: Any) -> list[uuid.UUID]:
    """Take running jobs from workers that died; return those that wait again.

    ``candidates`` says which are thought lost. Those whose worker holds a fenced transaction at
    this moment are left: it may yet commit. What was asked to be cancelled is cancelled; what was
    lost too often is failed, because it probably kills its worker.
    """
    waiting: list[uuid.UUID] = []
    for pk in list(candidates.filter(state=JobState.RUNNING).values_list("pk", flat=True)):
        with transaction.atomic():
            row = (
                candidates.filter(pk=pk, state=JobState.RUNNING)
                .select_for_update(skip_locked=True)
                .first()
            )
            if row is None or not _alone(pk):
                continue
            lost = row.lost_leases + 1
            changes: dict[str, Any] = {"lost_leases": lost}
            if row.cancel_requested:
                changes |= {"state": JobState.CANCELLED, **_let_go(ended=True)}
            elif lost >= LOST_LEASES_MAX:
                changes |= {
                    "state": JobState.FAILED,
                    "error": _cut_off_text(row, lost),
                    **_let_go(ended=True),
                }
            else:
                late = dt.timedelta(seconds=min(60, 5 * max(0, lost - LOST_LEASES_QUICK)))
                changes |= {
                    "state": JobState.QUEUED,
                    **_let_go(),
                    "not_before": Now() + late if late else None,
                }
                waiting.append(pk)
            JobRun.objects.filter(pk=pk).update(**changes)
    return waiting


def back_off(failures: int) -> dt.timedelta:
    """Return how long to wait after the n-th unexpected error: 10 s, 20 s, 40 s … 5 min."""
    return min(dt.timedelta(seconds=10 * 2 ** min(failures - 1, 10)), BACK_OFF_MAX)


def reference(job_id: uuid.UUID) -> str:
    """Return the short reference that a person can quote and the log carries."""
    return str(job_id)[:8].upper()


def _mine(job_id: uuid.UUID, token: uuid.UUID) -> Any:
    return JobRun.objects.filter(pk=job_id, token=token, state=JobState.RUNNING)


def _let_go(*, ended: bool = False) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "token": None,
        "worker": "",
        "lease_until": None,
        "dispatched_at": None,
        "updated_at": Now(),
    }
    return changes | {"finished_at": Now(), "checkpoints": {}} if ended else changes


def _alone(job_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_key(job_id)])
        return bool(cursor.fetchone()[0])


def _lock_key(job_id: uuid.UUID) -> int:
    return int.from_bytes(job_id.bytes[:8], "big", signed=True)


def _cut_off_text(row: JobRun, times: int) -> str:
    return _(
        "The work was cut off %(times)s times before it could finish, so it was stopped. "
        "Try again with less data; if it happens again, give the administrator the reference "
        "%(reference)s."
    ) % {"times": times, "reference": reference(row.pk)}
