"""Choices of programmes and steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepState(models.TextChoices):
    """How a step stands; computed from its records, never typed."""

    NOT_STARTED = "not_started", _("Not started")
    UNDER_WAY = "under_way", _("Under way")
    READY = "ready", _("Ready to sign off")
    SIGNED_OFF = "signed_off", _("Signed off")


class StepTiming(models.TextChoices):
    """How a step stands against its planned weeks."""

    NOT_DUE = "not_due", _("Not due yet")
    IN_TIME = "in_time", _("On time")
    LATE = "late", _("Late")
    DONE = "done", _("Done")
