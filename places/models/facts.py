"""Population, deprivation and classification of areas."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import DataImport
from places.models.area import Area


class Population(models.Model):
    """How many people live in an area, by one source at one date.

    ``group`` is "all" for the total, else a group of the source ("age 15", "ethnic: Asian …").
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="populations")
    source = models.CharField(_("source"), max_length=60)
    reference_date = models.DateField(_("as at"))
    group = models.CharField(_("group"), max_length=120, default="all")
    residents = models.PositiveIntegerField(_("residents"))
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("source", "group")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "source", "reference_date", "group"], name="one_population_figure"
            )
        ]


class Deprivation(models.Model):
    """An index of deprivation for an area: rank and decile 1 are the most deprived."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="deprivations")
    index_year = models.PositiveSmallIntegerField()
    domain = models.CharField(max_length=40)
    rank = models.PositiveIntegerField(null=True, blank=True)
    decile = models.PositiveSmallIntegerField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("domain",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "index_year", "domain"], name="one_deprivation_figure"
            )
        ]


class Classification(models.Model):
    """The class of an area in a published scheme ("Rural-urban 2021": UN1, Urban: Nearer …)."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="classifications")
    scheme = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("scheme", "code", "name")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "scheme"], name="one_class_of_a_scheme")
        ]
