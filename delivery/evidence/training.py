"""Attendance at training sessions, by agency."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from core import clock
from delivery.models import TrainingAttendance
from programmes.counting import CountedRows


def _rows() -> QuerySet[Any]:
    """Return who came from an agency to sessions that were held."""
    return TrainingAttendance.objects.filter(
        session__held_on__lte=clock.today(), agency__isnull=False
    )


def _words(count: int) -> str:
    return ngettext(
        "People of %(count)d agency came", "People of %(count)d agencies came", count
    ) % {"count": count}


ATTENDANCE = CountedRows(
    key="training-attendance",
    rows=_rows,
    words=_words,
    url_name="delivery:training-list",
    location="session__location",
    date="session__held_on",
    count=Count("agency", distinct=True),
    make_url_name="delivery:training-list",
    make_label=_("Record who came to a session"),
    make_permission=Permission.DELIVERY_RECORD,
)
