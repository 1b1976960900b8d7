"""Partner bodies, and the grants on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.grant import Grant
from accounts.models.membership import Membership, MembershipQuerySet
from accounts.permissions import Permission, anchor_permissions
from accounts.scoping import ScopedQuerySet, granted_on
from core.history import tracked
from core.models import Record


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    POLICE = "police", _("Police")
    COUNCIL = "council", _("Council")
    HOUSING = "housing", _("Housing provider")
    SCHOOL = "school", _("School or college")
    HEALTH = "health", _("Health")
    FIRE = "fire", _("Fire and rescue")
    CHARITY = "charity", _("Charity or community group")
    COMMISSIONER = "commissioner", _("Police and crime commissioner")
    OTHER = "other", _("Other")


class AgencyQuerySet(ScopedQuerySet):
    """Agencies: their names are shared among all who are signed in, all else needs a grant."""

    def granted(self, user: Any, permission: str) -> Q:
        """To see an agency's name is everyone's; the rest is granted by the agency's own table."""
        if permission == Permission.VIEW:
            return Q()
        return Q(pk__in=granted_on(AgencyUserPermission, user, permission))


@tracked()
class Agency(Record):
    """A body that takes part."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AgencyKind.choices)

    impersonal: ClassVar[tuple[str, ...]] = ("name",)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]
        default_permissions = ()
        permissions = anchor_permissions()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the agency's page."""
        return reverse("people:agency", args=[self.pk])


class AgencyUserPermission(Grant):
    """Which permission a person holds on an agency."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class AgencyMembershipQuerySet(MembershipQuerySet):  # type: ignore[override]  # two bases, one method
    """Roles on an agency: one's own, and those where one holds a role oneself.

    An agency's name is everyone's to see, its people are not; so seeing here goes by grants.
    """

    def granted(self, user: Any, permission: str) -> Q:
        """One's own, or a grant in the agency's table."""
        return Q(user=user) | Q(anchor__in=granted_on(AgencyUserPermission, user, permission))


@tracked()
class AgencyMembership(Membership):
    """A role on an agency."""

    anchor = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")

    objects = AgencyMembershipQuerySet.as_manager()  # type: ignore[misc]  # made while running

    class Meta(Membership.Meta):
        verbose_name = _("role on an agency")
        verbose_name_plural = _("roles on agencies")
