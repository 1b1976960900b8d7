"""Reads for the report pages."""

from __future__ import annotations

from typing import Any

from accounts.sharing import Category
from core import clock
from core.choices import JobState
from core.models import JobRun
from programmes.models import Location, Programme
from programmes.policy import EVIDENCE_READERS
from programmes.sharing import Shared
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.services import KIND

MOST_QUARTERS = 20


def quarters_of(programme: Programme) -> list[Quarter]:
    """Return the quarters that can be reported on, the present one first.

    From the quarter in which the programme began to the one of the business date.
    """
    last, first = Quarter.of(clock.today()), Quarter.of(programme.starts_on)
    found: list[Quarter] = []
    while last >= first and len(found) < MOST_QUARTERS:
        found.append(last)
        last = last.previous
    return found


def reports_on(subject: Location | Programme) -> list[ProgressReport]:
    """Return the reports on a location or a programme, the latest first."""
    field = "programme" if isinstance(subject, Programme) else "location"
    return list(
        ProgressReport.objects.filter(**{field: subject})
        .select_related("pdf", "job__requested_by", "location", "programme")
        .order_by("-created_at")
    )


def may_read_annex(*, user: Any, report: ProgressReport, shared: Shared) -> bool:
    """Say whether a person may read a report's annex.

    Whoever reads evidence where the report belongs, and is covered for the sensitive notes of every
    agency whose information is in it. ``shared`` is what the person is covered for there.
    """
    if report.annex_id is None:
        return False
    rows = ProgressReport.objects.filter(pk=report.pk)
    reads = any(rows.visible_to(user, right).exists() for right in EVIDENCE_READERS)
    return reads and all(
        shared.covers(Category.SENSITIVE_NOTES, owner) for owner in report.annex_owners
    )


def open_jobs(subject: Location | Programme) -> list[JobRun]:
    """Return the reports that are being built."""
    return list(
        JobRun.objects.filter(
            kind=KIND, params__id=str(subject.pk), state__in=JobState.open_states()
        ).order_by("created_at")
    )
