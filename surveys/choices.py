"""Choices of questions, waves and answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("One of several answers")
    SEVERAL = "several", _("All answers that apply")
    SCALE = "scale", _("A scale from 0 to 10")
    NUMBER = "number", _("A number")
    TEXT = "text", _("In their own words")


class WaveMode(models.TextChoices):
    """How people come to answer a wave."""

    OPEN_LINK = "open_link", _("Open link: anyone with the address or the QR code")
    CODES = "codes", _("Single-use codes: one answer for each code")
    PAPER = "paper", _("Paper only: answers are typed in from sheets")


class WaveState(models.TextChoices):
    """Where a wave stands; computed from its dates, never stored."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    ENTERING = "entering", _("Closed, sheets being typed in")
    FINISHED = "finished", _("Finished")


class Way(models.TextChoices):
    """How one answer reached us."""

    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")


class TextState(models.TextChoices):
    """Whether somebody has read what a person wrote."""

    WAITING = "waiting", _("Waiting to be read")
    KEPT = "kept", _("Kept, as below")
    HELD_BACK = "held_back", _("Held back")
