"""What the lists of programmes have in common: their scopes, and who reads what there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.grants import standing
from accounts.permissions import Permission
from accounts.roles import CATALOGUE, Role
from accounts.sharing import Category
from core import clock
from core.exports import ColumnType
from programmes.choices import ConsentPurpose
from programmes.models import (
    Consent,
    Location,
    LocationMembership,
    Programme,
    ProgrammeMembership,
)
from programmes.sharing import shared_with

SCOPES = (Programme, Location)
YES_NO, DATE, NUMBER = ColumnType.YES_NO, ColumnType.DATE, ColumnType.INTEGER


def programme_of(scope: Programme | Location) -> Programme:
    """Return the programme that a scope is, or lies in."""
    return scope if isinstance(scope, Programme) else scope.programme


def sees_personal(user: Any, scope: Any) -> bool:
    """Say whether a role that exports here sees personal data (the role catalogue says which)."""
    if user.is_superuser:
        return True
    held: list[Any] = [ProgrammeMembership.objects.filter(user=user, anchor=programme_of(scope))]
    if isinstance(scope, Location):
        held.append(LocationMembership.objects.filter(user=user, anchor=scope))
    roles = {
        CATALOGUE[Role(role)]
        for memberships in held
        for role in standing(memberships, clock.today()).values_list("role", flat=True)
    }
    return any(role.sees_personal and Permission.EXPORT in role.permissions for role in roles)


def locations_in(user: Any, scope: Programme | Location) -> Any:
    """Return the locations of a scope whose lists a person may take."""
    rows = Location.objects.all().visible_to(user, Permission.EXPORT)
    key = {"pk": scope.pk} if isinstance(scope, Location) else {"programme": scope}
    return rows.filter(**key)


def outdated_by(purpose: ConsentPurpose) -> Callable[[Any, dt.datetime], str]:
    """Return an export's ``outdated`` for a list that names people by consents to a purpose.

    A list that was made before one of them was withdrawn, or ran out, is not handed out any more.
    """

    def outdated(scope: Any, made_at: dt.datetime) -> str:
        inside = (
            {"location": scope} if isinstance(scope, Location) else {"location__programme": scope}
        )
        rows = Consent.objects.filter(**inside, purpose=purpose)
        today, made_on = clock.today(), timezone.localtime(made_at).date()
        withdrawn = rows.filter(withdrawn_on__isnull=False, updated_at__gt=made_at)
        ended = rows.filter(ends_on__gte=made_on, ends_on__lt=today)
        if withdrawn.exists() or ended.exists():
            return _("Somebody in this list has withdrawn their consent since. Ask for it anew.")
        return ""

    return outdated


def may_lead_sensitive(user: Any, scope: Programme | Location) -> Callable[[Any], bool]:
    """Return whether sensitive rows that are the lead agency's are open to a person."""
    shared = shared_with(user, programme_of(scope))
    opens = sees_personal(user, scope) and shared.covers(Category.SENSITIVE_NOTES, None)
    return lambda row: opens
