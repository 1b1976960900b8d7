"""What a kind of job holds while it runs: its parameters, and the only ways to write."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.jobs import claims, shutdown
from core.jobs.errors import JobCancelled, JobReleased, LeaseLost
from core.models import JobRun, StoredFile

if TYPE_CHECKING:
    from core.jobs.heartbeat import Heartbeat

Value = TypeVar("Value")

PROGRESS_EVERY = 0.4  # seconds: a bar need not move faster, and each write costs a row version


@dataclass(frozen=True, slots=True)
class JobResult:
    """What a finished job leaves: figures for commands, an address and a file for people."""

    summary: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    file: StoredFile | None = None


class JobHandle:
    """One attempt at a job.

    Everything that this attempt writes for good goes through ``fenced()`` or ``once()``: if
    another worker has taken over in the meantime, they raise LeaseLost and nothing is stored.
    """

    def __init__(self, run: JobRun, token: uuid.UUID, heartbeat: Heartbeat | None) -> None:
        self._run = run
        self._token = token
        self._heartbeat = heartbeat
        self._checkpoints: dict[str, Any] = dict(run.checkpoints)
        self._written = 0.0
        self._stage = run.stage

    @property
    def id(self) -> uuid.UUID:
        """The job's id."""
        return self._run.pk

    @property
    def params(self) -> dict[str, Any]:
        """What was asked for (JSON)."""
        return self._run.params

    @property
    def requested_by(self) -> Any:
        """The person who asked; None for the house itself. Check their rights again."""
        return self._run.requested_by

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._run.attempts

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Say how far the work is; seen at once, even from inside a long transaction.

        Raises what ``check()`` raises, so that a loop that reports progress can be cancelled.
        """
        self.check()
        stage = stage or self._stage
        now = time.monotonic()
        if stage == self._stage and done < total and now - self._written < PROGRESS_EVERY:
            return
        self._stage, self._written = stage, now
        if self._heartbeat is not None and connection.in_atomic_block:
            self._heartbeat.report(done, total, stage)  # on its own connection: not held back
        elif not claims.report(self.id, self._token, done, total, stage):
            raise LeaseLost

    def check(self) -> None:
        """Raise JobCancelled, LeaseLost or JobReleased if this attempt shall not go on.

        Costs nothing: looks at what the heartbeat and the worker have been told.
        """
        if self._heartbeat is not None:
            if self._heartbeat.lost:
                raise LeaseLost
            if self._heartbeat.cancelled:
                raise JobCancelled
        if shutdown.requested():
            raise JobReleased

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """Open a transaction that only the rightful attempt can commit.

        While it is open nobody can take the job over; if somebody has, raises LeaseLost (and
        JobCancelled if the job was cancelled) before anything is done.
        """
        with transaction.atomic():
            claims.fence(self.id, self._token)
            yield

    def checkpoint(self, name: str, compute: Callable[[], Value]) -> Value:
        """Return a small JSON value that is computed once in the life of the job.

        ``compute`` may run again if the worker dies before its value is stored, so it must not
        change the database: use ``once`` for that.
        """
        if name in self._checkpoints:
            return self._checkpoints[name]
        self.check()
        value = compute()
        with self.fenced():
            return self._keep(name, value)

    def once(self, name: str, change: Callable[[], Value]) -> Value:
        """Run a change of the database exactly once in the life of the job.

        ``change`` and the note that it happened are committed together, fenced: an attempt that
        comes after gets the stored (small, JSON) value without changing anything again.
        """
        if name in self._checkpoints:
            return self._checkpoints[name]
        self.check()
        with self.fenced():
            return self._keep(name, change())

    def file(self, name: str, write: Callable[[Path], object]) -> Path:
        """Return a file of the work folder, whole, that is written once.

        ``write`` gets a temporary path in the same folder; the file takes its name only when it
        is complete and on disk. The folder goes when the job has ended.
        """
        target = self.folder / name
        if not target.exists():
            self.check()
            half = target.with_name(f".{name}.{uuid.uuid4().hex}")
            write(half)
            with half.open("rb") as stream:
                os.fsync(stream.fileno())
            half.replace(target)
        return target

    @property
    def folder(self) -> Path:
        """The job's work folder, kept from attempt to attempt, removed when the job has ended."""
        path = work_folder(self.id)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def require(self, queryset: Any) -> Any:
        """Return the one row of a queryset scoped by ``visible_to``.

        Raises Refused if there is none: rights may have ended since the job was asked for.
        """
        found = queryset.first()
        if found is None:
            raise Refused(_("You no longer have access to what this job works on."))
        return found

    def _keep(self, name: str, value: Value) -> Value:
        # As JSON gives it back to a later attempt (tuples become lists): a resumed job must not
        # differ from an undisturbed one.
        plain = json.loads(json.dumps(value))
        claims.keep(self.id, self._token, name, plain)
        self._checkpoints[name] = plain
        return plain


def work_folder(job_id: uuid.UUID) -> Path:
    """Return where a job keeps its unfinished files."""
    return Path(settings.VAR_DIR) / "jobs" / str(job_id)
