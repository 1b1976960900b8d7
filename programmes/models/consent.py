"""A person's consent: to what, when, in which words, and its withdrawal."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from core import clock
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.choices import ConsentPurpose, ConsentWay
from programmes.models.place import Location


class ConsentQuerySet(ScopedQuerySet):
    """Consents: at their location, for those who may see people there; one's own always.

    What another agency recorded is seen only while an agreement covers people. Consents that do not
    stand any more are history: they need the right to read it.
    """

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing a consent needs the right to see people, not only the location."""
        from programmes.sharing import covered_rows

        wanted = Permission.PEOPLE_READ if permission == Permission.VIEW else permission
        covered = covered_rows(
            user,
            Category.PEOPLE,
            owner_path="agency",
            programme_path="location__programme",
            recorder_path="recorded_by",
        )
        past = super().granted(user, Permission.HISTORY_READ)
        seen = super().granted(user, wanted) & covered & (stands(clock.today()) | past)
        own = Q(user=user) if permission == Permission.VIEW else Q(pk__in=[])
        return seen | own

    def standing(self, on: Any) -> ConsentQuerySet:
        """Return those that count on a day: given, not withdrawn, not run out."""
        return self.filter(stands(on))


def stands(on: Any) -> Q:
    """Return the condition that a consent counts on a day; the day of a withdrawal does not."""
    return (
        (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))
        & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        & Q(given_on__lte=on)
    )


@tracked()
class Consent(Record):
    """One person's consent to one purpose at one location.

    ``user`` is set where the person has an account; ``agency`` says whose information it is.
    ``wording`` keeps the words that were read or heard, because consent is to those.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="consents")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    wording = models.TextField(_("what they were told"))
    given_on = models.DateField(_("given on"))
    given_how = models.CharField(_("how it was given"), max_length=10, choices=ConsentWay.choices)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_note = models.TextField(_("what they said"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "name": Personal.IDENTITY,
        "contact": Personal.CONTACT,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_note": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("wording",)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["name", "given_on"]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_purpose_display()}"

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("programmes:consent-detail", args=[self.location.slug, self.pk])

    @property
    def reach(self) -> str:
        """How to reach them, while the consent stands; nobody is reached on the strength of less.

        The record itself stays: that they withdrew, and when, has to be known.
        """
        return self.contact if self.stands_on(clock.today()) else ""

    def stands_on(self, date: dt.date) -> bool:
        """Say whether it counts on a day, as ``stands``."""
        return (
            self.given_on <= date
            and (self.ends_on is None or date <= self.ends_on)
            and (self.withdrawn_on is None or date < self.withdrawn_on)
        )
