"""What somebody who leaves holds in programmes, and how it goes to whoever takes over."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.grants import give_role, may_give
from accounts.leaving import register_holding
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.roles import CATALOGUE, Role
from core import clock
from core.history import because
from programmes.models import LocationMembership, ProgrammeMembership, SharingAgreement

# Roles on which others depend: a programme or a location without them stands still.
LEADING = (Role.PROGRAMME_MANAGER, Role.COORDINATOR, Role.COMMUNITY_COORDINATOR)


def register() -> None:
    """Make the holdings of programmes known to leaving."""
    register_holding("roles", gettext_lazy("Roles"), role_lines, hand_over_roles)
    register_holding(
        "agreements",
        gettext_lazy("Sharing agreements to see to"),
        agreement_lines,
        hand_over_agreements,
    )


def _roles(user: User) -> list[Any]:
    today = clock.today()
    counts = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return [
        row
        for kind in (ProgrammeMembership, LocationMembership)
        for row in kind._base_manager.filter(counts, user=user, role__in=LEADING)
        .select_related("anchor")
        .order_by("anchor__name")
    ]


def _named(row: Any) -> str:
    return f"{CATALOGUE[Role(row.role)].name}, {row.anchor}"


def role_lines(user: User) -> list[str]:
    """Return the leading roles that somebody holds today or later, in words."""
    return [_named(row) for row in _roles(user)]


def hand_over_roles(user: User, successor: User, by: Any) -> list[str]:
    """Give the successor the same roles from today, as long as they were to last.

    What the successor holds already is left; where ``by`` may not give roles, it is said that
    somebody else must. Returns what was done, in words.
    """
    told: list[str] = []
    today = clock.today()
    for row in _roles(user):
        words = {"role": _named(row), "name": successor}
        if by is not None and (by == successor or not may_give(by, row.anchor)):
            told.append(_("%(role)s: ask who manages roles there to give it anew.") % words)
            continue
        starts_on = max(today, row.starts_on)
        held = type(row)._base_manager.filter(user=successor, anchor=row.anchor, role=row.role)
        lasts = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        if row.ends_on is not None:
            lasts = lasts.filter(starts_on__lte=row.ends_on)
        if lasts.exists():
            told.append(_("%(role)s: %(name)s holds it already.") % words)
            continue
        give_role(
            membership_model=type(row),
            user=successor,
            anchor=row.anchor,
            role=Role(row.role),
            starts_on=starts_on,
            ends_on=row.ends_on,
            by=by,
            is_demonstration=row.is_demonstration,
        )
        told.append(_("%(role)s: handed over to %(name)s.") % words)
    return told


def _agreements(user: User) -> Any:
    rows = SharingAgreement._base_manager.filter(responsible=user, ended_on__isnull=True)
    return rows.filter(ends_on__gte=clock.today()).select_related("programme").order_by("title")


def agreement_lines(user: User) -> list[str]:
    """Return the agreements in force or to come whose review somebody sees to."""
    return [f"{row.title} ({row.programme})" for row in _agreements(user)]


def hand_over_agreements(user: User, successor: User, by: Any) -> list[str]:
    """Let the successor see to the review of each agreement that they are let see."""
    told: list[str] = []
    for row in _agreements(user):
        words = {"title": row.title, "name": successor}
        if not holds(successor, Permission.VIEW, row):
            told.append(_("%(title)s: %(name)s does not see this agreement.") % words)
            continue
        with because(by=by):
            row.responsible = successor
            row.save_version(row.version, update_fields=["responsible", "version", "updated_at"])
        told.append(_("%(title)s: %(name)s sees to its review from now on.") % words)
    return told
