"""Groups that work at a location, the seats they need and who sits on them."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.choices import GroupKind, GroupRole
from programmes.models import Consent, Location, TargetPlace


def present(on: dt.date, prefix: str = "") -> Q:
    """Return the condition that a membership counts on a day: joined, and not ended before.

    ``left_on`` is the last day. Who has withdrawn the consent by which they sit there sits there
    no more.
    """
    stays = Q(**{f"{prefix}left_on__isnull": True}) | Q(**{f"{prefix}left_on__gte": on})
    agrees = Q(**{f"{prefix}consent__withdrawn_on__isnull": True}) | Q(
        **{f"{prefix}consent__withdrawn_on__gt": on}
    )
    return Q(**{f"{prefix}joined_on__lte": on}) & stays & agrees


class GroupQuerySet(ScopedQuerySet):
    """Groups: as their location."""

    scope_paths = ("location",)

    def standing(self, on: dt.date) -> GroupQuerySet:
        """Return the groups at work on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on), formed_on__lte=on)


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
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("formed_on")),
                name="delivery_group_ends_after_it_was_formed",
            ),
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(kind="delivery", ended_on__isnull=True),
                name="delivery_group_one_for_each_location",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:group-detail", args=[self.location.slug, self.pk])


class OfGroupQuerySet(ScopedQuerySet):
    """Seats: as their group's location."""

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
    asked_on = models.DateField(_("last asked on"), null=True, blank=True)
    closed_on = models.DateField(_("no longer needed since"), null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("label", "why")

    objects = OfGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a group")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class MemberQuerySet(ScopedQuerySet):
    """Members: as their group's location; whose name is shown, the selector decides."""

    scope_paths = ("group__location",)

    def present(self, on: dt.date) -> MemberQuerySet:
        """Return those who sit in their group on a day."""
        return self.filter(present(on))


@tracked()
class GroupMember(Record):
    """Somebody in a group, for an agency or as one of the community.

    Somebody with an account is named by it, one of the community by the consent to be known to the
    group: ``name`` and ``contact`` are kept here only for people who come for an agency and have no
    account. Without any of them it is a resident whose name nobody keeps.
    """

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

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a group")
        ordering = ["joined_on"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="delivery_member_leaves_after_joining",
            ),
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(left_on__isnull=True, user__isnull=False),
                name="delivery_member_once_by_account",
            ),
            models.UniqueConstraint(
                fields=["group", "consent"],
                condition=Q(left_on__isnull=True, consent__isnull=False),
                name="delivery_member_once_by_consent",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(role="chair", left_on__isnull=True),
                name="delivery_group_has_one_chair",
            ),
        ]

    def __str__(self) -> str:
        """Return who it is for, never a name: names are shown by ``selectors.groups``."""
        return str(self.agency or _("A resident"))

    def get_absolute_url(self) -> str:
        """Return the page of its group."""
        return self.group.get_absolute_url()

    def sits(self, on: dt.date) -> bool:
        """Say whether it counts on a day, as ``present``."""
        agrees: Any = self.consent is None or (
            self.consent.withdrawn_on is None or self.consent.withdrawn_on > on
        )
        return (
            self.joined_on <= on and (self.left_on is None or on <= self.left_on) and bool(agrees)
        )
