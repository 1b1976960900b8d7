"""Reads of accounts: who am I here, and what may I do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from accounts.anchors import anchor_kinds
from accounts.models import User
from accounts.permissions import DESCRIPTIONS, Permission
from accounts.roles import CATALOGUE, Role
from core import clock


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role that a person holds, or will hold, on one anchor.

    ``since`` and ``until`` are its first and last day (until None: open); ``counts`` says whether
    it counts today. ``may`` are its permissions in plain words, in the order of the catalogue.
    """

    role: Role
    name: str | Promise
    description: str | Promise
    anchor_kind: str
    anchor: str
    anchor_url: str
    since: dt.date
    until: dt.date | None
    counts: bool
    may: tuple[str | Promise, ...]


def roles_of(user: User) -> list[RoleHeld]:
    """Return the roles of a person that count today or later, one query for a kind of anchor."""
    today = clock.today()
    found: list[RoleHeld] = []
    for kind in anchor_kinds():
        rows: Any = kind.memberships._default_manager.filter(user=user)
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        for row in rows.select_related("anchor").order_by("anchor", "starts_on"):
            entry = CATALOGUE[Role(row.role)]
            found.append(
                RoleHeld(
                    role=Role(row.role),
                    name=entry.name,
                    description=entry.description,
                    anchor_kind=str(kind.model._meta.verbose_name),
                    anchor=str(row.anchor),
                    anchor_url=_address(row.anchor, entry.permissions),
                    since=row.starts_on,
                    until=row.ends_on,
                    counts=row.starts_on <= today,
                    may=tuple(DESCRIPTIONS[p] for p in Permission if p in entry.permissions),
                )
            )
    return found


def _address(anchor: models.Model, permissions: frozenset[Permission]) -> str:
    """Return the anchor's page, where it has one that the role may see."""
    if Permission.VIEW in permissions and hasattr(anchor, "get_absolute_url"):
        return str(anchor.get_absolute_url())
    return ""


def demonstration_people() -> list[User]:
    """Return the people whom the demonstration brings and who may sign in, by e-mail address.

    Whoever was invited since has a password of their own, which no file holds.
    """
    people = User.objects.filter(is_demonstration=True, is_active=True, invitations__isnull=True)
    return list(people.order_by("email"))
