"""The kinds of jobs there are; each app declares its own in ``tasks.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from core.jobs.handle import JobHandle, JobResult

Run = Callable[["JobHandle"], "JobResult"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its name, how it is called on screen, how often it may fail, what it does."""

    name: str
    title: str
    max_attempts: int
    run: Run


_kinds: dict[str, Kind] = {}


def job(*, kind: str, title: object, max_attempts: int = 5) -> Callable[[Run], Run]:
    """Return a decorator that makes a function a kind of job.

    ``kind`` is "<app>.<verb>"; ``title`` (translatable) stands on the jobs page where the request
    names none; ``max_attempts`` counts attempts that end in an unexpected exception. The function
    may run again after it was cut off anywhere: it keeps what it has done in checkpoints
    (``JobHandle.checkpoint``, ``file``, ``once``).

    Raises ImproperlyConfigured for a kind that another function has already.
    """

    def register(run: Run) -> Run:
        there = _kinds.get(kind)
        if there is not None and _address(there.run) != _address(run):
            raise ImproperlyConfigured(
                f"Two functions claim the job kind {kind}: {_address(there.run)} "
                f"and {_address(run)}."
            )
        _kinds[kind] = Kind(kind, title, max_attempts, run)  # type: ignore[arg-type]  # lazy text
        return run

    return register


def find(kind: str) -> Kind | None:
    """Return a kind by its name; None if no installed app has it."""
    if kind not in _kinds:
        load_tasks()
    return _kinds.get(kind)


def load_tasks() -> None:
    """Import ``tasks.py`` of every installed app, which registers its kinds."""
    for config in apps.get_app_configs():
        name = f"{config.name}.tasks"
        if find_spec(name) is not None:
            import_module(name)


def _address(run: Run) -> str:
    return f"{run.__module__}.{run.__qualname__}"
