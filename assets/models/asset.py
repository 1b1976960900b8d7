"""What a place has going for it: people, groups, institutions, places, and what connects them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from assets.choices import AssetKind, AssetTheme
from assets.querysets import AssetQuerySet, ConnectionQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.models import Consent, Location, TargetPlace


@tracked()
class Asset(Record):
    """One strength of a location.

    A person ("local contributor") is listed by consent only, has no point and no address, and
    their name is that of the consent. ``agency`` says whose information it is. ``check_by`` is the
    business date by which somebody should look again whether it is still so. Without
    ``recorded_by`` it came by a command, and is the lead agency's information.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="assets")
    kind = models.CharField(_("kind"), max_length=12, choices=AssetKind.choices)
    name = models.CharField(_("name"), max_length=150)
    theme = models.CharField(
        _("what it is about"), max_length=15, choices=AssetTheme.choices, default=AssetTheme.OTHER
    )
    offers = models.TextField(_("what it offers"), blank=True)
    role = models.CharField(_("known as"), max_length=150, blank=True)
    contact = models.CharField(_("how to reach it"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    address = models.CharField(_("street or building"), max_length=200, blank=True)
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="assets"
    )
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="assets"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    last_checked_on = models.DateField(_("last checked on"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    check_by = models.DateField(_("check again by"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_on = models.DateField(_("taken off the list on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(_("why it was taken off"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "name": Personal.IDENTITY,
        "offers": Personal.FREE_TEXT,
        "role": Personal.FREE_TEXT,
        "contact": Personal.CONTACT,
        "address": Personal.LOCATION,
        "point": Personal.LOCATION,
        "checked_by": Personal.AUTHOR,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("website",)

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("community asset")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=AssetKind.PERSON)
                | Q(consent__isnull=False, point__isnull=True, address=""),
                name="a_contributor_consents_and_has_no_place",
            ),
            models.CheckConstraint(
                condition=Q(kind=AssetKind.PERSON) | Q(consent__isnull=True),
                name="only_a_contributor_has_a_consent",
            ),
            models.UniqueConstraint(
                "location",
                "kind",
                Lower("name"),
                condition=Q(withdrawn_on__isnull=True) & ~Q(kind=AssetKind.PERSON),
                name="one_asset_a_name",
            ),
            models.UniqueConstraint(
                fields=["consent"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_entry_a_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        """Whether it is a local contributor."""
        return self.kind == AssetKind.PERSON

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("assets:asset-detail", args=[self.location.slug, self.pk])


@tracked()
class Connection(Record):
    """What ties two assets: who brings what to whom."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="connections")
    source = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="connections_out")
    target = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="connections_in")
    how = models.CharField(_("how they are connected"), max_length=200)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "how": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection between assets")
        verbose_name_plural = _("connections between assets")
        ordering = ["source__name", "target__name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="a_connection_has_two_ends"
            ),
            models.UniqueConstraint(fields=["source", "target"], name="one_connection_a_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.target}"

    def get_absolute_url(self) -> str:
        """Return the page of the asset it starts from."""
        return self.source.get_absolute_url()

    def other_end(self, asset: Any) -> Asset:
        """Return the end that is not this one."""
        return self.target if self.source_id == asset.pk else self.source
