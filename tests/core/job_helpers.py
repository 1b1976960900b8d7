"""What several tests of jobs do."""

import datetime as dt
import threading

from django.db import connection
from django.db.models.functions import Now

from core.models import DataImport, JobRun

A_DAY = dt.date(2024, 6, 25)


def in_threads(function, count: int) -> list:
    """Call ``function`` in threads that begin together; return what it returned or raised."""
    gate, results = threading.Barrier(count), []

    def work():
        gate.wait()
        try:
            results.append(function())
        except Exception as error:  # noqa: BLE001  # looked at by the test
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def make_row(name: str) -> str:
    return str(
        DataImport.objects.create(
            kind="tests", file_name=name, sha256="0" * 64, imported_on=A_DAY
        ).pk
    )


def expire(run: JobRun) -> None:
    JobRun.objects.filter(pk=run.pk).update(lease_until=Now() - dt.timedelta(seconds=1))
