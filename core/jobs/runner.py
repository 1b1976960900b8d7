"""Executes a job: claims it, runs its kind, writes down how it ended."""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, ledger
from core.choices import JobState
from core.errors import HouseError, NotAllowed
from core.history import because
from core.jobs import claims, registry
from core.jobs.errors import JobCancelled, JobFailed, JobReleased, LeaseLost
from core.jobs.handle import JobHandle, JobResult, work_folder
from core.jobs.heartbeat import Heartbeat
from core.jobs.requests import DENIED_TEXT, require_requester
from core.models import JobRun

logger = logging.getLogger("core.jobs")


def run_claimed(run: JobRun, *, own: bool = False) -> None:
    """Execute a job that this process has claimed.

    ``own``: for a command, which gets the job's own error raised, after one attempt. Otherwise
    every end is written down and nothing is raised but faults of the house itself.
    """
    token = run.token
    assert token is not None
    with ExitStack() as stack:
        # Inside a transaction (a command's, a test's) no other connection sees the row, so there
        # is nothing to keep alive and nobody who could take it.
        heartbeat = (
            None if connection.in_atomic_block else stack.enter_context(Heartbeat(run.pk, token))
        )
        stack.enter_context(clock.business_date(run.business_date))
        stack.enter_context(translation.override(run.language or settings.LANGUAGE_CODE))
        stack.enter_context(because(by=run.requested_by))
        stack.enter_context(ledger.by_way_of("job", number=run.pk, by=run.requested_by))
        try:
            require_requester(run)
            result = _run_kind(run, JobHandle(run, token, heartbeat))
        except JobCancelled:
            claims.finish(run.pk, token, **_stopped(run))
        except JobReleased:
            logger.info("Job %s: given back, the worker is shutting down.", run.pk)
            claims.put_back(run.pk, token)
            return
        except LeaseLost:
            logger.warning("Job %s: another worker has taken over.", run.pk)
            return
        except NotAllowed as error:
            claims.finish(run.pk, token, state=JobState.DENIED, error=str(error))
            _tidy(run)
            if own:
                raise
        except HouseError as error:
            claims.finish(run.pk, token, state=JobState.FAILED, error=str(error))
            _tidy(run)
            if own:
                raise
        except KeyboardInterrupt:
            claims.finish(run.pk, token, state=JobState.CANCELLED)
            _tidy(run)
            raise
        except Exception:
            logger.exception(
                "Job %s (%s), reference %s: attempt %s ended in an unexpected error.",
                run.pk,
                run.kind,
                claims.reference(run.pk),
                run.attempts,
            )
            _note_fault(run, token, final=own)
            if own:
                _tidy(run)
                raise
        else:
            kept = claims.finish(
                run.pk,
                token,
                state=JobState.SUCCEEDED,
                result=result.summary,
                url=result.url,
                file_id=result.file.pk if result.file else None,
            )
            if not kept:
                logger.warning("Job %s: finished, but another worker has taken over.", run.pk)
                return
        _tidy(run)


def execute(job_id: uuid.UUID) -> bool:
    """Claim a job and execute it; False if it was not there to be taken (a doubled message)."""
    run = claims.claim(job_id)
    if run is None:
        return False
    logger.info("Job %s (%s): attempt %s.", run.pk, run.kind, run.attempts)
    run_claimed(run)
    return True


def run_now(job_run: JobRun) -> JobRun:
    """Execute a job in this process and return its ended row; for management commands.

    If a worker has it already, waits for that. Raises the job's own error; JobFailed with the
    requester's text if it failed or was cancelled elsewhere.
    """
    while True:
        run = claims.claim(job_run.pk, at_once=True)
        if run is not None:
            run_claimed(run, own=True)
        job_run.refresh_from_db()
        if job_run.state == JobState.SUCCEEDED:
            return job_run
        if not job_run.is_open:
            raise JobFailed(job_run.error or _("The job was cancelled."))
        time.sleep(0.3)  # another process has it: look again, without haste


def _run_kind(run: JobRun, handle: JobHandle) -> JobResult:
    kind = registry.find(run.kind)
    if kind is None:
        raise HouseError(_("This work is no longer offered."))
    result: Any = kind.run(handle)
    if not isinstance(result, JobResult):
        raise TypeError(f"{run.kind} returned {type(result).__name__}, not a JobResult.")
    return result


def _stopped(run: JobRun) -> dict[str, Any]:
    """Return how a job that was told to stop ends: denied if nobody may have its result now."""
    try:
        require_requester(run)
    except NotAllowed:
        return {"state": JobState.DENIED, "error": str(DENIED_TEXT)}
    return {"state": JobState.CANCELLED}


def _note_fault(run: JobRun, token: uuid.UUID, *, final: bool) -> None:
    """Write down an unexpected error: try again later, or give up; the traceback is in the log."""
    failures = run.failures + 1
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    if not final and failures < run.max_attempts:
        claims.put_back(run.pk, token, after=claims.back_off(failures))
        return
    text = _(
        "Something went wrong on our side, and trying again did not help. Nothing was half "
        "saved. Please give the administrator the reference %(reference)s."
    ) % {"reference": claims.reference(run.pk)}
    claims.finish(run.pk, token, state=JobState.FAILED, error=text, failed_attempt=True)


def _tidy(run: JobRun) -> None:
    """Remove the work folder of an ended job."""
    ended = not JobRun.objects.open().filter(pk=run.pk).exists()
    if ended:
        shutil.rmtree(work_folder(run.pk), ignore_errors=True)
