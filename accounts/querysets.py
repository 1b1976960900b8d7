"""Querysets of people and agencies."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core import clock


class UserQuerySet(models.QuerySet[Any]):
    """People, for those who look after accounts."""

    def visible_to(self, user: Any, permission: str = "view") -> Any:
        """Return the people whose accounts somebody may look at.

        System administrators see all accounts. Whoever manages members sees the people of the
        anchors they manage (those with a role there, now or later) and of the agencies they
        manage. Everybody sees themselves (``view`` only: nobody manages their own account).
        """
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        if permission not in ("view", "manage_members"):
            return self.none()
        if user.is_staff:
            return self.all() if permission == "view" else self.exclude(pk=user.pk)
        if permission == "view":
            return self.filter(Q(pk=user.pk) | managed_people(user))
        return self.filter(managed_people(user) & ~Q(pk=user.pk))


def managed_people(user: Any) -> Q:
    """Return the condition that a person belongs to an anchor whose members somebody manages."""
    from accounts.anchors import anchor_kinds
    from accounts.permissions import Permission

    today = clock.today()
    condition = Q(pk__in=[])
    for kind in anchor_kinds():
        anchors = kind.model._default_manager.all().visible_to(user, Permission.MEMBERS_MANAGE)
        members = kind.roles().filter(anchor__in=anchors.order_by().values("pk"))
        members = members.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        condition |= Q(pk__in=members.order_by().values("user"))
        if kind.model._meta.label == "accounts.Agency":
            condition |= Q(agency__in=anchors.order_by().values("pk"))
    return condition


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made while running
    """Makes users whose name is their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Find a person by e-mail address, whatever its capitals, through the unique index."""
        return self.alias(lowered=Lower("email")).get(lowered=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Make a user; without a password the account cannot sign in by one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Make a superuser (for repairs only: everyday administration needs no superuser)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
