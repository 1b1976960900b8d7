"""The base of sharing agreements; concrete rows lie beside the anchor they hold for."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sharing import Category, LegalBasis
from core.models import Record, StoredFile
from core.personal import Personal


class Agreement(Record):
    """What several agencies have agreed to share, why, on which legal basis, and until when.

    It counts on the days from ``starts_on`` to ``ends_on`` (if it was ended early: on the days
    before ``ended_on``), and between those parties only that have signed and not withdrawn.
    """

    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"))
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis.choices)
    categories = ArrayField(
        models.CharField(max_length=20, choices=Category.choices),
        verbose_name=_("categories of information"),
    )
    starts_on = models.DateField(_("starts on"))
    review_on = models.DateField(_("review on"))
    ends_on = models.DateField(_("ends on"))
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_reason = models.TextField(_("why it was ended"), blank=True)
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "ended_reason": Personal.FREE_TEXT,
        "document": Personal.FILE,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title", "purpose")

    class Meta:
        abstract = True
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on"))
                & Q(review_on__gte=models.F("starts_on"))
                & Q(review_on__lte=models.F("ends_on")),
                name="%(class)s_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def counts_on(self, date: dt.date) -> bool:
        """Say whether its dates cover a day, whoever has signed."""
        if self.ended_on is not None and date >= self.ended_on:
            return False
        return self.starts_on <= date <= self.ends_on

    @staticmethod
    def in_force(on: dt.date, prefix: str = "") -> Q:
        """Return the condition that its dates cover a day, as ``counts_on``."""
        where: dict[str, Any] = {f"{prefix}starts_on__lte": on, f"{prefix}ends_on__gte": on}
        not_ended = Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": on})
        return Q(**where) & not_ended
