"""Organisations and people's roles that affect a location or are affected, and their ties."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from assets.choices import Involvement, LinkKind, LinkStrength, Sector
from assets.querysets import NetworkLinkQuerySet, StakeholderQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.models import Location

ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


@tracked()
class Stakeholder(Record):
    """An organisation, or somebody in a role, with judgements from 1 to 5 (scales.py).

    Names the role ("Chair of the traders' group"), not the person. ``agency`` says whose
    information it is, ``why_not`` what keeps one away who is not involved yet.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("organisation or role"), max_length=150)
    sector = models.CharField(_("sector"), max_length=15, choices=Sector.choices)
    does = models.TextField(_("what they do here"), blank=True)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    capability = models.PositiveSmallIntegerField(
        _("capability"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    connectedness = models.PositiveSmallIntegerField(
        _("connectedness"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    interest = models.PositiveSmallIntegerField(
        _("interest"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    influence = models.PositiveSmallIntegerField(
        _("influence"), null=True, blank=True, validators=ONE_TO_FIVE
    )
    involvement = models.CharField(
        _("taking part"), max_length=10, choices=Involvement.choices, default=Involvement.NOT_YET
    )
    why_not = models.TextField(_("why not yet involved"), blank=True)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    judged_on = models.DateField(_("judged on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("taken off the list on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(_("why it was taken off"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "name": Personal.FREE_TEXT,
        "does": Personal.FREE_TEXT,
        "contact": Personal.CONTACT,
        "why_not": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }

    objects = StakeholderQuerySet.as_manager()

    class Meta:
        verbose_name = _("stakeholder")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "location",
                Lower("name"),
                condition=Q(withdrawn_on__isnull=True),
                name="one_stakeholder_a_name",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (1, 5)}),
                    name=f"{field}_from_1_to_5",
                )
                for field in ("capability", "connectedness", "interest", "influence")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("assets:stakeholder-detail", args=[self.location.slug, self.pk])


@tracked()
class NetworkLink(Record):
    """A tie between two stakeholders; it has no direction."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="network_links")
    source = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Stakeholder, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(_("kind of tie"), max_length=10, choices=LinkKind.choices)
    strength = models.PositiveSmallIntegerField(
        _("strength"), choices=LinkStrength.choices, default=LinkStrength.REGULAR
    )
    note = models.TextField(_("how it shows"), blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_on = models.DateField(_("as it was on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("taken off on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "note": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
    }

    objects = NetworkLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link between stakeholders")
        verbose_name_plural = _("links between stakeholders")
        ordering = ["source__name", "target__name"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="a_link_has_two_ends"),
            models.CheckConstraint(
                condition=Q(strength__range=(1, 3)), name="strength_from_1_to_3"
            ),
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_link_a_pair_and_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.target}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Return the page of the network."""
        return reverse("assets:network", args=[self.location.slug])
