"""What Celery calls. Each takes an id or nothing, and may be called twice."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task

from core.exports import jobs as _exports  # noqa: F401  # declares its kind of job
from core.tabular import jobs as _tables  # noqa: F401  # declares its kinds of jobs

logger = logging.getLogger("core.jobs")


@shared_task(name="core.run_job")
def run_job(job_id: str) -> None:
    """Execute a job in a process of its own, if it is still there to be taken."""
    from core.jobs.process import execute_apart

    execute_apart(UUID(job_id))


@shared_task(name="core.sweep_jobs")
def sweep_jobs(*, starting: bool = False) -> None:
    """Take back lost jobs and deliver waiting ones."""
    from core.jobs.sweep import sweep

    done = sweep(starting=starting)
    if done.taken_back or done.delivered:
        logger.info("Sweep: %s taken back, %s delivered.", done.taken_back, done.delivered)


@shared_task(name="core.run_due")
def run_due() -> None:
    """Run what falls due on today's business date, unless that was done already."""
    from core import clock, due

    for outcome in due.run_due(clock.today()):
        logger.info("Fell due: %s: %s.", outcome.name, outcome.outcome)


@shared_task(name="core.seal_ledger")
def seal_ledger() -> None:
    """Put what is final in the ledger under a seal; harmless when two do it at once."""
    from core.ledger.seals import seal

    made = seal()
    if made is not None:
        logger.info("Ledger: seal %s over %s entries.", made.number, made.entries)


@shared_task(name="core.tidy")
def tidy() -> None:
    """Remove what no row speaks of: files of rolled-back transactions, old work folders."""
    from core import files
    from core.exports.services import remove_old_files
    from core.jobs.sweep import remove_old_folders
    from core.tabular.services import forget_old_tables

    logger.info("Removed %s lists and %s tables.", remove_old_files(), forget_old_tables())
    logger.info(
        "Removed %s files and %s work folders.", files.remove_orphans(), remove_old_folders()
    )
