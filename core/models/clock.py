"""The business date of a demonstration, and what has been done about each date."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Stamped


class BusinessDate(models.Model):
    """At most one row: the date at which a demonstration's business stands."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    date = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="one_business_date")
        ]

    def __str__(self) -> str:
        return self.date.isoformat()


class DueRun(Stamped):
    """That something which falls due with a business date was done for that date.

    ``updated_at`` is when it was last done; ``outcome`` what it said.
    """

    name = models.CharField(_("what"), max_length=100)
    on = models.DateField(_("business date"))
    outcome = models.TextField(_("outcome"), blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("name", "outcome")

    class Meta:
        verbose_name = _("due work")
        constraints = [models.UniqueConstraint(fields=["name", "on"], name="due_once_a_date")]

    def __str__(self) -> str:
        return f"{self.name} on {self.on.isoformat()}"
