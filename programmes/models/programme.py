"""A programme: one funded run of the method."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission, anchor_permissions
from accounts.scoping import ScopedQuerySet, granted_on
from core.history import tracked
from core.models import Record
from programmes.models.template import StepTemplate


class ProgrammeQuerySet(ScopedQuerySet):
    """Programmes: granted directly; seen (only seen) also by those with a role at a location."""

    def granted(self, user: Any, permission: str) -> Q:
        """Take what ``granted_ids`` says."""
        return Q(pk__in=self.granted_ids(user, permission))

    def granted_ids(self, user: Any, permission: str) -> Any:
        """Take a grant on the programme, or, to see it, one to see any of its locations."""
        from programmes.models.permission import LocationUserPermission, ProgrammeUserPermission
        from programmes.models.place import Location

        ids = granted_on(ProgrammeUserPermission, user, permission)
        if permission == Permission.VIEW:
            at_location = granted_on(LocationUserPermission, user, permission)
            ids = ids.united(at_location.through(Location, "programme"))
        return ids


@tracked()
class Programme(Record):
    """One funded Intensive Engagement run over several locations."""

    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    summary = models.TextField(_("summary"), blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    template = models.ForeignKey(
        StepTemplate, verbose_name=_("steps"), on_delete=models.PROTECT, related_name="programmes"
    )
    lead_agency = models.ForeignKey(
        Agency,
        verbose_name=_("lead agency"),
        help_text=_("Whose information the programme holds, unless a record says otherwise."),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_programmes",
    )
    starts_on = models.DateField(_("starts on"))
    weeks = models.PositiveSmallIntegerField(_("length in weeks"), default=40)
    grant_pounds = models.PositiveIntegerField(_("grant in pounds"), null=True, blank=True)
    grant_note = models.TextField(_("about the grant"), blank=True)
    source_note = models.TextField(_("where this account comes from"), blank=True)

    impersonal: ClassVar[tuple[str, ...]] = (
        "slug",
        "name",
        "summary",
        "purpose",
        "grant_note",
        "source_note",
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        ordering = ["name"]
        default_permissions = ()
        permissions = anchor_permissions()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the programme's page: locations by steps."""
        return reverse("programmes:programme-detail", args=[self.slug])

    def week_of(self, date: dt.date) -> int:
        """Return the programme's week on a date: 1 on its first day, 0 or less before."""
        return (date - self.starts_on).days // 7 + 1

    def week_starts(self, week: int) -> dt.date:
        """Return the first day of a week."""
        return self.starts_on + dt.timedelta(weeks=week - 1)
