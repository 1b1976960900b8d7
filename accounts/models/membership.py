"""Membership is the truth about who holds which role where; grants are derived from it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.door import GuardedModel, GuardedQuerySet
from accounts.roles import CATALOGUE, Role, RoleDescription, role_choices
from accounts.scoping import ScopedQuerySet
from core.models import Record
from core.personal import Personal


class MembershipQuerySet(GuardedQuerySet, ScopedQuerySet):  # type: ignore[override]  # two bases, one method
    """Memberships: one's own, and those on what one sees (who is who)."""

    scope_paths = ("anchor",)

    def granted(self, user: Any, permission: str) -> Q:
        """One's own roles are always one's to see."""
        return Q(user=user) | super().granted(user, permission)


class Membership(GuardedModel, Record):
    """One person's role on one anchor, from a date to a date.

    Concrete memberships live beside the anchor they grant and add ``anchor``. They are written by
    ``accounts.grants`` alone, which derives the permission rows in the same transaction.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=30, choices=role_choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {"user": Personal.IDENTITY}

    objects = MembershipQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="%(class)s_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.description.name}"

    @property
    def description(self) -> RoleDescription:
        """The role's entry in the catalogue."""
        return CATALOGUE[Role(self.role)]
