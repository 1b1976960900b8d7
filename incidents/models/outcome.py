"""What became of crimes, as forces publish it month by month."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models

from incidents.models.incident import ForceMonth


class Outcome(models.Model):
    """One row of an outcomes file, kept whole.

    ``month`` is the month of the outcome, not of the crime, which may lie years before.
    ``crime_id`` is that of a street row where its month is held (for about nine in ten), and is no
    key: a crime may have several outcomes. Anti-social behaviour has no crime ID and no outcome.
    ``id`` is derived as that of an incident; ``point`` is an anonymised snap point. Nothing counts
    outcomes by point, so points have no index; by area the code counts.

    Rows are written by incidents.ingest alone, with the force-month that they name; as for
    incidents the database does not check that reference.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    force_month = models.ForeignKey(
        ForceMonth, on_delete=models.CASCADE, related_name="outcomes", db_constraint=False
    )
    month = models.DateField()
    occurrence = models.PositiveIntegerField(default=1)
    crime_id = models.CharField(max_length=64)
    outcome_type = models.CharField(max_length=200)
    reported_by = models.CharField(max_length=100)
    falls_within = models.CharField(max_length=100)
    point = models.PointField(srid=4326, null=True, spatial_index=False)
    street = models.CharField(max_length=200)
    lsoa_code = models.CharField(max_length=9, blank=True)
    lsoa_name = models.CharField(max_length=100, blank=True)

    # Open data, made anonymous by its publisher: points are snapped and nobody is named.
    impersonal: ClassVar[tuple[str, ...]] = (
        "crime_id",
        "outcome_type",
        "reported_by",
        "falls_within",
        "point",
        "street",
        "lsoa_code",
        "lsoa_name",
    )

    class Meta:
        indexes = [
            models.Index(fields=["crime_id"], name="outcome_crime"),
            models.Index(fields=["lsoa_code", "month"], name="outcome_lsoa_month"),
        ]
