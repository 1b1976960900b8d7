"""Choices of incidents, their files and the packages built from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """Kinds of file that a force publishes each month."""

    STREET = "street", _("street")
    OUTCOMES = "outcomes", _("outcomes")


class Coverage(models.TextChoices):
    """What is held for a force in a month."""

    OBSERVED = "observed", _("held")
    PARTIAL = "partial", _("held, but looks incomplete")
    MISSING = "missing", _("not held")


class PackageState(models.TextChoices):
    """Whether a package may be used."""

    CURRENT = "current", _("Current")
    SUPERSEDED = "superseded", _("Replaced by a later one")
    WITHDRAWN = "withdrawn", _("Withdrawn")
