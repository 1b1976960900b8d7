"""What happened on a step at a location: dates, evidence, sign-off."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from core.screen import day
from programmes.models.place import Location
from programmes.models.template import EvidenceWanted, StepDefinition


class StepRecordQuerySet(ScopedQuerySet):
    """Step records: as their location."""

    scope_paths = ("location",)


@tracked()
class StepRecord(Record):
    """One step at one location. Progress is computed from evidence; nobody types a percentage.

    Gates are soft: work on a step whose predecessors are not signed off needs
    ``out_of_order_reason``, which is shown ever after. Sign-offs are hard.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="steps")
    definition = models.ForeignKey(StepDefinition, on_delete=models.PROTECT, related_name="records")
    planned_start = models.DateField(_("planned start"))
    planned_end = models.DateField(_("planned end"))
    started_on = models.DateField(_("started on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    out_of_order_reason = models.TextField(_("why out of order"), blank=True)
    out_of_order_on = models.DateField(null=True, blank=True)
    out_of_order_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    personal: ClassVar[dict[str, Personal]] = {
        "notes": Personal.FREE_TEXT,
        "out_of_order_reason": Personal.FREE_TEXT,
        "out_of_order_by": Personal.AUTHOR,
    }

    objects = StepRecordQuerySet.as_manager()

    named_by = "definition"  # in the history
    name_needs = ("location", "definition")

    class Meta:
        verbose_name = _("step record")
        ordering = ["location", "definition__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "definition"], name="one_record_per_step_and_location"
            ),
            models.CheckConstraint(
                condition=models.Q(planned_end__gte=models.F("planned_start")),
                name="planned_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location}: {self.definition}"

    def get_absolute_url(self) -> str:
        """Return the step's page under its location."""
        return reverse("programmes:step-detail", args=[self.location.slug, self.definition.number])


class EvidenceQuerySet(ScopedQuerySet):
    """Evidence: as its step's location."""

    scope_paths = ("step_record__location",)


@tracked()
class Evidence(Record):
    """One piece of evidence on a step: a note, a link, a file, with the date it was done."""

    step_record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="evidence")
    wanted = models.ForeignKey(
        EvidenceWanted,
        verbose_name=_("what it shows"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    link = models.URLField(_("link"), blank=True)
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("file"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Of the bytes as they were sent (images are stored re-encoded): recognises a repeat.
    upload_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    done_on = models.DateField(_("done on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_reason = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "title": Personal.FREE_TEXT,
        "note": Personal.FREE_TEXT,
        "link": Personal.FREE_TEXT,
        "file": Personal.FILE,
        "recorded_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("upload_sha256",)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        ordering = ["done_on", "created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of the step it belongs to."""
        return self.step_record.get_absolute_url()


class SignOffQuerySet(ScopedQuerySet):
    """Sign-offs: as their step's location."""

    scope_paths = ("step_record__location",)


@tracked()
class SignOff(Record):
    """A named person's statement that a step is done; reopening keeps it, with the reason."""

    step_record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="sign_offs")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_on = models.DateField(_("signed off on"))
    statement = models.TextField(_("statement"), blank=True)
    by_own_hand = models.BooleanField(
        _("signed off by someone who recorded its evidence"), default=False
    )
    reopened_on = models.DateField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reopened_reason = models.TextField(blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "signed_by": Personal.AUTHOR,
        "statement": Personal.FREE_TEXT,
        "reopened_by": Personal.AUTHOR,
        "reopened_reason": Personal.FREE_TEXT,
    }

    objects = SignOffQuerySet.as_manager()

    named_by = "step_record"  # in the history

    class Meta:
        verbose_name = _("sign-off")
        ordering = ["signed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["step_record"],
                condition=models.Q(reopened_on__isnull=True),
                name="one_standing_sign_off",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_record} – {day(self.signed_on)}"
