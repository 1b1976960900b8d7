"""Asking for a job, and asking it to stop."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import clock
from core.choices import JobState
from core.errors import NotAllowed
from core.jobs import dispatch, registry
from core.models import JobRun

DENIED_TEXT = _("The person who asked for this may no longer sign in, so it was not made.")


def request_job(
    *,
    kind: str,
    key: str,
    params: dict[str, Any],
    by: Any,
    title: str = "",
    deliver: bool = True,
) -> JobRun:
    """Put a job into the queue, in the caller's transaction; return its row.

    While a job of the same kind and key is open, that one is returned (and ``by`` may see it), so
    ``key`` must name everything the result depends on. The worker is woken when the transaction
    commits; a broker that is away does not matter, the sweeper delivers. ``by`` may be None for
    the house itself. Commands that go on to ``run_now`` pass ``deliver=False``.

    Raises LookupError for a kind that no app has.
    """
    found = registry.find(kind)
    if found is None:
        raise LookupError(f"No app has the job kind {kind}.")
    person = by if by is not None and getattr(by, "pk", None) else None
    run = JobRun(
        kind=kind,
        key=key,
        title=(title or str(found.title))[:200],
        params=params,
        requested_by=person,
        max_attempts=found.max_attempts,
        business_date=clock.today(),
        language=translation.get_language() or "",
    )
    with transaction.atomic():
        while True:
            # Waits for another transaction that is putting the same in, then sees its row.
            JobRun.objects.bulk_create([run], ignore_conflicts=True)
            if JobRun.objects.filter(pk=run.pk).exists():
                if deliver:
                    transaction.on_commit(partial(dispatch.deliver_or_leave, run.pk))
                return JobRun.objects.get(pk=run.pk)
            there = JobRun.objects.open().filter(kind=kind, key=key).first()
            if there is not None:
                if person is not None and there.requested_by_id != person.pk:
                    there.followers.add(person)
                return there
            run.pk = uuid.uuid4()  # the other has ended in this moment: put ours in after all


def request_cancel(*, job: JobRun, by: Any) -> JobRun:
    """Stop a job: at once if it waits, at its next check if it runs; an ended one stays as it is.

    Raises NotAllowed for anybody but the person who asked for it.
    """
    if by is None or job.requested_by_id != by.pk:
        raise NotAllowed("Only the person who asked for a job can cancel it.")
    rows = JobRun.objects.filter(pk=job.pk)
    waiting = rows.filter(state=JobState.QUEUED).update(
        state=JobState.CANCELLED,
        cancel_requested=True,
        finished_at=Now(),
        updated_at=Now(),
        checkpoints={},
    )
    if not waiting:
        rows.filter(state=JobState.RUNNING).update(cancel_requested=True, updated_at=Now())
    job.refresh_from_db()
    return job


def require_requester(run: JobRun) -> None:
    """Raise NotAllowed if whoever asked for a job has lost their account.

    What the house itself asked for goes on, and so does a job that somebody else, whose account is
    open, has asked for as well. The account is read anew: it may have been closed a moment ago.
    """
    if run.requested_by_id is None:
        return
    people = get_user_model()._default_manager.filter(is_active=True)
    if people.filter(pk=run.requested_by_id).exists():
        return
    if not run.followers.filter(is_active=True).exists():
        raise NotAllowed(str(DENIED_TEXT))


def deny_jobs_of(user: Any) -> int:
    """End the open jobs of a person whose account was closed; return how many were touched.

    Waiting ones are denied at once, running ones at their next check. Jobs that somebody else has
    asked for as well go on.
    """
    own = JobRun.objects.open().filter(requested_by=user).exclude(followers__is_active=True)
    keys = list(own.values_list("pk", flat=True))
    waiting = JobRun.objects.filter(pk__in=keys, state=JobState.QUEUED).update(
        state=JobState.DENIED,
        error=str(DENIED_TEXT),
        cancel_requested=True,
        finished_at=Now(),
        updated_at=Now(),
        checkpoints={},
    )
    running = JobRun.objects.filter(pk__in=keys, state=JobState.RUNNING).update(
        cancel_requested=True, updated_at=Now()
    )
    return waiting + running
