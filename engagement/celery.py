"""The Celery application: it executes and wakes jobs, whose truth is `core.JobRun`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")

app = Celery("engagement")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def schedule(sender: Celery, **kwargs: Any) -> None:
    """Say what the scheduler wakes, and when."""
    from django.conf import settings

    every = float(settings.JOB_SWEEP_SECONDS)
    sender.conf.beat_schedule = {
        # A sweep that could not be executed before the next one is due is not needed any more.
        "sweep": {"task": "core.sweep_jobs", "schedule": every, "options": {"expires": every}},
        "seal": {"task": "core.seal_ledger", "schedule": 60.0, "options": {"expires": 60.0}},
        "due": {
            "task": "core.run_due",
            "schedule": crontab(minute="*/10"),
            "options": {"expires": 600},
        },
        "tidy": {"task": "core.tidy", "schedule": crontab(hour="3", minute="20")},
    }
    sender.conf.beat_schedule_filename = str(settings.VAR_DIR / "scheduler")


@celeryd_init.connect
def worker_settings(conf: Any, **kwargs: Any) -> None:
    """Give a worker's own connections more patience than a page's: it waits for messages."""
    from core.jobs import shutdown

    shutdown.forget()  # makes the shared byte before any child is forked
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": 5}


@worker_ready.connect
def take_over(**kwargs: Any) -> None:
    """Continue what the worker before this one left, at once."""
    from core.tasks import sweep_jobs

    sweep_jobs.delay(starting=True)


@worker_shutting_down.connect
def give_back(**kwargs: Any) -> None:
    """Have running jobs given back at their next check, for the next worker to continue."""
    from core.jobs import shutdown

    shutdown.request()
