"""The lists of stakeholders and of their links."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.exports.assets import INVENTED, LOCATION, MARKING
from assets.exports.common import may_sensitive, withheld_columns
from assets.models import NetworkLink, Stakeholder
from assets.scales import SCALES
from core.choices import Marking
from core.exports import Column, Export
from core.personal import Personal
from programmes.exports.common import DATE, NUMBER, SCOPES, locations_in


def _column(key: str, title: Any, description: Any, **more: Any) -> Column:
    return Column(key=key, title=title, description=description, **more)


def _scale(key: str, title: Any) -> Column:
    words = "; ".join(f"{number} {text}" for number, text in enumerate(SCALES[key], 1))
    return _column(key, title, words, type=NUMBER)


STAKEHOLDERS = Export(
    key="assets.stakeholders",
    title=_("Stakeholders"),
    description=_("The register: who is affected, who can make a change, who takes part."),
    model=Stakeholder,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        Stakeholder.objects.filter(location__in=locations_in(user, scope))
        .current()
        .select_related("location__programme__lead_agency", "agency")
        .order_by("location__name", "name", "pk")
    ),
    withheld=withheld_columns({"contact": ("contact",)}),
    may_sensitive=may_sensitive,
    date="judged_on",
    date_label=_("judged on"),
    order=72,
    columns=(
        LOCATION,
        _column(
            "name",
            _("Organisation or role"),
            _("Who it is; no names of persons."),
            personal=Personal.FREE_TEXT,
        ),
        _column("sector", _("Sector"), _("Where they belong."), value="get_sector_display"),
        _column("does", _("What they do here"), _("In words."), personal=Personal.FREE_TEXT),
        _column(
            "contact",
            _("How to reach them"),
            _("As recorded."),
            personal=Personal.CONTACT,
            category=Category.PEOPLE,
        ),
        _column("involvement", _("Taking part"), _("How far."), value="get_involvement_display"),
        _column(
            "why_not",
            _("Why not yet involved"),
            _("And how they will be asked."),
            personal=Personal.FREE_TEXT,
        ),
        _scale("interest", _("Interest")),
        _scale("influence", _("Influence")),
        _scale("capability", _("Capability")),
        _scale("connectedness", _("Connectedness")),
        _column("judged_on", _("Judged on"), _("The day of the judgements."), type=DATE),
        MARKING,
        INVENTED,
    ),
)

# The ends of a link are named only where neither of the two stakeholders is sensitive.
LINKS = Export(
    key="assets.links",
    title=_("Links between stakeholders"),
    description=_("Who is tied to whom, how and how strongly; links to sensitive ones left out."),
    model=NetworkLink,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        NetworkLink.objects.filter(location__in=locations_in(user, scope))
        .current()
        .exclude(source__marking=Marking.OFFICIAL_SENSITIVE)
        .exclude(target__marking=Marking.OFFICIAL_SENSITIVE)
        .select_related("location__programme__lead_agency", "source", "target")
        .order_by("location__name", "source__name", "target__name", "pk")
    ),
    date="seen_on",
    date_label=_("as it was on"),
    order=73,
    columns=(
        LOCATION,
        _column(
            "source",
            _("One end"),
            _("Organisation or role."),
            value="source.name",
            personal=Personal.FREE_TEXT,
        ),
        _column(
            "target",
            _("Other end"),
            _("Organisation or role."),
            value="target.name",
            personal=Personal.FREE_TEXT,
        ),
        _column("kind", _("Kind of tie"), _("What ties them."), value="get_kind_display"),
        _column("strength", _("Strength"), _("1 loose, 2 regular, 3 strong."), type=NUMBER),
        _column("note", _("How it shows"), _("In words."), personal=Personal.FREE_TEXT),
        _column("seen_on", _("As it was on"), _("The day."), type=DATE),
        INVENTED,
    ),
)
