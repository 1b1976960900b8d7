"""Reads for the report pages."""

from __future__ import annotations

from core import clock
from core.choices import JobState
from core.models import JobRun
from programmes.models import Location, Programme
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


def open_jobs(subject: Location | Programme) -> list[JobRun]:
    """Return the reports that are being built."""
    return list(
        JobRun.objects.filter(
            kind=KIND, params__id=str(subject.pk), state__in=JobState.open_states()
        ).order_by("created_at")
    )
