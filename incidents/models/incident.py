"""Incidents as their sources publish them, by force and month."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from core.models import DataImport
from incidents.choices import FileKind
from places.models import Area


class Source(models.Model):
    """Where published incidents come from; what is not published is a feed (incidents.feeds)."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=150)
    licence = models.CharField(max_length=150)
    attribution = models.TextField()
    url = models.URLField(blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "title", "licence", "attribution", "url")

    def __str__(self) -> str:
        return self.title


class Category(models.Model):
    """A source's category of incident, as published."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="categories")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    is_asb = models.BooleanField(_("anti-social behaviour"), default=False)

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "name")

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["source", "slug"], name="category_once")]

    def __str__(self) -> str:
        return self.name


class Force(models.Model):
    """A police force as it names itself in files ("West Mercia Police", west-mercia)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("force area"),
    )

    impersonal: ClassVar[tuple[str, ...]] = ("slug", "name")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ForceMonth(models.Model):
    """What is held for one force, month and kind of file: the unit of import.

    A month without a row here is missing, never zero. ``points`` counts the distinct anonymous
    points of the file, ``points_shared`` is the share of them (0 to 1) that the force's previous
    held month used too, None where there is no earlier month: about a half from month to month,
    next to nothing where the list of points was redrawn (between 2022 and 2024), across which
    points do not compare.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="force_months")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    kind = models.CharField(max_length=10, choices=FileKind.choices, default=FileKind.STREET)
    sha256 = models.CharField(max_length=64)
    rows_read = models.PositiveIntegerField()
    rows_stored = models.PositiveIntegerField()
    rows_without_location = models.PositiveIntegerField()
    rows_rejected = models.PositiveIntegerField()
    points = models.PositiveIntegerField(default=0)
    points_shared = models.FloatField(null=True, blank=True)
    data_import = models.ForeignKey(DataImport, on_delete=models.PROTECT, related_name="+")

    impersonal: ClassVar[tuple[str, ...]] = ("sha256",)

    class Meta:
        ordering = ["force", "month", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "force", "month", "kind"], name="one_file_per_force_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.force} {self.month:%Y-%m} {self.kind}"


class Incident(models.Model):
    """One row of a street file, kept whole.

    ``id`` is derived from force, month, kind, the row's content and its occurrence among identical
    rows, so the same file again is no change and identical rows stay separate reports. There is no
    day or time in street data. ``point`` is an anonymised snap point, not the place of the event;
    counts for areas of LSOAs go by ``lsoa_code``, as published (the vintage follows the file).

    Rows are written by incidents.ingest alone, by the million, together with the force-month and
    the categories that they name; the two references carry no constraint in the database, because
    checking each row one by one would take longer than the rest of an import.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    force_month = models.ForeignKey(
        ForceMonth, on_delete=models.CASCADE, related_name="incidents", db_constraint=False
    )
    month = models.DateField()
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    occurrence = models.PositiveIntegerField(default=1)
    crime_id = models.CharField(max_length=64, blank=True)
    reported_by = models.CharField(max_length=100)
    falls_within = models.CharField(max_length=100)
    point = models.PointField(srid=4326, null=True)
    street = models.CharField(max_length=200)
    lsoa_code = models.CharField(max_length=9, blank=True)
    lsoa_name = models.CharField(max_length=100, blank=True)
    last_outcome = models.CharField(max_length=200, blank=True)
    context = models.TextField(blank=True)

    # Open data, made anonymous by its publisher: points are snapped and nobody is named.
    impersonal: ClassVar[tuple[str, ...]] = (
        "crime_id",
        "reported_by",
        "falls_within",
        "point",
        "street",
        "lsoa_code",
        "lsoa_name",
        "last_outcome",
        "context",
    )

    class Meta:
        indexes = [
            models.Index(fields=["lsoa_code", "month", "category"], name="incident_lsoa_month"),
        ]
