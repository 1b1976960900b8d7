"""The printed minutes of a meeting: asked for, made as a job, kept, mailed as a link.

Two files are kept. One names nobody who was there and is open to whoever sees the meeting; the
other names people, and is open to those whom agreements and consents let read all of these names
at the moment of reading.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.files import Kinds
from core.history import because
from core.jobs import request_job
from core.models import JobRun, StoredFile
from core.pdf import render_pdf
from core.screen import day
from delivery.choices import MeetingState
from delivery.models import Meeting
from delivery.selectors.groups import Naming
from delivery.selectors.minutes import Print, may_read_names, named_in_print
from delivery.services.meeting_mail import mail_minutes
from programmes.policy import require

KIND = "delivery.make_minutes"


def request_minutes(*, meeting: Meeting, by: Any, deliver: bool = True) -> JobRun:
    """Ask for the printed minutes of a meeting that was held; return the job.

    While they are being made the same job is returned. Raises core.errors.NotAllowed, Refused
    (the meeting is not closed yet).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    if meeting.state != MeetingState.HELD:
        raise Refused(_("Close the meeting first: minutes are of a meeting that was held."))
    return request_job(
        kind=KIND,
        key=str(meeting.pk),
        params={"meeting": str(meeting.pk)},
        by=by,
        title=_("Minutes: %(title)s, %(day)s")
        % {"title": meeting.title, "day": day(meeting.held_on)},
        deliver=deliver,
    )


def pdf_of(printed: Print, *, named: bool) -> bytes:
    """Return the minutes as a tagged PDF."""
    html = render_to_string(
        "delivery/meetings/minutes_pdf.html",
        {
            "title": _("Minutes: %(title)s") % {"title": printed.title},
            "subtitle": f"{printed.location}, {day(printed.held_on)}",
            "marking": Marking.OFFICIAL.label,
            "produced_line": _("Made on %(day)s") % {"day": day(clock.today())},
            "print": printed,
            "record": printed.record,
            "named": named,
        },
    )
    return render_pdf(html, marking=Marking.OFFICIAL.label)


@transaction.atomic
def keep_minutes(*, meeting: Meeting, plain: Path, named: Path, fingerprint: str, by: Any) -> str:
    """Keep both files with their meeting, and say whose names stand in them; return the id.

    ``by`` None is the house. Their rights were checked when it was asked for, and by the job.
    """
    stored = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    name = f"minutes-{slugify(stored.title)[:60]}-{stored.held_on:%Y-%m-%d}"
    stored.minutes = files.store(plain, name=f"{name}-without-names.pdf", accept=Kinds.PDF)
    stored.minutes_named = files.store(named, name=f"{name}.pdf", accept=Kinds.PDF)
    stored.named_agencies, stored.named_consents = named_in_print(stored)
    stored.minutes_on, stored.minutes_digest = clock.today(), fingerprint
    with because(by=by):
        # The version counts what people edit: making a file must not refuse a save.
        stored.save(
            update_fields=[
                "minutes",
                "minutes_named",
                "named_agencies",
                "named_consents",
                "minutes_on",
                "minutes_digest",
                "updated_at",
            ]
        )
    return str(stored.pk)


@transaction.atomic
def send_minutes(*, meeting: Meeting, by: Any) -> int:
    """Mail the link to the minutes to those who were invited and may open it; return how many.

    Raises core.errors.NotAllowed, Refused (there are no minutes yet).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    if meeting.minutes_on is None:
        raise Refused(_("Make the minutes first."))
    with because(by=by):
        return mail_minutes(meeting)


def minutes_for(meeting: Meeting, naming: Naming) -> StoredFile | None:
    """Return the file that a reader may have; None while there are no minutes."""
    if meeting.minutes_named is not None and may_read_names(meeting, naming):
        return meeting.minutes_named
    return meeting.minutes
