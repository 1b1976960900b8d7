"""What a person may do within a programme: the one check that services repeat.

Views refuse early; services refuse again, because commands, jobs and the API call them too. Whether
the state of a step allows something is not asked here but in the service that does it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.policy import holds, require
from core.errors import NotAllowed
from programmes.models import (
    Location,
    LocationUserPermission,
    Programme,
    ProgrammeUserPermission,
)

__all__ = [
    "EVIDENCE_READERS",
    "held",
    "holds",
    "may_create_programme",
    "require",
    "require_create_programme",
]

# Who may read what evidence says (notes, links, files); others see that it is there, and when.
EVIDENCE_READERS = (Permission.STEP_RECORD, Permission.STEP_SIGN_OFF, Permission.STEP_VERIFY)


def held(user: Any, location: Location) -> frozenset[Permission]:
    """Return every permission a person holds at a location, in one query."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(Permission)
    names = (
        LocationUserPermission.objects.filter(user=user, content_object=location)
        .values_list("permission__codename")
        .union(
            ProgrammeUserPermission.objects.filter(
                user=user, content_object_id=location.programme_id
            ).values_list("permission__codename")
        )
    )
    return frozenset(Permission(name) for (name,) in names)


def may_create_programme(user: Any) -> bool:
    """Say whether a person may set up a new programme.

    Those who manage a programme already may, and those who hold the same right on an agency: that
    is how an administrator makes the first manager on an empty system.
    """
    managed = Programme.objects.visible_to(user, Permission.PROGRAMME_MANAGE)
    by_agency = Agency.objects.visible_to(user, Permission.PROGRAMME_MANAGE)
    return bool(managed.exists() or by_agency.exists() or getattr(user, "is_superuser", False))


def require_create_programme(by: Any) -> None:
    """Raise core.errors.NotAllowed unless a person may set up a new programme."""
    if not may_create_programme(by):
        raise NotAllowed(
            _("Only people who manage a programme, or an agency's programmes, can set one up.")
        )
