"""A feed's file on its way: kept for its sender while they look at it, then taken in by a job.

The file as it came may hold names. It is its sender's alone until it is taken in, and is forgotten
then; one that is not taken in is forgotten after a week.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock, files
from core.errors import Refused
from core.files import Kinds
from core.jobs import request_job
from core.models import DataImport, JobRun, StoredFile
from incidents.feeds.mapping import Mapping, mapping_from
from incidents.feeds.rows import opened
from incidents.feeds.taking import check_months, hiding
from incidents.models import Feed
from programmes.policy import require

KIND = "incidents.feed"
SENT = "feed-sent"
KEPT = dt.timedelta(days=7)


@transaction.atomic
def keep_file(*, feed: Feed, file: Any, by: Any) -> DataImport:
    """Keep an uploaded table for its sender to look at; an earlier one of theirs is forgotten.

    Raises NotAllowed, Refused for a file of another kind, BadInput for one without a heading.
    """
    require(by, Permission.DATA_IMPORT, feed.programme)
    stored = files.store(file, name=file.name, accept=Kinds.CSV | Kinds.XLSX | Kinds.JSON)
    with hiding(stored.name), opened(files.path_of(stored).read_bytes(), stored.name):
        pass
    for earlier in sent_by(feed, by):
        forget(earlier)
    return DataImport.objects.create(
        kind=SENT,
        file_name=stored.name,
        sha256=stored.sha256,
        imported_by=by,
        imported_on=clock.today(),
        summary={"feed": str(feed.pk), "file": str(stored.pk)},
    )


def sent_by(feed: Feed, by: Any) -> Any:
    """Return the files of a feed that a person has sent and not taken in, the latest first."""
    return DataImport.objects.filter(kind=SENT, imported_by=by, summary__feed=str(feed.pk))


def content_of(sent: DataImport) -> bytes:
    """Return the bytes of a file that was sent. Raises Refused if they are kept no more."""
    stored = StoredFile.objects.filter(pk=sent.summary["file"]).first()
    if stored is None:
        raise Refused(_("The file is not kept any more. Send it again."))
    return files.path_of(stored).read_bytes()


def remember(
    sent: DataImport, mapping: Mapping, first: dt.date | None, last: dt.date | None
) -> None:
    """Keep what its sender has said of a file so far."""
    sent.summary = {
        **sent.summary,
        "mapping": mapping.as_json(),
        "first": f"{first:%Y-%m}" if first else "",
        "last": f"{last:%Y-%m}" if last else "",
    }
    sent.save(update_fields=["summary", "updated_at"])


@transaction.atomic
def request_taking(
    *,
    feed: Feed,
    sent: DataImport,
    mapping: Mapping,
    first_month: dt.date,
    last_month: dt.date,
    keep_good: bool,
    by: Any,
    deliver: bool = True,
) -> JobRun:
    """Save the mapping with the feed and ask for the job that takes the file in; return the job.

    The same again, while the job is open, finds that job. Raises NotAllowed, Refused, BadInput.
    """
    require(by, Permission.DATA_IMPORT, feed.programme)
    if sent.imported_by_id != by.pk:
        raise Refused(_("Only who sent a file takes it in."))
    check_months(sent.file_name, first_month, last_month)
    remember(sent, mapping, first_month, last_month)
    save_mapping(feed, mapping)
    return request_job(
        kind=KIND,
        key=f"{sent.pk}:{first_month:%Y-%m}:{last_month:%Y-%m}:{keep_good:d}",
        params={
            "feed": str(feed.pk),
            "sent": str(sent.pk),
            "mapping": mapping.as_json(),
            "first": f"{first_month:%Y-%m}",
            "last": f"{last_month:%Y-%m}",
            "keep_good": keep_good,
        },
        by=by,
        title=_("%(feed)s: %(name)s") % {"feed": feed.title, "name": sent.file_name},
        deliver=deliver,
    )


def save_mapping(feed: Feed, mapping: Mapping) -> None:
    """Keep a mapping with its feed, if it is another than the one that is kept."""
    if feed.mapping != mapping.as_json():
        feed.mapping = mapping.as_json()
        feed.save_version(feed.version)


def saved_mapping(feed: Feed) -> Mapping:
    """Return the mapping kept with a feed; an empty one before the first file."""
    return mapping_from(feed.mapping, feed.title) if feed.mapping else Mapping()


def forget(sent: DataImport) -> None:
    """Forget a file that was sent, its bytes too as soon as the transaction ends."""
    for stored in StoredFile.objects.filter(pk=UUID(sent.summary["file"])):
        transaction.on_commit(partial(files.path_of(stored).unlink, missing_ok=True))
        stored.delete()
    sent.delete()


def forget_unsent() -> int:
    """Forget the files that nobody took in within a week; return how many."""
    old = list(DataImport.objects.filter(kind=SENT, created_at__lt=clock.now() - KEPT))
    for sent in old:
        forget(sent)
    return len(old)
