"""The tables that programmes take: a programme's locations, a location's target places."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import tabular
from core.errors import Refused
from programmes import policy
from programmes.forms import LocationForm, TargetPlaceForm
from programmes.models import Location, Programme, TargetPlace
from programmes.services.locations import (
    create_location,
    create_target_place,
    edit_location,
    edit_target_place,
)
from programmes.services.removing import remove_location, remove_target_place


def by_name(record: Any) -> tuple[str, ...]:
    """Return what a location or place is matched by."""
    return tabular.folded(record.name)


def values(record: Any) -> dict[str, Any]:
    """Return what a table may change of a location or place."""
    return {"name": record.name, "summary": record.summary}


def find_locations(
    *, target: Programme, keys: Collection[tuple[str, ...]], by: Any
) -> Mapping[tuple[str, ...], Any]:
    """Return the programme's locations by name."""
    return tabular.match(target.locations.all(), keys, by_name)


def check_location(*, target: Programme, found: Any, cleaned: dict[str, Any], by: Any) -> None:
    """Refuse to change a location where one may not (a new one is asked for as a whole)."""
    if found is not None and not policy.holds(by, Permission.LOCATION_MANAGE, found):
        raise Refused(_t("Your role does not let you change this location."))


def store_location(
    *,
    target: Programme,
    found: Location | None,
    cleaned: dict[str, Any],
    by: Any,
    id: uuid.UUID,  # noqa: A002  # the field's own name
) -> Location:
    """Set up or change a location."""
    if found is None:
        return create_location(programme=target, id=id, by=by, **cleaned)
    return edit_location(location=found, version=found.version, by=by, **cleaned)


def take_back_location(
    *, target: Programme, record: Location, before: dict[str, Any] | None, by: Any
) -> None:
    """Remove a location that a table made, or put its texts back."""
    if before is None:
        remove_location(location=record, by=by)
    else:
        edit_location(location=record, version=record.version, by=by, **before)


def find_places(
    *, target: Location, keys: Collection[tuple[str, ...]], by: Any
) -> Mapping[tuple[str, ...], Any]:
    """Return the location's target places by name."""
    return tabular.match(target.target_places.all(), keys, by_name)


def store_place(
    *,
    target: Location,
    found: TargetPlace | None,
    cleaned: dict[str, Any],
    by: Any,
    id: uuid.UUID,  # noqa: A002  # the field's own name
) -> TargetPlace:
    """Set up or change a target place."""
    if found is None:
        return create_target_place(location=target, id=id, by=by, **cleaned)
    return edit_target_place(place=found, version=found.version, by=by, **cleaned)


def take_back_place(
    *, target: Location, record: TargetPlace, before: dict[str, Any] | None, by: Any
) -> None:
    """Remove a target place that a table made, or put its texts back."""
    if before is None:
        remove_target_place(place=record, by=by)
    else:
        edit_target_place(place=record, version=record.version, by=by, **before)


def register() -> None:
    """Make both tables known."""
    tabular.register(
        tabular.Table(
            key="programmes.locations",
            title=_("Locations"),
            intro=_("Each row is a town. Names that are there already are changed, not doubled."),
            form_class=LocationForm,
            key_columns=("name",),
            target=Programme.objects.all,
            permission=Permission.PROGRAMME_MANAGE,
            find=find_locations,
            check=check_location,
            values=values,
            apply=store_location,
            undo=take_back_location,
            back=lambda programme: programme.get_absolute_url(),
        )
    )
    tabular.register(
        tabular.Table(
            key="programmes.target_places",
            title=_("Target places"),
            intro=_("Each row is a spot within the location. Names that are there are changed."),
            form_class=TargetPlaceForm,
            key_columns=("name",),
            target=Location.objects.all,
            permission=Permission.LOCATION_MANAGE,
            find=find_places,
            values=values,
            apply=store_place,
            undo=take_back_place,
            back=lambda location: reverse("programmes:place-list", args=[location.slug]),
        )
    )
