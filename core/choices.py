"""Choices that hold for every record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Marking(models.TextChoices):
    """Government security classification of a record or a document."""

    OFFICIAL = "official", "OFFICIAL"
    OFFICIAL_SENSITIVE = "official-sensitive", "OFFICIAL-SENSITIVE"


class JobState(models.TextChoices):
    """Where a job stands; the last four are final."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    DENIED = "denied", _("Denied")

    @classmethod
    def open_states(cls) -> list[str]:
        """States in which a job may still change."""
        return [cls.QUEUED, cls.RUNNING]


class LedgerAction(models.TextChoices):
    """What an entry of the ledger says was done."""

    VIEW = "view", _("Viewed")
    SEARCH = "search", _("Listed or searched")
    DOWNLOAD = "download", _("Downloaded")
    EXPORT = "export", _("Exported")
    DISCLOSE = "disclose", _("Disclosed")
    CHANGE = "change", _("Added or changed")
    DENIED = "denied", _("Denied")
    SIGN_IN = "sign_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")
    SIGN_OUT = "sign_out", _("Signed out")
    ACCOUNT = "account", _("Account changed")
    PERMISSION = "permission", _("Role or permission changed")
    AGREEMENT = "agreement", _("Sharing agreement changed")


class TabularState(models.TextChoices):
    """Where a table on its way in stands."""

    PREVIEWED = "previewed", _("Checked, not stored yet")
    APPLYING = "applying", _("Being stored")
    APPLIED = "applied", _("Stored")
    UNDONE = "undone", _("Undone")
