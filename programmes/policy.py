"""What a person may do within a programme: the one check that services repeat.

Views refuse early; services refuse again, because commands, jobs and the API call them too. Whether
the state of a step allows something is not asked here but in the service that does it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.policy import holds, require
from core.errors import NotAllowed, Refused
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


def lead_agencies(by: Any) -> Any:
    """Return the agencies with which a person may lead a new programme.

    Those whose programmes they manage, and their own.
    """
    rows = Agency.objects.all()
    if by is None:
        return rows
    return rows.filter(
        Q(pk__in=rows.visible_to(by, Permission.PROGRAMME_MANAGE).values("pk")) | Q(pk=by.agency_id)
    )


def usual_lead_agency(by: Any) -> Agency | None:
    """Return the agency that leads a person's new programme unless they say otherwise.

    Their own; for somebody of no agency the only one whose programmes they manage.
    """
    if by is None:
        return None
    if by.agency_id is not None:
        return by.agency
    managed = list(lead_agencies(by)[:2])
    return managed[0] if len(managed) == 1 else None


def next_lead_agencies(by: Any, programme: Programme) -> Any:
    """Return the agencies to which a person may hand the lead of a programme, the present one too.

    The lead decides whose the programme's information is, so nobody may take it from another
    agency: people of the present lead, and those who manage its programmes, hand it to any agency;
    others leave it where it is. Where no agency leads yet, one chooses as for a new programme.
    """
    rows = Agency.objects.all()
    present = programme.lead_agency_id
    if present is None:
        return lead_agencies(by)
    managed = rows.visible_to(by, Permission.PROGRAMME_MANAGE).filter(pk=present)
    if by.agency_id == present or managed.exists():
        return rows
    return rows.filter(pk=present)


def require_new_lead(by: Any, programme: Programme, agency: Agency | None) -> None:
    """Raise core.errors.NotAllowed unless a person may make this agency the programme's lead.

    Raises core.errors.Refused for taking the lead from everybody.
    """
    if by is None or (agency.pk if agency else None) == programme.lead_agency_id:
        return
    if agency is None:
        raise Refused(_("Name the agency that leads the programme."))
    if not next_lead_agencies(by, programme).filter(pk=agency.pk).exists():
        raise NotAllowed(
            _("Only people of %(agency)s can hand the lead to another agency.")
            % {"agency": programme.lead_agency or _("the lead agency")}
        )
