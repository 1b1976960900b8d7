"""Evidence linked to a problem or to one of its hypotheses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Observation
from core.history import tracked
from core.models import Record
from core.personal import Personal
from core.screen import day
from delivery.models import Action, Concern
from incidents.models import DataPackage
from problems.choices import Bearing, EvidenceKind
from problems.models.plan import Hypothesis, OfProblemQuerySet
from problems.models.problem import Problem
from programmes.models import Evidence
from surveys.models import Wave

TARGETS: dict[str, str] = {
    EvidenceKind.PACKAGE: "package",
    EvidenceKind.WAVE: "wave",
    EvidenceKind.OBSERVATION: "observation",
    EvidenceKind.ASSET: "asset",
    EvidenceKind.CONCERN: "concern",
    EvidenceKind.ACTION: "action",
    EvidenceKind.STEP_EVIDENCE: "step_evidence",
}
"""The field that holds what a kind of evidence points to; a note points to nothing."""


@tracked()
class EvidenceLink(Record):
    """One piece of evidence, cited: what it points to, the figure or words taken from it, and how.

    ``figure`` is what is cited, kept as it was on ``cited_on``; ``fingerprint`` is that of a data
    package, so that a later version is not mistaken for the one cited. What it points to is shown
    only to those who may see that themselves; of people, and of what residents said, nothing is
    copied into ``figure``, so that what is taken back there is gone here.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="evidence_links")
    hypothesis = models.ForeignKey(
        Hypothesis, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence_links"
    )
    kind = models.CharField(_("kind"), max_length=15, choices=EvidenceKind.choices)
    bearing = models.CharField(
        _("which way it points"), max_length=10, choices=Bearing.choices, default=Bearing.FOR
    )
    figure = models.TextField(_("what is cited"), blank=True)
    note = models.TextField(_("what it tells us"), blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    package = models.ForeignKey(
        DataPackage, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.SlugField(_("question"), max_length=60, blank=True)
    observation = models.ForeignKey(
        Observation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asset = models.ForeignKey(
        Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    concern = models.ForeignKey(
        Concern, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    step_evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cited_on = models.DateField(_("cited on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was taken back"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "figure": Personal.FREE_TEXT,
        "note": Personal.FREE_TEXT,
        "source": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("fingerprint", "question")

    objects = OfProblemQuerySet.as_manager()

    named_by = "problem"  # in the history

    class Meta:
        verbose_name = _("linked evidence")
        verbose_name_plural = _("linked evidence")
        ordering = ["cited_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.NOTE) | ~Q(source=""), name="a_note_names_its_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day(self.cited_on)}"

    @property
    def target(self) -> Any:
        """What it points to, None for a note."""
        field = TARGETS.get(self.kind)
        return getattr(self, field) if field else None

    def get_absolute_url(self) -> str:
        """Return the problem's page."""
        return self.problem.get_absolute_url()
