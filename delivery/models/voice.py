"""The resident's voice: heard, made a priority, acted on, answered."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.choices import AnswerKind, Channel, ConcernKind, ConcernState
from delivery.models.action import Action
from delivery.models.meeting import Decision
from programmes.models import Location, TargetPlace


class OfLocationQuerySet(ScopedQuerySet):
    """Priorities and answers: as their location."""

    scope_paths = ("location",)


@tracked()
class Priority(Record):
    """What a location works on because people asked for it; public once it is published."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="priorities")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities"
    )
    title = models.CharField(_("priority"), max_length=200)
    why = models.TextField(_("why"), blank=True)
    agreed_on = models.DateField(_("agreed on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities"
    )
    actions = models.ManyToManyField(Action, blank=True, related_name="priorities")
    published_on = models.DateField(_("published on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {"why": Personal.FREE_TEXT}
    impersonal: ClassVar[tuple[str, ...]] = ("title",)

    objects = OfLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["-agreed_on"]

    def __str__(self) -> str:
        return self.title


class ConcernQuerySet(ScopedQuerySet):
    """Concerns: at their location, for those who may read what residents say."""

    scope_paths = ("location",)


@tracked()
class Concern(Record):
    """What a resident brings: a concern, an idea, an offer. Nobody's name is asked for."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="concerns")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ConcernKind.choices)
    text = models.TextField(_("in their words"))
    public_text = models.TextField(_("as published"), blank=True)
    channel = models.CharField(_("how it reached us"), max_length=12, choices=Channel.choices)
    heard_on = models.DateField(_("heard on"))
    answer_by = models.DateField(_("answer promised by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=15, choices=ConcernState.choices, default=ConcernState.NEW
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "public_text": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        ordering = ["-heard_on", "-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.heard_on}"


@tracked()
class Answer(Record):
    """What was answered: "you said, we did", or "we could not, because"."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="answers")
    concern = models.ForeignKey(
        Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AnswerKind.choices)
    text = models.TextField(_("answer"))
    actions = models.ManyToManyField(Action, blank=True, related_name="answers")
    answered_on = models.DateField(_("answered on"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "approved_by": Personal.AUTHOR,
    }

    objects = OfLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["-answered_on"]


class SafeguardingQuerySet(ScopedQuerySet):
    """Safeguarding messages: for the few who hold that permission, nobody else."""

    scope_paths = ("location",)


@tracked()
class SafeguardingMessage(Record):
    """What somebody is worried about concerning a person; kept apart and never published."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("what they said"))
    contact = models.CharField(_("how to reach them, if they wish"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"))
    handled_on = models.DateField(_("passed on"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_note = models.TextField(_("to whom, and how"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "contact": Personal.CONTACT,
        "handled_by": Personal.AUTHOR,
        "handled_note": Personal.FREE_TEXT,
    }

    objects = SafeguardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("safeguarding message")
        ordering = ["-received_at"]
