"""Who at a location may do what about the residents' voice."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from accounts.scoping import permission_key
from programmes.models import (
    Location,
    LocationUserPermission,
    Programme,
    ProgrammeUserPermission,
)


def holders(location: Location, permission: Permission) -> Any:
    """Return the people with an open account who hold a permission at a location."""
    here = LocationUserPermission.objects.filter(
        content_object=location, permission_id=permission_key(Location, permission)
    )
    above = ProgrammeUserPermission.objects.filter(
        content_object_id=location.programme_id,
        permission_id=permission_key(Programme, permission),
    )
    return (
        User.objects.filter(is_active=True, left_on__isnull=True)
        .filter(Q(pk__in=here.values("user")) | Q(pk__in=above.values("user")))
        .order_by("name")
    )


def somebody_else_approves(location: Location, drafted_by: Any) -> bool:
    """Say whether anybody but the person who drafted an answer may approve it."""
    people = holders(location, Permission.LOCATION_MANAGE)
    return bool(people.exclude(pk=getattr(drafted_by, "pk", None)).exists())
