"""The resident's voice: heard, made a priority, acted on, answered."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from core.screen import day
from delivery.choices import AnswerKind, Channel, ConcernKind, ConcernState, NotTaken
from delivery.models.action import Action
from delivery.models.meeting import Decision
from programmes.models import Location, TargetPlace


class OfLocationQuerySet(ScopedQuerySet):
    """Priorities and public pages: as their location."""

    scope_paths = ("location",)


@tracked()
class PublicPage(Record):
    """Whether a location's public page is open, and what it promises.

    Open from ``opened_on`` until the day before ``closed_on``. ``promise_days`` are the days within
    which whoever says something gets an answer. ``indexed`` lets search engines list it.
    """

    location = models.OneToOneField(Location, on_delete=models.CASCADE, related_name="public_page")
    opened_on = models.DateField(_("open since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    promise_days = models.PositiveSmallIntegerField(_("days until an answer"), default=20)
    intro = models.TextField(_("introduction"), blank=True)
    indexed = models.BooleanField(_("search engines may list it"), default=False)

    impersonal: ClassVar[tuple[str, ...]] = ("intro",)

    objects = OfLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("public page")

    def __str__(self) -> str:
        return str(self.location)

    def get_absolute_url(self) -> str:
        """Return where residents read it."""
        return reverse("delivery:public-page", args=[self.location.slug])

    def is_open_on(self, date: dt.date) -> bool:
        """Say whether residents find it on a day."""
        return self.opened_on <= date and (self.closed_on is None or date < self.closed_on)


@tracked()
class Priority(Record):
    """What a location works on because people asked for it; public once it is published.

    ``why`` is for those inside; ``doing`` is what residents read about it.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="priorities")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities"
    )
    title = models.CharField(_("priority"), max_length=200)
    why = models.TextField(_("why"), blank=True)
    doing = models.TextField(_("what we do about it, as residents read it"), blank=True)
    agreed_on = models.DateField(_("agreed on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities"
    )
    actions = models.ManyToManyField(Action, blank=True, related_name="priorities")
    published_on = models.DateField(_("published on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {"why": Personal.FREE_TEXT}
    impersonal: ClassVar[tuple[str, ...]] = ("title", "doing")

    objects = OfLocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["-agreed_on"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:priority-detail", args=[self.location.slug, self.pk])


class ConcernQuerySet(ScopedQuerySet):
    """Concerns: those who moderate find all of them, others at the location the published ones."""

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing one that is not published needs the right to moderate."""
        if permission != Permission.VIEW:
            return super().granted(user, permission)
        read = super().granted(user, Permission.VOICE_MODERATE)
        return read | (super().granted(user, permission) & Q(published_on__isnull=False))


# What somebody said is never changed after it was heard, and history is kept for ever: so the
# history leaves it out, and what is moved to safeguarding leaves nothing behind.
@tracked(exclude=("text", "where", "code_digest"))
class Concern(Record):
    """What a resident brings: a concern, an idea, an offer. Nobody's name is asked for.

    ``text`` and ``where`` are their words and read by those who moderate alone; ``public_text`` is
    the moderator's, without names. ``code_digest`` stands for the reference they were given.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="concerns")
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ConcernKind.choices)
    text = models.TextField(_("in their words"))
    where = models.CharField(_("where, in their words"), max_length=200, blank=True)
    public_text = models.TextField(_("as published"), blank=True)
    channel = models.CharField(_("how it reached us"), max_length=12, choices=Channel.choices)
    heard_on = models.DateField(_("heard on"))
    answer_by = models.DateField(_("answer promised by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=15, choices=ConcernState.choices, default=ConcernState.NEW
    )
    not_taken = models.CharField(
        _("why it is not taken further"), max_length=10, choices=NotTaken.choices, blank=True
    )
    not_taken_note = models.TextField(_("what we tell them about it"), blank=True)
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns"
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    code_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_on = models.DateField(_("read on"), null=True, blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "where": Personal.FREE_TEXT,
        "public_text": Personal.FREE_TEXT,
        "not_taken_note": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
        "read_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("code_digest",)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        ordering = ["-heard_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | ~Q(public_text=""),
                name="published_in_other_words",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day(self.heard_on)}"

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:concern-detail", args=[self.location.slug, self.pk])


class AnswerQuerySet(ScopedQuerySet):
    """Answers: published ones at their location, drafts for those who moderate or approve."""

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Seeing a draft needs the right to write or to approve it."""
        if permission != Permission.VIEW:
            return super().granted(user, permission)
        writes = super().granted(user, Permission.VOICE_MODERATE)
        approves = super().granted(user, Permission.LOCATION_MANAGE)
        seen = super().granted(user, permission) & Q(published_on__isnull=False)
        return writes | approves | seen


@tracked()
class Answer(Record):
    """What was answered: "you said, we did", or "we could not, because".

    Drafted by one person and approved by another, or by the same where nobody else there may;
    approving publishes it. A withdrawn answer is published no more and says why.
    """

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
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "drafted_by": Personal.AUTHOR,
        "approved_by": Personal.AUTHOR,
        "withdrawn_reason": Personal.FREE_TEXT,
    }

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["-answered_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=True) ^ Q(priority__isnull=True),
                name="answers_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day(self.answered_on)}"

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:answer-detail", args=[self.location.slug, self.pk])


class SafeguardingQuerySet(ScopedQuerySet):
    """Safeguarding messages: for the few who hold that permission, nobody else."""

    scope_paths = ("location",)

    def granted(self, user: Any, permission: str) -> Q:
        """Everything with them needs the one right."""
        return super().granted(user, Permission.SAFEGUARDING_READ)


@tracked(exclude=("text", "contact", "code_digest"))
class SafeguardingMessage(Record):
    """What somebody is worried about concerning a person; kept apart and never published.

    It comes by its own form, or was moved here from what residents say (``moved_by``): then it
    keeps the identity that it had there.
    """

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("what they said"))
    contact = models.CharField(_("how to reach them, if they wish"), max_length=200, blank=True)
    received_on = models.DateField(_("received on"))
    received_at = models.DateTimeField(_("received at"))
    code_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_on = models.DateField(_("passed on"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_note = models.TextField(_("to whom, and how"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "contact": Personal.CONTACT,
        "moved_by": Personal.AUTHOR,
        "handled_by": Personal.AUTHOR,
        "handled_note": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("code_digest",)

    objects = SafeguardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("safeguarding message")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return str(_("Safeguarding message"))

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:safeguarding-detail", args=[self.location.slug, self.pk])
