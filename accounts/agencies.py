"""Writes of agencies: partner bodies, made by those who bring people in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.people import manages_members_somewhere
from accounts.permissions import Permission
from accounts.policy import holds
from core.errors import NotAllowed, Refused
from core.history import because


def may_create_agency(by: Any) -> bool:
    """Say whether somebody may add an agency: administrators, and whoever manages members."""
    return manages_members_somewhere(by)


def may_edit_agency(by: Any, agency: Agency) -> bool:
    """Say whether somebody may change an agency: administrators, and who manages its people."""
    return bool(by.is_staff or by.is_superuser or holds(by, Permission.MEMBERS_MANAGE, agency))


@transaction.atomic
def create_agency(
    *,
    name: str,
    kind: str,
    by: Any,
    id: uuid.UUID | None = None,  # noqa: A002  # the field's name
    demonstration: bool | None = None,
) -> Agency:
    """Add an agency; it gives nobody a role. The same ``id`` and name again is no second one.

    Raises core.errors.Refused for a name that is taken, NotAllowed.
    """
    if by is not None and not may_create_agency(by):
        raise NotAllowed(_("Only administrators and those who manage members add agencies."))
    name = " ".join(name.split())
    if id is not None and (same := Agency.objects.filter(pk=id, name=name, kind=kind).first()):
        return same
    _check_name(name)
    made_up = settings.DEMONSTRATION if demonstration is None else demonstration
    try:
        with transaction.atomic(), because(by=by):
            return Agency.objects.create(
                **({"id": id} if id else {}), name=name, kind=kind, is_demonstration=made_up
            )
    except IntegrityError as error:
        raise Refused(_("This form was sent before with other content.")) from error


@transaction.atomic
def edit_agency(*, agency: Agency, name: str, kind: str, version: int, by: Any) -> Agency:
    """Change an agency's name and kind.

    Raises core.errors.Conflict if someone saved in between, Refused for a name that is taken,
    NotAllowed.
    """
    if by is not None and not may_edit_agency(by, agency):
        raise NotAllowed(_("Only administrators and those who manage its people change an agency."))
    agency.name, agency.kind = " ".join(name.split()), kind
    _check_name(agency.name, but=agency)
    with because(by=by):
        agency.save_version(version, update_fields=["name", "kind", "version", "updated_at"])
    return agency


def _check_name(name: str, but: Agency | None = None) -> None:
    rows = Agency.objects.filter(name__iexact=name)
    if rows.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("There is an agency of this name already."))
