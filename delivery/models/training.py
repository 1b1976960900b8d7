"""Training: courses, sessions at a location, and who came."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from core.screen import day
from delivery.models.group import DeliveryGroup, GroupMember
from programmes.models import Location


class CourseQuerySet(ScopedQuerySet):
    """Courses are the method's and belong to nobody: open to everybody signed in."""

    def visible_to(self, user: Any, permission: str = Permission.VIEW) -> Any:
        """Return all courses to whoever is signed in and only reads."""
        reads = permission == Permission.VIEW
        known = user is not None and user.is_authenticated and user.is_active
        return self.all() if known and reads else self.none()


@tracked()
class TrainingCourse(Record):
    """A course of the method, at a level."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    level = models.CharField(_("level"), max_length=100, blank=True)
    summary = models.TextField(_("what it teaches"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)
    retired_on = models.DateField(_("no longer offered since"), null=True, blank=True)

    impersonal: ClassVar[tuple[str, ...]] = ("key", "name", "level", "summary")

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("training course")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(ScopedQuerySet):
    """Sessions: as their location."""

    scope_paths = ("location",)


@tracked()
class TrainingSession(Record):
    """A course held at a location on a day."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="trainings")
    course = models.ForeignKey(TrainingCourse, on_delete=models.PROTECT, related_name="sessions")
    group = models.ForeignKey(
        DeliveryGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="trainings"
    )
    held_on = models.DateField(_("held on"))
    where = models.CharField(_("where"), max_length=200, blank=True)
    trainer = models.CharField(_("trainer"), max_length=150, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "trainer": Personal.IDENTITY,
        "notes": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("where",)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return f"{self.course}, {day(self.held_on)}"

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("delivery:training-detail", args=[self.location.slug, self.pk])


class TrainingAttendanceQuerySet(ScopedQuerySet):
    """Attendance: as the session's location."""

    scope_paths = ("session__location",)


@tracked()
class TrainingAttendance(Record):
    """How many of an agency, or of the community (no agency), came to a session.

    A row counts ``people`` heads. A row about a ``member`` of a group, or a ``user``, counts that
    one; the rows of a session add up to everybody who came.
    """

    session = models.ForeignKey(
        TrainingSession, on_delete=models.CASCADE, related_name="attendance"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    member = models.ForeignKey(
        GroupMember, on_delete=models.PROTECT, null=True, blank=True, related_name="trained"
    )
    people = models.PositiveSmallIntegerField(_("people"), default=1)

    personal: ClassVar[dict[str, Personal]] = {
        "user": Personal.IDENTITY,
        "member": Personal.IDENTITY,
    }

    objects = TrainingAttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance at training")
        ordering = ["agency__name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(member__isnull=True, user__isnull=True) | Q(people=1),
                name="delivery_attendance_counts_one_person_once",
            ),
            models.UniqueConstraint(
                fields=["session", "member"],
                condition=Q(member__isnull=False),
                name="delivery_attendance_once_by_member",
            ),
        ]
