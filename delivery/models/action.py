"""Actions: who does what by when, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from delivery.choices import ActionState
from delivery.models.meeting import Decision, Meeting
from programmes.models import Location, StepRecord, TargetPlace


class ActionQuerySet(ScopedQuerySet):
    """Actions: as their location."""

    scope_paths = ("location",)


@tracked()
class Action(Record):
    """One owned, dated task. Due and done are business dates; whether it is late is computed."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="actions")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    step = models.ForeignKey(
        StepRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    title = models.CharField(_("what is to be done"), max_length=200)
    details = models.TextField(_("details"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="actions"
    )
    helpers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=10, choices=ActionState.choices, default=ActionState.ASKED
    )
    proposed_due_on = models.DateField(_("other date proposed"), null=True, blank=True)
    blocked_reason = models.TextField(_("what blocks it"), blank=True)
    blocked_on = models.DateField(_("blocked since"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing_note = models.TextField(_("what was done"), blank=True)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "details": Personal.FREE_TEXT,
        "owner": Personal.IDENTITY,
        "helpers": Personal.IDENTITY,
        "blocked_reason": Personal.FREE_TEXT,
        "closing_note": Personal.FREE_TEXT,
        "photo": Personal.FREE_TEXT,
        "asked_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title",)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        ordering = ["due_on", "title"]

    def __str__(self) -> str:
        return self.title


class ActionCommentQuerySet(ScopedQuerySet):
    """Comments: as their action's location."""

    scope_paths = ("action__location",)


@tracked()
class ActionComment(Record):
    """What somebody said about an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"))
    said_on = models.DateField(_("on"))
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "said_by": Personal.AUTHOR,
    }

    objects = ActionCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on an action")
        ordering = ["created_at"]
