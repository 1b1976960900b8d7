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


class FeedKind(models.TextChoices):
    """Whose records a feed brings."""

    FORCE = "force", _("Police: incidents recorded by the force")
    COUNCIL = "council", _("Council: noise, fly-tipping, graffiti and the like")
    FIRE = "fire", _("Fire and rescue: deliberate fires")
    HOUSING = "housing", _("Housing: reports of tenants")
    HEALTH = "health", _("Health: counts by area")
    EDUCATION = "education", _("Education: counts by area")
    OTHER = "other", _("Another agency")


class Grain(models.TextChoices):
    """What a row of a feed's files stands for."""

    INCIDENT = "incident", _("one incident")
    COUNT = "count", _("a count for an area and month")


class Qualifier(models.TextChoices):
    """Whom anti-social behaviour is aimed at (National Standard for Incident Recording)."""

    PERSONAL = "personal", _("Personal: aimed at somebody")
    NUISANCE = "nuisance", _("Nuisance: to the community")
    ENVIRONMENTAL = "environmental", _("Environmental: to the surroundings")


class Theme(models.TextChoices):
    """What agencies' own categories have in common, so that they can stand side by side."""

    ROWDY = "rowdy", _("Rowdy or inconsiderate behaviour")
    NEIGHBOURS = "neighbours", _("Nuisance neighbours")
    NOISE = "noise", _("Noise")
    DRINKING = "drinking", _("Street drinking")
    BEGGING = "begging", _("Begging")
    DRUGS = "drugs", _("Drug use and dealing in public")
    LITTER = "litter", _("Littering and drug paraphernalia")
    FLY_TIPPING = "fly_tipping", _("Fly-tipping")
    GRAFFITI = "graffiti", _("Graffiti and damage")
    VEHICLES = "vehicles", _("Nuisance and abandoned vehicles")
    FIRES = "fires", _("Deliberate fires")
    FIREWORKS = "fireworks", _("Fireworks")
    ANIMALS = "animals", _("Animals")
    TRESPASS = "trespass", _("Trespass")
    MESSAGES = "messages", _("Malicious communications")
    SEX_WORK = "sex_work", _("Prostitution-related")
    SCHOOLS = "schools", _("Exclusions and absence")
    HARM = "harm", _("Injury and ill health")
    OTHER = "other", _("Something else")


class RequestState(models.TextChoices):
    """How a request for data stands; whether it is late or came is computed."""

    ASKED = "asked", _("Asked for")
    CAME = "came", _("Came")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("No longer needed")


class GapKind(models.TextChoices):
    """What is wrong with data that a location needs."""

    MISSING = "missing", _("Not held")
    PARTIAL = "partial", _("Looks incomplete")
    UNLOCATED = "unlocated", _("Too few rows have a place")
    UNTIMED = "untimed", _("Too few rows have a time")
    LATE = "late", _("Came late")
    REFUSED = "refused", _("Refused by the agency")
