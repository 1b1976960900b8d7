"""The log: visits, briefings, one-to-ones, noted in a minute."""

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
from delivery.choices import LogKind
from programmes.models import Location, StepRecord, TargetPlace


class LogQuerySet(ScopedQuerySet):
    """The log: as its location."""

    scope_paths = ("location",)


@tracked()
class LogEntry(Record):
    """What somebody did at a location on a day."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="log")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="log"
    )
    step = models.ForeignKey(
        StepRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="log"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=LogKind.choices)
    done_on = models.DateField(_("on"))
    where = models.CharField(_("where"), max_length=150, blank=True)
    text = models.TextField(_("what happened"))
    people = models.PositiveSmallIntegerField(_("people met"), null=True, blank=True)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "photo": Personal.FILE,
        "recorded_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("where",)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering = ["-done_on", "-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day(self.done_on)}"

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:log-detail", args=[self.location.slug, self.pk])
