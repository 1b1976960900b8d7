"""Quarterly progress reports: figures gathered, kept as they were on the day."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet, granted_on
from core.choices import Marking
from core.history import tracked
from core.models import JobRun, Record, StoredFile
from core.personal import Personal
from programmes.models import Location, Programme, ProgrammeUserPermission


class ProgressReportQuerySet(ScopedQuerySet):
    """A report on a location is seen as the location; one on a programme by its own roles.

    Somebody with a role at one location sees the programme, but not a report on all locations.
    """

    scope_paths = ("location", "programme")

    def granted(self, user: Any, permission: str) -> Q:
        """Inherit from the location; for a programme ask for a grant on the programme itself."""
        at_location = Location.objects.all().granted_ids(user, permission)
        return Q(location__in=at_location) | Q(
            programme__in=granted_on(ProgrammeUserPermission, user, permission)
        )


@tracked()
class ProgressReport(Record):
    """A report for a location, or for a whole programme, over a financial quarter.

    Exactly one of ``location`` and ``programme`` is set. ``quarter`` reads "2023-24-Q4" (January to
    March 2024). ``figures`` are the numbers as printed, ``fingerprint`` their sha-256. What is
    OFFICIAL-SENSITIVE in the quarter stands in the ``annex``, a file of its own; ``annex_owners``
    are the agencies whose information is in it.

    A report with an ``edition`` is approved and stays as it is for good; one without is a draft of
    the day. What either says is never changed: the database refuses.
    """

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="progress_reports"
    )
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="progress_reports",
    )
    quarter = models.CharField(_("quarter"), max_length=10)
    figures = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    built_on = models.DateField(_("built on"))
    job = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")
    html = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    annex = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annex_marking = models.CharField(max_length=20, choices=Marking.choices, blank=True)
    annex_handling = models.CharField(max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField(_("edition"), null=True, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annex_owners = ArrayField(models.UUIDField(), default=list, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "html": Personal.FILE,
        "pdf": Personal.FILE,
        "annex": Personal.FILE,
        "approved_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = (
        "quarter",
        "figures",
        "fingerprint",
        "annex_handling",
        "annex_owners",
    )

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(location__isnull=False, programme__isnull=True)
                | models.Q(location__isnull=True, programme__isnull=False),
                name="report_of_location_or_programme",
            ),
            models.UniqueConstraint(
                fields=["location", "quarter", "edition"], name="one_edition_a_location_and_quarter"
            ),
            models.UniqueConstraint(
                fields=["programme", "quarter", "edition"],
                name="one_edition_a_programme_and_quarter",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    edition__isnull=True, approved_on__isnull=True, approved_by__isnull=True
                )
                | models.Q(
                    edition__isnull=False, approved_on__isnull=False, approved_by__isnull=False
                ),
                name="edition_is_approved",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="report_stays_as_it_is",
                fields=[
                    "quarter",
                    "figures",
                    "fingerprint",
                    "built_on",
                    "html",
                    "pdf",
                    "annex",
                    "edition",
                    "approved_on",
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.location or self.programme} {self.quarter}"

    @property
    def is_frozen(self) -> bool:
        """Whether it is approved."""
        return self.edition is not None

    def get_absolute_url(self) -> str:
        """Return the report's page."""
        return reverse("reports:report-detail", args=[self.pk])
