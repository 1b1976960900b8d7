"""Visual audits: walks on which people look at a place together, and what they saw."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from assets.choices import Light, ObservationKind, ObservationTheme
from assets.querysets import ObservationQuerySet, WalkQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from delivery.models import Action
from programmes.models import Location, TargetPlace


@tracked()
class VisualAudit(Record):
    """A walk: when, where, in which light, and how many took part. Nobody is named."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="visual_audits")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="visual_audits"
    )
    walked_on = models.DateField(_("walked on"))
    route = models.CharField(_("route or place"), max_length=200)
    light = models.CharField(_("light"), max_length=5, choices=Light.choices, default=Light.DAY)
    residents = models.PositiveSmallIntegerField(_("residents"), default=0)
    police = models.PositiveSmallIntegerField(_("police"), default=0)
    partners = models.PositiveSmallIntegerField(_("partners"), default=0)
    notes = models.TextField(_("notes"), blank=True)
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

    personal: ClassVar[dict[str, Personal]] = {
        "notes": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("route",)

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("visual audit")
        ordering = ["-walked_on", "route"]

    def __str__(self) -> str:
        return self.route

    @property
    def people(self) -> int:
        """How many took part."""
        return self.residents + self.police + self.partners

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("assets:walk-detail", args=[self.location.slug, self.pk])


@tracked()
class Observation(Record):
    """Something seen on a walk: to improve, or a strength."""

    audit = models.ForeignKey(VisualAudit, on_delete=models.CASCADE, related_name="observations")
    kind = models.CharField(_("kind"), max_length=10, choices=ObservationKind.choices)
    theme = models.CharField(_("theme"), max_length=12, choices=ObservationTheme.choices)
    text = models.TextField(_("what you see"))
    place = models.CharField(_("where"), max_length=200, blank=True)
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo_shows = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    action = models.ForeignKey(
        Action, on_delete=models.SET_NULL, null=True, blank=True, related_name="observations"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("taken off on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(_("why it was taken off"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "place": Personal.LOCATION,
        "point": Personal.LOCATION,
        "photo": Personal.FILE,
        "photo_shows": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("photo_sha256",)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.get_theme_display()}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        """Return its page under its walk."""
        return reverse(
            "assets:observation-detail", args=[self.audit.location.slug, self.audit_id, self.pk]
        )
