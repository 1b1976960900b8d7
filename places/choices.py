"""Kinds of area and of links between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    """What an area is."""

    LSOA = "lsoa", _("Lower layer super output area (LSOA)")
    WARD = "ward", _("Ward")
    DISTRICT = "district", _("District")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood area")
    CSP = "csp", _("Community safety partnership")
    FORCE = "force", _("Police force area")
    BUILT_UP = "built_up", _("Built-up area")


class LinkKind(models.TextChoices):
    """How one area relates to another."""

    SUCCESSOR = "successor", _("became, in a later vintage")
    WITHIN = "within", _("lies within (best fit)")


class ChangeCode(models.TextChoices):
    """How an LSOA changed between vintages (ONS codes)."""

    UNCHANGED = "U", _("unchanged")
    SPLIT = "S", _("split")
    MERGED = "M", _("merged")
    COMPLEX = "X", _("changed in another way")


class DefinitionKind(models.TextChoices):
    """How the area of a location or target place is defined, and so how reports are counted."""

    LSOA_SET = "lsoa_set", _("A set of LSOAs")
    DRAWN = "drawn", _("A drawn boundary")
