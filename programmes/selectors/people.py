"""Who is in post where."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from accounts.grants import standing
from accounts.roles import Role
from programmes.models import Location, LocationMembership


def coordinators_of(locations: Iterable[Location], on: dt.date) -> dict[UUID, tuple[str, ...]]:
    """Return the names of the coordinators in post at each location on a day; () is a vacancy."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = standing(
        LocationMembership.objects.filter(anchor__in=list(locations), role=Role.COORDINATOR), on
    ).select_related("user")
    for row in rows.order_by("starts_on"):
        found[row.anchor_id].append(str(row.user))
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}
