"""Choices of community assets, stakeholders and walks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssetKind(models.TextChoices):
    """What sort of strength it is."""

    PERSON = "person", _("Local contributor")
    GROUP = "group", _("Group")
    INSTITUTION = "institution", _("Institution")
    PLACE = "place", _("Place")
    CONNECTION = "connection", _("Connection")


class AssetTheme(models.TextChoices):
    """What it is about."""

    SAFETY = "safety", _("Community safety")
    YOUNG_PEOPLE = "young_people", _("Young people")
    OLDER_PEOPLE = "older_people", _("Older people")
    FAMILIES = "families", _("Families and children")
    HEALTH = "health", _("Health and wellbeing")
    SPORT = "sport", _("Sport and play")
    ARTS = "arts", _("Arts and culture")
    FAITH = "faith", _("Faith")
    GREEN = "green", _("Green space and environment")
    BUSINESS = "business", _("Shops and business")
    HOUSING = "housing", _("Housing")
    ADVICE = "advice", _("Advice and support")
    LEARNING = "learning", _("Learning and skills")
    SPACE = "space", _("A place to meet")
    OTHER = "other", _("Something else")


class Sector(models.TextChoices):
    """Where a stakeholder belongs."""

    RESIDENTS = "residents", _("Residents")
    POLICE = "police", _("Police")
    LOCAL_COUNCIL = "local_council", _("Town or parish council")
    COUNCIL = "council", _("County, district or unitary council")
    HOUSING = "housing", _("Housing")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Schools and colleges")
    BUSINESS = "business", _("Business")
    CHARITY = "charity", _("Charity or voluntary group")
    FAITH = "faith", _("Faith")
    MEDIA = "media", _("Media")
    OTHER = "other", _("Another")


class Involvement(models.TextChoices):
    """How far a stakeholder takes part."""

    INVOLVED = "involved", _("Involved")
    INVITED = "invited", _("Invited")
    NOT_YET = "not_yet", _("Not yet involved")


class LinkKind(models.TextChoices):
    """What ties two stakeholders."""

    WORKS = "works", _("Work together")
    TALKS = "talks", _("Talk to each other")
    REFERS = "refers", _("Send people to each other")
    FUNDS = "funds", _("Money")
    PEOPLE = "people", _("People in common")
    STRAINED = "strained", _("Strained")


class LinkStrength(models.IntegerChoices):
    """How strong a tie is."""

    LOOSE = 1, _("Loose: now and then")
    REGULAR = 2, _("Regular: every month or so")
    STRONG = 3, _("Strong: every week, and they rely on each other")


class ObservationKind(models.TextChoices):
    """Which way something seen points."""

    IMPROVE = "improve", _("Something to improve")
    STRENGTH = "strength", _("A strength")


class ObservationTheme(models.TextChoices):
    """What something seen is about."""

    LIGHTING = "lighting", _("Lighting")
    SIGHTLINES = "sightlines", _("What can be seen from where")
    LITTER = "litter", _("Litter, fly-tipping and graffiti")
    DECAY = "decay", _("Repair and upkeep")
    ACCESS = "access", _("Access and layout")
    SECURITY = "security", _("Physical security")
    VEHICLES = "vehicles", _("Vehicles and parking")
    GREEN = "green", _("Green space and planting")
    PEOPLE = "people", _("People about, and what they do")
    OTHER = "other", _("Something else")


class Light(models.TextChoices):
    """The light in which a walk was made."""

    DAY = "day", _("Daylight")
    DUSK = "dusk", _("Dusk")
    DARK = "dark", _("Dark")
