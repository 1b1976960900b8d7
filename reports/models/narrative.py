"""What people write of a quarter, and its approval."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.models import Location, Programme
from reports.choices import ReportState
from reports.models.report import ProgressReportQuerySet

# In the order of the published progress reports: deliverables, impact, learning, mitigation, next.
TITLES: dict[str, Any] = {
    "deliverables": _("What was delivered"),
    "impact": _("Impact"),
    "learning": _("What was learned"),
    "mitigation": _("What was in the way, and what is done about it"),
    "next_quarter": _("Next quarter"),
}
SECTIONS = tuple(TITLES)


class QuarterNarrativeQuerySet(ProgressReportQuerySet):
    """The words of quarters: for those who build or approve the report."""

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing what nobody has approved needs a part in writing or approving it."""
        if permission != Permission.VIEW:
            return super().granted(user, permission)
        builds = super().granted(user, Permission.REPORT_BUILD)
        return builds | super().granted(user, Permission.REPORT_APPROVE)


@tracked()
class QuarterNarrative(Record):
    """The words of a quarter's report for a location or a programme; figures are gathered.

    A draft is written until somebody approves it; then the report is frozen with these words.
    ``edition`` counts up each time an approved quarter is opened again, with the reason.
    """

    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="narratives"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, blank=True, related_name="narratives"
    )
    quarter = models.CharField(_("quarter"), max_length=10)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    deliverables = models.TextField(_("what was delivered"), blank=True)
    impact = models.TextField(_("impact"), blank=True)
    learning = models.TextField(_("what was learned"), blank=True)
    mitigation = models.TextField(_("what was in the way, and what is done about it"), blank=True)
    next_quarter = models.TextField(_("next quarter"), blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_reason = models.TextField(_("why it was opened again"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        **dict.fromkeys(SECTIONS, Personal.FREE_TEXT),
        "approved_by": Personal.AUTHOR,
        "reopened_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("quarter",)

    objects = QuarterNarrativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a quarter")
        verbose_name_plural = _("words of quarters")
        ordering = ["-quarter"]
        constraints = [
            models.CheckConstraint(
                condition=Q(location__isnull=False, programme__isnull=True)
                | Q(location__isnull=True, programme__isnull=False),
                name="narrative_of_location_or_programme",
            ),
            models.UniqueConstraint(
                fields=["location", "quarter"], name="one_narrative_a_location_and_quarter"
            ),
            models.UniqueConstraint(
                fields=["programme", "quarter"], name="one_narrative_a_programme_and_quarter"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.APPROVED)
                | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.quarter}"

    @property
    def subject(self) -> Any:
        """The location or the programme."""
        return self.location or self.programme

    def get_absolute_url(self) -> str:
        """Return the page of the quarter."""
        name = "location-quarter" if self.location_id else "programme-quarter"
        return reverse(f"reports:{name}", args=[self.subject.slug, self.quarter])
