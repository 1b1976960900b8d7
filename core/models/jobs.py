"""A job is a row: the truth about long work; Celery and Redis only carry and wake it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.choices import JobState
from core.models.base import Identified, Stamped
from core.models.files import StoredFile
from core.personal import Personal


class JobRunQuerySet(models.QuerySet["JobRun"]):
    """Jobs belong to those who asked for them."""

    def visible_to(self, user: Any, permission: str = "view") -> JobRunQuerySet:
        """Return one's own jobs; to see (``view``), also those one asked for as a second person."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(requested_by=user)
        if permission != "view":
            return self.filter(own)
        followed = JobRun.followers.through.objects.filter(user=user)
        return self.filter(own | Q(pk__in=followed.values("jobrun")))

    def open(self) -> JobRunQuerySet:
        """Return jobs that may still change."""
        return self.filter(state__in=JobState.open_states())


class JobRun(Identified, Stamped):
    """One piece of long work: claimed once, with heartbeat and lease, progress and result.

    ``key`` names what is worked on: at most one open job per (kind, key). ``token`` is the fencing
    token of the current attempt: a worker whose lease was taken over can write nothing more.
    """

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(max_length=200)
    title = models.CharField(_("what"), max_length=200)
    params = models.JSONField(default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="jobs",
    )
    followers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        blank=True,
        help_text=_("People who asked for the same while it was open."),
    )
    business_date = models.DateField(
        _("business date"),
        null=True,
        blank=True,
        help_text=_("The business date at which it was asked for; every attempt works at it."),
    )
    language = models.CharField(max_length=20, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    stage = models.CharField(_("stage"), max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often a worker has begun it.")
    )
    failures = models.PositiveSmallIntegerField(
        default=0, help_text=_("Attempts that ended in an unexpected error.")
    )
    max_attempts = models.PositiveSmallIntegerField(
        default=5, help_text=_("How many unexpected errors are borne before it fails.")
    )
    lost_leases = models.PositiveSmallIntegerField(
        default=0, help_text=_("Attempts whose worker died; counted apart from errors.")
    )
    not_before = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, editable=False)
    worker = models.CharField(max_length=200, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    checkpoints = models.JSONField(
        default=dict, editable=False, help_text=_("What earlier attempts have finished.")
    )
    error = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    result_url = models.CharField(max_length=300, blank=True)
    result_file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    # Parameters, steps and errors name records by their ids, never by what they hold.
    personal: ClassVar[dict[str, Personal]] = {
        "requested_by": Personal.AUTHOR,
        "followers": Personal.AUTHOR,
        "result_file": Personal.FILE,
    }
    impersonal: ClassVar[tuple[str, ...]] = (
        "kind",
        "key",
        "title",
        "params",
        "language",
        "stage",
        "token",
        "worker",
        "checkpoints",
        "error",
        "result",
        "result_url",
    )

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "running"]),
                name="one_open_job_per_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["queued", "running"]),
                name="open_jobs",
            ),
            models.Index(fields=["requested_by", "-created_at"], name="jobs_of_person"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("core:job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.state in JobState.open_states()

    @property
    def percent(self) -> int:
        """How far it has come, in per cent of its steps; 0 while their number is not known."""
        return min(100, self.done * 100 // self.total) if self.total else 0
