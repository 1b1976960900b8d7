"""Saying what area a location or a target place covers, and so how its reports are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import Conflict, Refused
from core.history import because
from places import services
from places.models import Area, AreaDefinition
from programmes import policy
from programmes.models import Location, TargetPlace
from programmes.services.repeats import is_demonstration
from programmes.sharing import require_open_area

Covered = Location | TargetPlace


@transaction.atomic
def set_lsoa_area(
    *,
    owner: Covered,
    areas: Sequence[Area],
    by: Any,
    note: str = "",
    version: int | None = None,
    demonstration: bool | None = None,
) -> AreaDefinition:
    """Cover a set of LSOAs: reports are counted by the code column of the data.

    ``version`` is that of the definition the person saw (None if there was none). Raises
    core.errors.Refused for an empty set, Conflict if someone changed the area in between.
    """
    if not areas:
        raise Refused(_("Choose at least one LSOA."))
    with because(by=by):
        definition = _locked(owner, version, by)
        return _keep(
            owner,
            services.define_lsoa_set(
                areas=list(areas),
                by=by,
                note=note,
                definition=definition,
                demonstration=is_demonstration(demonstration),
            ),
        )


@transaction.atomic
def set_drawn_area(
    *,
    owner: Covered,
    boundary: MultiPolygon,
    by: Any,
    note: str = "",
    version: int | None = None,
    demonstration: bool | None = None,
) -> AreaDefinition:
    """Cover a drawn boundary: reports are counted by their point.

    Raises core.errors.Refused for an empty boundary, Conflict if someone changed the area in
    between.
    """
    if boundary.empty:
        raise Refused(_("Draw a boundary with at least three corners."))
    with because(by=by):
        definition = _locked(owner, version, by)
        return _keep(
            owner,
            services.define_drawn(
                boundary=boundary,
                by=by,
                note=note,
                definition=definition,
                demonstration=is_demonstration(demonstration),
            ),
        )


def _locked(owner: Covered, version: int | None, by: Any) -> AreaDefinition | None:
    """Check the right, lock the owner, and return its area unless it changed since it was seen."""
    policy.require(by, Permission.LOCATION_MANAGE, owner)
    # "self" alone: the area may be missing, and a lock cannot reach the empty side of a join.
    stored = (
        type(owner)
        ._default_manager.select_for_update(of=("self",))
        .select_related("area")
        .get(pk=owner.pk)
    )
    programme = owner.programme if isinstance(owner, Location) else owner.location.programme
    require_open_area(by, stored, programme)
    current: AreaDefinition | None = stored.area
    if (current.version if current else None) != version:
        raise Conflict(_("Someone else changed this area while you were choosing."), current=stored)
    return current


def _keep(owner: Covered, definition: AreaDefinition) -> AreaDefinition:
    if owner.area_id != definition.pk:
        owner.area = definition
        owner.save(update_fields=["area", "updated_at"])
    return definition
