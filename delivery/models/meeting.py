"""Meetings: who was there, what was raised and decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
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
    """A meeting at a location, from a template; captured while it runs.

    ``sequence`` counts what invited people were told: a calendar takes the highest (RFC 5545).
    ``minutes`` are the printed minutes that name nobody who was there, ``minutes_named`` the same
    with names; those open to whoever is covered for all of ``named_agencies`` while all of
    ``named_consents`` stand. ``minutes_digest`` is of what they were made from.
    """

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
    summary = models.TextField(_("summary and other business"), blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_reason = models.TextField(_("why it was cancelled"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    minutes = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minutes_named = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    named_agencies = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    named_consents = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    minutes_on = models.DateField(_("minutes made on"), null=True, blank=True)
    minutes_digest = models.CharField(max_length=64, blank=True, editable=False)

    personal: ClassVar[dict[str, Personal]] = {
        "agenda": Personal.FREE_TEXT,
        "summary": Personal.FREE_TEXT,
        "cancelled_reason": Personal.FREE_TEXT,
        "called_by": Personal.AUTHOR,
        "minutes": Personal.FILE,
        "minutes_named": Personal.FILE,
        "named_consents": Personal.IDENTITY,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title", "where", "named_agencies", "minutes_digest")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["-held_on", "-starts_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:meeting-detail", args=[self.location.slug, self.pk])

    def agenda_points(self) -> list[str]:
        """Return the agenda's points: one a line, without the numbers that people type."""
        lines = (line.strip().lstrip("0123456789.)-–• ") for line in self.agenda.splitlines())
        return [line for line in lines if line]


class OfMeetingQuerySet(ScopedQuerySet):
    """What belongs to a meeting: as its location."""

    scope_paths = ("meeting__location",)


@tracked()
class MeetingAttendance(Record):
    """Somebody invited to a meeting, and whether they came.

    One of an agency, or of the community where none is named. ``told`` is the edition of the
    meeting (``Meeting.sequence``) that was last mailed to them; None: nothing yet.
    """

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
    told = models.PositiveIntegerField(null=True, blank=True, editable=False)

    personal: ClassVar[dict[str, Personal]] = {
        "member": Personal.IDENTITY,
        "user": Personal.IDENTITY,
        "name": Personal.IDENTITY,
    }

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance at a meeting")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False),
                name="once_a_meeting_by_account",
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(member__isnull=False),
                name="once_a_meeting_by_member",
            ),
        ]

    def __str__(self) -> str:
        """Return how they stand, never who it is: names are shown by selectors."""
        return str(self.get_state_display())

    def get_absolute_url(self) -> str:
        """Return the page of its meeting."""
        return self.meeting.get_absolute_url()


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
        verbose_name_plural = _("issues raised")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        """Return its place on the meeting's page."""
        return f"{self.meeting.get_absolute_url()}#entry-{self.pk}"


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

    def get_absolute_url(self) -> str:
        """Return its place in the register of the location."""
        register = reverse("delivery:decisions", args=[self.location.slug])
        return f"{register}#entry-{self.pk}"
