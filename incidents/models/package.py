"""Localised ASB data packages, kept in versions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from core.history import tracked
from core.models import JobRun, Record, StoredFile
from core.personal import Personal
from incidents.choices import PackageState
from places.choices import DefinitionKind
from programmes.models import Location
from programmes.sharing import covered_for_all, covered_rows


class DataPackageQuerySet(ScopedQuerySet):
    """A package is seen by those who may read the location's data, as far as that is shared.

    A partner edition names places, so it is for those who see the location too, not for research
    partners.

    One built from restricted sources needs an agreement on force extracts with every agency that
    supplied to it, one of a drawn area (its map and its boundary are in the files) one on exact
    coordinates; without, it does not exist for people of other agencies.
    """

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """As the location, and covered by the lead agency or an agreement."""
        extracts = covered_for_all(
            user,
            Category.FORCE_EXTRACTS,
            owners_path="supplied_by",
            programme_path="location__programme",
        )
        coordinates = covered_rows(
            user, Category.EXACT_COORDINATES, programme_path="location__programme"
        )
        drawn = Q(location__area__kind=DefinitionKind.DRAWN) | Q(
            summary__contains={"area_kind": DefinitionKind.DRAWN.value}
        )
        return (
            super().granted(user, permission)
            & (Q(restricted=False) | (extracts & super().granted(user, Permission.VIEW)))
            & (~drawn | coordinates)
        )


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
    restricted = models.BooleanField(
        _("built from sources that are not published"), default=False, editable=False
    )
    # The agencies whose restricted data have part in it; none means the lead agency's.
    supplied_by = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
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

    personal: ClassVar[dict[str, Personal]] = {
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
        "file": Personal.FILE,
        "briefing_html": Personal.FILE,
        "briefing_pdf": Personal.FILE,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("recipe", "fingerprint", "summary", "supplied_by")

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
