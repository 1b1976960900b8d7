"""Published areas of any kind and vintage, and the links between them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from core.models import DataImport
from places.choices import AreaKind, ChangeCode, LinkKind


class Area(models.Model):
    """One published area: a kind, a code and the year of its boundaries.

    The same code can stand for different boundaries in different vintages. Areas are open
    reference data: everyone who is signed in may read them.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=AreaKind.choices)
    code = models.CharField(_("code"), max_length=20)
    vintage = models.PositiveSmallIntegerField(_("vintage (year)"))
    name = models.CharField(_("name"), max_length=150)
    boundary = models.MultiPolygonField(_("boundary"), srid=4326, null=True, blank=True)
    data_import = models.ForeignKey(
        DataImport, on_delete=models.PROTECT, null=True, blank=True, related_name="areas"
    )

    # Published geography.
    impersonal: ClassVar[tuple[str, ...]] = ("code", "name", "boundary")

    class Meta:
        verbose_name = _("area")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "vintage"], name="one_area_per_kind_code_vintage"
            )
        ]
        indexes = [models.Index(fields=["code"], name="area_code")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code}, {self.vintage})"


class AreaPart(models.Model):
    """A piece of an area's boundary of at most 64 vertices: joins by point use these."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="parts")
    piece = models.PolygonField(srid=4326)

    # Published geography.
    impersonal: ClassVar[tuple[str, ...]] = ("piece",)


class AreaLink(models.Model):
    """From one area to another: to a later vintage, or to a larger area that holds it."""

    kind = models.CharField(max_length=15, choices=LinkKind.choices)
    source = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="links_in")
    change = models.CharField(max_length=1, choices=ChangeCode.choices, blank=True)
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "target"], name="one_link_per_pair")
        ]
