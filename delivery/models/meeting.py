"""Meetings: who was there, what was raised and decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record, StoredFile
from core.personal import Personal
from delivery.choices import Attended, MeetingKind, MeetingState
from delivery.models.group import DeliveryGroup, GroupMember
from programmes.models import Location


class MeetingQuerySet(ScopedQuerySet):
    """Meetings: as their location."""

    scope_paths = ("location",)


@tracked()
class Meeting(Record):
    """A meeting at a location, from a template; captured while it runs."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="meetings")
    group = models.ForeignKey(
        DeliveryGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices)
    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    where = models.CharField(_("where"), max_length=200, blank=True)
    agenda = models.TextField(_("agenda"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    minutes = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "agenda": Personal.FREE_TEXT,
        "called_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title", "where")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["-held_on", "-starts_at"]

    def __str__(self) -> str:
        return f"{self.title}, {self.held_on}"


class OfMeetingQuerySet(ScopedQuerySet):
    """What belongs to a meeting: as its location."""

    scope_paths = ("meeting__location",)


@tracked()
class MeetingAttendance(Record):
    """Somebody invited to a meeting, and whether they came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(
        GroupMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=Attended.choices, default=Attended.INVITED
    )

    personal: ClassVar[dict[str, Personal]] = {
        "member": Personal.IDENTITY,
        "user": Personal.IDENTITY,
        "name": Personal.IDENTITY,
    }

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance at a meeting")
        ordering = ["name"]


@tracked()
class Issue(Record):
    """Something raised at a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="issues")
    text = models.TextField(_("what was raised"))
    concern = models.ForeignKey(
        "delivery.Concern", on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue raised")
        ordering = ["created_at"]


class DecisionQuerySet(ScopedQuerySet):
    """Decisions: as their location."""

    scope_paths = ("location",)


@tracked()
class Decision(Record):
    """What was decided, when, and by whom; at a meeting or outside one."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="decisions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="decisions"
    )
    issue = models.ForeignKey(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    text = models.TextField(_("what was decided"))
    decided_on = models.DateField(_("decided on"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "text": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        ordering = ["-decided_on", "-created_at"]

    def __str__(self) -> str:
        return self.text[:80]
