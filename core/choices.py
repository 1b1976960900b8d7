"""Choices that hold for every record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Marking(models.TextChoices):
    """Government security classification of a record or a document."""

    OFFICIAL = "official", "OFFICIAL"
    OFFICIAL_SENSITIVE = "official-sensitive", "OFFICIAL-SENSITIVE"


class JobState(models.TextChoices):
    """Where a job stands; the last three are final."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def open_states(cls) -> list[str]:
        """States in which a job may still change."""
        return [cls.QUEUED, cls.RUNNING]
