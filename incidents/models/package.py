"""Localised ASB data packages, kept in versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import JobRun, Record, StoredFile
from incidents.choices import PackageState
from programmes.models import Location


class DataPackageQuerySet(ScopedQuerySet):
    """A package is seen by those who may read the location's data."""

    scope_paths = ("location",)


@tracked()
class DataPackage(Record):
    """One built package: its recipe, what it was built from, and the zip.

    ``recipe`` is what was asked (location, months, method version); ``fingerprint`` the sha-256 of
    the recipe and of everything it read: the same fingerprint gives the same bytes.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="data_packages")
    first_month = models.DateField(_("from"))
    last_month = models.DateField(_("to"))
    recipe = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)
    state = models.CharField(
        max_length=12, choices=PackageState.choices, default=PackageState.CURRENT
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)
    built_on = models.DateField(_("built on"))
    job = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    briefing_html = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    briefing_pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = DataPackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("data package")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "fingerprint"], name="one_package_per_fingerprint"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.first_month:%Y-%m} to {self.last_month:%Y-%m}"

    def get_absolute_url(self) -> str:
        """Return the package's page under its location."""
        return reverse("incidents:package-detail", args=[self.location.slug, self.pk])
