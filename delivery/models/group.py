"""Groups that work at a location, the seats they need and who sits on them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.choices import GroupKind, GroupRole
from programmes.models import Consent, Location, TargetPlace


class GroupQuerySet(ScopedQuerySet):
    """Groups: as their location."""

    scope_paths = ("location",)


@tracked()
class DeliveryGroup(Record):
    """The delivery group of a location, or a working group for one of its target places."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="groups")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="groups"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=GroupKind.choices)
    name = models.CharField(_("name"), max_length=150)
    purpose = models.TextField(_("what it is for"), blank=True)
    formed_on = models.DateField(_("formed on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("name", "purpose")

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class OfGroupQuerySet(ScopedQuerySet):
    """Seats and members: as their group's location."""

    scope_paths = ("group__location",)


@tracked()
class GroupSeat(Record):
    """Who ought to be in a group: an agency, or a part of the community; vacant until filled."""

    group = models.ForeignKey(DeliveryGroup, on_delete=models.CASCADE, related_name="seats")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    label = models.CharField(_("who ought to be there"), max_length=150)
    why = models.TextField(_("why"), blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("label", "why")

    objects = OfGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a group")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


@tracked()
class GroupMember(Record):
    """Somebody in a group, for an agency or as one of the community."""

    group = models.ForeignKey(DeliveryGroup, on_delete=models.CASCADE, related_name="members")
    seat = models.ForeignKey(
        GroupSeat, on_delete=models.SET_NULL, null=True, blank=True, related_name="members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    role = models.CharField(
        _("role"), max_length=10, choices=GroupRole.choices, default=GroupRole.MEMBER
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    joined_on = models.DateField(_("since"))
    left_on = models.DateField(_("until"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "name": Personal.IDENTITY,
        "contact": Personal.CONTACT,
        "consent": Personal.IDENTITY,
    }

    objects = OfGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        ordering = ["joined_on"]

    def __str__(self) -> str:
        return self.name or str(self.user or self.agency or "")
