"""Asking for help from above: proposed by rule, sent by a person, decided, returned."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.choices import HelpState, Tier
from delivery.models.action import Action
from programmes.models import Location, StepRecord


class HelpQuerySet(ScopedQuerySet):
    """Asking for help: as its location."""

    scope_paths = ("location",)


@tracked()
class HelpRequest(Record):
    """A group asks the tier above for something it cannot do itself (escalation)."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="help_requests")
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    step = models.ForeignKey(
        StepRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    tier = models.CharField(_("asked of"), max_length=10, choices=Tier.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=HelpState.choices, default=HelpState.PROPOSED
    )
    rule = models.CharField(_("proposed because"), max_length=60, blank=True)
    title = models.CharField(_("what is asked for"), max_length=200)
    reason = models.TextField(_("why help is needed"), blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decide_by = models.DateField(_("decision asked for by"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.TextField(_("decision"), blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "reason": Personal.FREE_TEXT,
        "sent_by": Personal.AUTHOR,
        "decided_by": Personal.AUTHOR,
        "decision": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("rule", "title")

    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = _("asking for help")
        verbose_name_plural = _("asking for help")
        ordering = ["decide_by", "created_at"]

    def __str__(self) -> str:
        return self.title
