"""Setting up locations and the target places within them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.permissions import Permission
from core.history import because
from programmes import policy
from programmes.models import Location, Programme, StepRecord, TargetPlace
from programmes.services.repeats import create_once, free_slug, is_demonstration
from programmes.steps import planned_dates


@transaction.atomic
def create_location(
    *,
    programme: Programme,
    name: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    slug: str = "",
    summary: str = "",
    demonstration: bool | None = None,
) -> Location:
    """Set up a location with a record for each step, planned by the template's weeks.

    The plan is the product's proposal, so in a demonstration it is always marked as invented.
    Raises core.errors.NotAllowed, and Refused for a conflicting repeat of ``id``.
    """
    policy.require(by, Permission.PROGRAMME_MANAGE, programme)
    with because(by=by):
        location, new = create_once(
            Location,
            id,
            {"programme": programme, "name": name, "summary": summary},
            slug=slug or free_slug(Location.objects.all(), name),
            is_demonstration=is_demonstration(demonstration),
        )
        if new:
            StepRecord.objects.bulk_create(
                StepRecord(
                    location=location,
                    definition=definition,
                    planned_start=start,
                    planned_end=end,
                    is_demonstration=settings.DEMONSTRATION,
                )
                for definition in programme.template.steps.all()
                for start, end in [
                    planned_dates(programme.starts_on, definition.first_week, definition.last_week)
                ]
            )
    return location


@transaction.atomic
def edit_location(
    *, location: Location, name: str, summary: str, version: int, by: Any
) -> Location:
    """Change a location's name and why it was chosen; its address stays.

    Raises core.errors.Conflict if someone saved in between, NotAllowed.
    """
    policy.require(by, Permission.LOCATION_MANAGE, location)
    location.name, location.summary = name, summary
    with because(by=by):
        location.save_version(version, update_fields=["name", "summary", "version", "updated_at"])
    return location


@transaction.atomic
def create_target_place(
    *,
    location: Location,
    name: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    slug: str = "",
    summary: str = "",
    demonstration: bool | None = None,
) -> TargetPlace:
    """Set up a target place within a location.

    Raises core.errors.NotAllowed, and Refused for a conflicting repeat of ``id``.
    """
    policy.require(by, Permission.LOCATION_MANAGE, location)
    with because(by=by):
        place, _new = create_once(
            TargetPlace,
            id,
            {"location": location, "name": name, "summary": summary},
            slug=slug or free_slug(TargetPlace.objects.filter(location=location), name),
            is_demonstration=is_demonstration(demonstration),
        )
    return place


@transaction.atomic
def edit_target_place(
    *, place: TargetPlace, name: str, summary: str, version: int, by: Any
) -> TargetPlace:
    """Change a target place's name and why it was chosen.

    Raises core.errors.Conflict if someone saved in between, NotAllowed.
    """
    policy.require(by, Permission.LOCATION_MANAGE, place)
    place.name, place.summary = name, summary
    with because(by=by):
        place.save_version(version, update_fields=["name", "summary", "version", "updated_at"])
    return place
