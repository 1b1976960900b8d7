"""The job that takes a feed's file in, and what falls due about files that nobody took in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.due import due
from core.jobs import JobHandle, JobResult, job
from core.models import DataImport
from incidents.feeds import sending
from incidents.feeds.mapping import mapping_from
from incidents.feeds.taking import take_feed_file
from incidents.models import Feed
from incidents.packages.recipe import month_start


@job(kind=sending.KIND, title=gettext_lazy("File of a feed"))
def take_in(run: JobHandle) -> JobResult:
    """Take in a file that was sent from a page, in the sender's name; then forget the file."""
    feeds = Feed.objects.select_related("programme")
    if run.requested_by is not None:
        feeds = feeds.visible_to(run.requested_by, Permission.DATA_IMPORT)
    feed = run.require(feeds.filter(pk=run.params["feed"]))
    # May run again after a kill: the same file again is no change.
    account = run.checkpoint("account", lambda: _take(run, feed))
    with transaction.atomic():
        for sent in DataImport.objects.filter(pk=run.params["sent"], kind=sending.SENT):
            sending.forget(sent)
    return JobResult(
        summary=account,
        url=reverse("incidents:feed-file", args=[feed.programme.slug, feed.slug, account["file"]]),
    )


def _take(run: JobHandle, feed: Feed) -> dict[str, Any]:
    sent = run.require(DataImport.objects.filter(pk=run.params["sent"], kind=sending.SENT))
    run.progress(0, 0, _("Reading the file"))
    taken = take_feed_file(
        feed=feed,
        name=sent.file_name,
        content=sending.content_of(sent),
        mapping=mapping_from(run.params["mapping"], feed.title),
        first_month=month_start(run.params["first"]),
        last_month=month_start(run.params["last"]),
        keep_good=run.params["keep_good"],
        by=run.requested_by,
        progress=run.progress,
    )
    assert taken.file is not None
    return {**taken.as_summary(), "file": str(taken.file.pk)}


@due("feeds-unsent", order=80)
def forget_unsent(on: dt.date) -> object:
    """Forget files that were sent and not taken in for a week."""
    return _("%(count)s files forgotten") % {"count": sending.forget_unsent()}
