"""The job that prints the minutes of a meeting."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.jobs import JobHandle, JobResult, job
from delivery.models import Meeting
from delivery.selectors.minutes import print_of
from delivery.services import meeting_minutes

STAGES = 3


@job(kind=meeting_minutes.KIND, title=gettext_lazy("Minutes"))
def make_minutes(run: JobHandle) -> JobResult:
    """Print both files and keep them; the person's right is read anew."""
    rows = Meeting.objects.select_related("location__programme")
    if run.requested_by is not None:
        rows = rows.visible_to(run.requested_by, Permission.DELIVERY_RECORD)
    meeting = run.require(rows.filter(pk=run.params["meeting"]))
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, STAGES, _("Reading the record"))
        named, plain = print_of(meeting, named=True), print_of(meeting, named=False)
        run.progress(1, STAGES, _("Printing"))
        with_names = run.folder / "named.pdf"
        with_names.write_bytes(meeting_minutes.pdf_of(named, named=True))
        run.progress(2, STAGES, _("Printing without names"))
        without = run.folder / "plain.pdf"
        without.write_bytes(meeting_minutes.pdf_of(plain, named=False))
        run.once(
            "kept",
            lambda: meeting_minutes.keep_minutes(
                meeting=meeting,
                plain=without,
                named=with_names,
                fingerprint=named.fingerprint,
                by=run.requested_by,
            ),
        )
        run.progress(STAGES, STAGES, _("Done"))
    return JobResult(
        summary={"meeting": str(meeting.pk), "entries": named.record.number},
        url=f"{meeting.get_absolute_url()}minutes/",
    )
