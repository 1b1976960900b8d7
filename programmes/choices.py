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


class VerificationKind(models.TextChoices):
    """What is said in the verification of a step, by the verifier or by the location."""

    SENT = "sent", _("Sent to the verifier")
    RETURNED = "returned", _("Returned with reasons")
    RESENT = "resent", _("Sent again")
    AGREED = "agreed", _("Verified")


class ConsentPurpose(models.TextChoices):
    """To what a person consents."""

    CONTACT = "contact", _("To be contacted about the programme")
    CONTRIBUTOR = "contributor", _("To be listed as a local contributor")
    GROUP = "group", _("To take part in a group, with their name known to it")
    PHOTO = "photo", _("To be seen in photos")
    STORY = "story", _("To have their words used in reports")


class ConsentWay(models.TextChoices):
    """How a consent was given."""

    WRITTEN = "written", _("In writing")
    SPOKEN = "spoken", _("In conversation")
    ONLINE = "online", _("Online, by themselves")
