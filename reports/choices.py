"""Choices of progress reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    """How a quarter's report stands."""

    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
