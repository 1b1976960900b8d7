"""Checks of a step by a third party, and what the location answered."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from core.screen import day
from programmes.choices import VerificationKind
from programmes.models.record import StepRecord


class VerificationQuerySet(ScopedQuerySet):
    """Verifications: as their step's location."""

    scope_paths = ("step_record__location",)


@tracked()
class Verification(Record):
    """One word in the checking of a step: sent to the verifier, returned, sent again, agreed.

    Each keeps its author, date and text and is never overwritten; the latest says how the step
    stands with the verifier.
    """

    step_record = models.ForeignKey(
        StepRecord, on_delete=models.CASCADE, related_name="verifications"
    )
    kind = models.CharField(_("what was said"), max_length=10, choices=VerificationKind.choices)
    text = models.TextField(_("reasons"), blank=True)
    said_on = models.DateField(_("on"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "said_by": Personal.AUTHOR,
    }

    objects = VerificationQuerySet.as_manager()

    @property
    def waits(self) -> bool:
        """Whether the verifier has to answer, as long as this is the last word."""
        return self.kind in (VerificationKind.SENT, VerificationKind.RESENT)

    named_by = "step_record"  # in the history

    class Meta:
        verbose_name = _("verification")
        ordering = ["said_on", "created_at"]

    def __str__(self) -> str:
        return f"{self.step_record} – {self.get_kind_display()}, {day(self.said_on)}"

    def get_absolute_url(self) -> str:
        """Return the page of the step, where its verification stands."""
        location, number = self.step_record.location, self.step_record.definition.number
        return reverse("programmes:step-detail", args=[location.slug, number]) + "#verification"
