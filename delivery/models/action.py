"""Actions: who does what by when, and what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from delivery.choices import ActionState
from delivery.models.meeting import Decision, Meeting
from programmes.models import Evidence, Location, StepRecord, TargetPlace

CLOSED = (ActionState.DONE, ActionState.DROPPED)


class ActionQuerySet(ScopedQuerySet):
    """Actions: as their location."""

    scope_paths = ("location",)

    def open(self) -> ActionQuerySet:
        """Return those that somebody still has to do."""
        return self.exclude(state__in=CLOSED)

    def late(self, on: dt.date) -> ActionQuerySet:
        """Return those open past their due date on a day."""
        return self.open().filter(due_on__lt=on)

    def of(self, user: Any) -> ActionQuerySet:
        """Return those that a person is to do, as owner or helper."""
        helping = Action.helpers.through._default_manager.filter(user=user)
        return self.filter(Q(owner=user) | Q(pk__in=helping.values("action")))


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
        StoredFile,
        verbose_name=_("photo"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField(_("asked on"))
    # The agency of whoever asked; None means the lead agency's.
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    proposed_why = models.TextField(_("why another date"), blank=True)
    dropped_reason = models.TextField(_("why it is not going ahead"), blank=True)
    # Of the photo as it was sent (pictures are stored re-encoded): recognises a repeat.
    photo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("evidence on a step"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )

    personal: ClassVar[dict[str, Personal]] = {
        "details": Personal.FREE_TEXT,
        "owner": Personal.IDENTITY,
        "helpers": Personal.IDENTITY,
        "blocked_reason": Personal.FREE_TEXT,
        "closing_note": Personal.FREE_TEXT,
        "proposed_why": Personal.FREE_TEXT,
        "dropped_reason": Personal.FREE_TEXT,
        "photo": Personal.FILE,
        "asked_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title", "photo_sha256")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        ordering = ["due_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False, state__in=CLOSED)
                | (Q(closed_on__isnull=True) & ~Q(state__in=CLOSED)),
                name="closed_actions_have_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActionState.BLOCKED)
                | (Q(blocked_on__isnull=False) & ~Q(blocked_reason="")),
                name="blocked_actions_say_why",
            ),
        ]
        indexes = [models.Index(fields=["location", "state", "due_on"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:action-detail", args=[self.location.slug, self.pk])

    def own_url(self) -> str:
        """Return its page for those who are to do it; a mail's link leads there."""
        return reverse("delivery:my-action", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state not in CLOSED

    def days_late(self, on: dt.date) -> int:
        """Return how many days past its due date it is on a day; 0 if it is not late."""
        return max((on - self.due_on).days, 0) if self.is_open else 0

    def shown_state(self, on: dt.date) -> str:
        """Return the state as people speak of it: what is open past its date is overdue."""
        late = self.days_late(on) and self.state != ActionState.BLOCKED
        return "late" if late else str(self.state)

    def is_of(self, user: Any) -> bool:
        """Say whether a person is to do it, as owner or helper (read helpers beforehand)."""
        return user.pk == self.owner_id or any(one.pk == user.pk for one in self.helpers.all())


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
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("whose information"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "said_by": Personal.AUTHOR,
    }

    objects = ActionCommentQuerySet.as_manager()

    named_by = "action"  # in the history

    class Meta:
        verbose_name = _("comment on an action")
        ordering = ["created_at"]

    def get_absolute_url(self) -> str:
        """Return the page of its action."""
        return self.action.get_absolute_url()
