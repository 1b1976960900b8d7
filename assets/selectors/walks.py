"""Walks and what was seen on them, as one reader sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from assets.choices import ObservationKind, ObservationTheme
from assets.models import Observation, VisualAudit
from assets.sight import sight_of
from programmes.models import Location

WALKS = VisualAudit.objects.select_related(
    "location__programme__lead_agency", "agency", "target_place", "recorded_by"
)
OBSERVATIONS = Observation.objects.select_related(
    "audit__location__programme__lead_agency",
    "audit__target_place",
    "agency",
    "target_place",
    "photo",
    "action",
    "recorded_by",
)


@dataclass(frozen=True, slots=True)
class WalkLine:
    """A walk in the list, with how much was seen."""

    walk: VisualAudit
    improve: int
    strengths: int


@dataclass(frozen=True, slots=True)
class WalkPage:
    """A walk with its observations, veiled; ``by_theme`` counts what is to be improved."""

    walk: VisualAudit
    observations: list[Observation]
    improve: int
    strengths: int
    by_theme: list[tuple[str, int]]


def walks_of(*, location: Location, user: Any) -> list[WalkLine]:
    """Return the walks at a location, the latest first; one query."""
    seen = Q(observations__withdrawn_on__isnull=True)
    rows = (
        WALKS.filter(location=location)
        .visible_to(user)
        .annotate(
            improve=Count(
                "observations", filter=seen & Q(observations__kind=ObservationKind.IMPROVE)
            ),
            strengths=Count(
                "observations", filter=seen & Q(observations__kind=ObservationKind.STRENGTH)
            ),
        )
        .order_by("-walked_on", "route")
    )
    return [WalkLine(row, row.improve, row.strengths) for row in rows]


def walk_page(*, walk: VisualAudit, user: Any) -> WalkPage:
    """Return a walk with what was seen, in the order in which it was noted."""
    rows = OBSERVATIONS.filter(audit=walk.pk).visible_to(user).current().order_by("created_at")
    sight = sight_of(user, [walk.location])
    observations = [sight.veil(row) for row in rows]
    themes = Counter(row.theme for row in observations if row.kind == ObservationKind.IMPROVE)
    return WalkPage(
        walk=walk,
        observations=observations,
        improve=sum(row.kind == ObservationKind.IMPROVE for row in observations),
        strengths=sum(row.kind == ObservationKind.STRENGTH for row in observations),
        by_theme=[(str(ObservationTheme(theme).label), n) for theme, n in themes.most_common()],
    )


def seen_observations(*, location: Location, user: Any) -> list[Observation]:
    """Return every observation at a location that counts, veiled, in three queries."""
    rows = (
        OBSERVATIONS.filter(audit__location=location)
        .visible_to(user)
        .current()
        .order_by("audit__walked_on", "created_at", "pk")
    )
    sight = sight_of(user, [location])
    return [sight.veil(row) for row in rows]
