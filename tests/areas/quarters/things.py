"""The words of quarters for the matrix: a draft at Leominster, one at Redditch."""

from __future__ import annotations

from typing import Any

from reports.models import QuarterNarrative

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
}


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Return the words of a quarter at Leominster, not approved."""
    return [
        QuarterNarrative.objects.create(
            location=people.location, quarter="2023-24-Q4", impact="own-quarter-q7"
        )
    ]


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at Redditch."""
    QuarterNarrative.objects.create(
        location=cast.people.other_location, quarter="2023-24-Q4", impact="neighbours-quarter-q7"
    )
    return {}
