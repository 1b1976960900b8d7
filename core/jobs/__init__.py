"""Jobs as rows: the row in PostgreSQL is the truth, Celery and Redis only carry and wake it.

A kind of job is a function in an app's ``tasks.py``::

    @job(kind="incidents.build_data_package", title=_("Data package"))
    def build_data_package(job: JobHandle) -> JobResult: ...

Pages ask for it with ``request_job`` inside their transaction; commands execute it themselves with
``run_now``. Why it is built this way: docs/adr/0001-a-job-is-a-row.md.
"""

from core.jobs.errors import JobCancelled, JobFailed, JobReleased, LeaseLost
from core.jobs.handle import JobHandle, JobResult
from core.jobs.registry import job
from core.jobs.requests import deny_jobs_of, request_cancel, request_job
from core.jobs.runner import run_now

__all__ = [
    "JobCancelled",
    "JobFailed",
    "JobHandle",
    "JobReleased",
    "JobResult",
    "LeaseLost",
    "deny_jobs_of",
    "job",
    "request_cancel",
    "request_job",
    "run_now",
]
