"""What accounts do when the business date changes, and the mails that wait for nobody."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from accounts.grants import derive_all
from accounts.models import User
from accounts.reset import mail_reset_link
from core.due import due
from core.jobs import JobHandle, JobResult, job


@due("grants", order=10)
def grants_of_the_day(on: dt.date) -> str:
    """Let roles begin and end with this date, before all else that is due."""
    return f"{derive_all(on)} grants changed"


@job(kind="accounts.mail_reset", title=_("Mail to set a new password"))
def mail_reset(handle: JobHandle) -> JobResult:
    """Mail the link to set a new password; without a person (an unknown address) do nothing.

    A job, so that the answer to whoever asked takes as long for known as for unknown addresses.
    """
    person = User.objects.filter(pk=handle.params["user"] or None).first()
    if person is not None:
        handle.once("mail", lambda: mail_reset_link(person))
    return JobResult()
