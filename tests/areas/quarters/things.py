"""Quarters for the matrix: words at Leominster and at Redditch, a report on the whole programme.

The neighbour's words of one quarter are all there and wait for who approves them at Redditch.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from reports.models import ProgressReport, QuarterNarrative
from tests.factories.core import StoredFileFactory

SECRETS = {
    "own-quarter-q7": {
        "analyst",
        "leader",
        "coordinator",
        "manager",
        "other_agency",
        "lapsed",
        "covered",
        "teme",
    },
    "neighbours-quarter-q7": {"neighbour"},
    "/redditch-town/reports/2023-24-Q3/": {"neighbour"},
}


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Return the words of a quarter at Leominster, not approved."""
    return [
        QuarterNarrative.objects.create(
            location=people.location, quarter="2023-24-Q4", impact="own-quarter-q7"
        )
    ]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return what the placeholders stand for; makes the report on the programme as a whole."""
    report = ProgressReport.objects.create(
        programme=made["programmes.Programme"],
        quarter="2023-24-Q4",
        figures={},
        fingerprint="0" * 64,
        built_on=dt.date(2024, 6, 1),
        html=StoredFileFactory(name="report.html"),
        pdf=StoredFileFactory(name="report.pdf"),
    )
    return {"programme_report_id": report.pk}


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at Redditch."""
    QuarterNarrative.objects.create(
        location=cast.people.other_location, quarter="2023-24-Q4", impact="neighbours-quarter-q7"
    )
    QuarterNarrative.objects.create(
        location=cast.people.other_location,
        quarter="2023-24-Q3",
        impact="Done",
        learning="Learned",
        next_quarter="To do",
    )
    return {}
