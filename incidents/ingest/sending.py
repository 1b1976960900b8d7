"""Street files sent from a page: kept, and taken in by a job in the sender's name."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import files
from core.files import Kinds
from core.jobs import request_job
from core.models import JobRun, StoredFile
from programmes.models import Location

KIND = "incidents.street"


@transaction.atomic
def request_street_import(
    *, location: Location, file: Any, keep_good: bool, by: Any, deliver: bool = True
) -> JobRun:
    """Keep an uploaded zip or CSV file and ask for the job that takes it in; return the job.

    ``location`` is the one on whose page it was sent: who may import there is asked again by the
    job. The same bytes again, while their job is open, find that job. Raises core.errors.Refused
    for a file that is empty, too large or not what its name says.
    """
    stored = files.store(file, name=file.name, accept=Kinds.ZIP | Kinds.CSV)
    job = request_job(
        kind=KIND,
        key=f"{location.pk}:{stored.sha256}:{keep_good:d}",
        params={"location": str(location.pk), "file": str(stored.pk), "keep_good": keep_good},
        by=by,
        title=_("Street data: %(name)s") % {"name": stored.name},
        deliver=deliver,
    )
    if job.params["file"] != str(stored.pk):
        drop_file(stored.pk)
    return job


def drop_file(pk: Any) -> None:
    """Forget a file that was taken in; its bytes go with the files that belong to no row."""
    StoredFile.objects.filter(pk=pk).delete()
