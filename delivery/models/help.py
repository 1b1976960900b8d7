"""Asking for help from above: proposed by rule, sent by a person, decided, returned."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.choices import HelpOutcome, HelpState, Tier
from delivery.models.action import Action
from delivery.models.meeting import Decision
from programmes.models import Location, StepRecord


class HelpQuerySet(ScopedQuerySet):
    """Asking for help: as its location."""

    scope_paths = ("location",)


@tracked()
class HelpRequest(Record):
    """A group asks the tier above for something it cannot do itself (escalation).

    ``rule`` says why it was proposed by rule and ``cause`` names what gave rise to it, so that one
    cause is proposed once; both are empty for what somebody asks by hand. What is asked is the
    information of ``agency`` (the sender's, else the lead agency's).
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="help_requests")
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    step = models.ForeignKey(
        StepRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="help_requests"
    )
    concern = models.ForeignKey(
        "delivery.Concern",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_requests",
    )
    tier = models.CharField(_("asked of"), max_length=10, choices=Tier.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=HelpState.choices, default=HelpState.PROPOSED
    )
    rule = models.CharField(_("proposed because"), max_length=60, blank=True)
    cause = models.CharField(max_length=120, blank=True, editable=False)
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    title = models.CharField(_("what is asked for"), max_length=200)
    reason = models.TextField(_("why help is needed"), blank=True)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    passed_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="passed_to"
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decide_by = models.DateField(_("decision asked for by"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=HelpOutcome.choices, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.TextField(_("decision"), blank=True)
    help_from = models.CharField(_("who helps"), max_length=150, blank=True)
    help_by = models.DateField(_("by when"), null=True, blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_record = models.OneToOneField(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_request",
    )
    follow_up = models.OneToOneField(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="made_by_help"
    )
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.TextField(_("why taken back"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "reason": Personal.FREE_TEXT,
        "sent_by": Personal.AUTHOR,
        "decided_by": Personal.AUTHOR,
        "decision": Personal.FREE_TEXT,
        "help_from": Personal.FREE_TEXT,
        "returned_by": Personal.AUTHOR,
        "withdrawn_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("rule", "cause", "title")

    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = _("asking for help")
        verbose_name_plural = _("asking for help")
        ordering = ["decide_by", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cause"], condition=~models.Q(cause=""), name="one_proposal_per_cause"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:help-detail", args=[self.location.slug, self.pk])
