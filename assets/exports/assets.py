"""The lists of community assets and of what connects them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.exports.common import may_sensitive, outdated, withheld_columns
from assets.models import Asset, Connection
from core.choices import Marking
from core.exports import Column, ColumnType, Export
from core.personal import Personal
from programmes.exports.common import DATE, SCOPES, YES_NO, locations_in


def _rows(user: Any, scope: Any) -> Any:
    """Return what is on the list and may be taken; people only while their consent stands."""
    return (
        Asset.objects.filter(location__in=locations_in(user, scope))
        .visible_to(user, Permission.EXPORT)
        .current()
        .select_related(
            "location__programme__lead_agency", "target_place", "agency", "consent", "checked_by"
        )
        .order_by("location__name", "kind", "name", "pk")
    )


def _connections(user: Any, scope: Any) -> Any:
    seen = _rows(user, scope).exclude(marking=Marking.OFFICIAL_SENSITIVE).order_by().values("pk")
    return (
        Connection.objects.filter(
            location__in=locations_in(user, scope), source__in=seen, target__in=seen
        )
        .select_related("location__programme__lead_agency", "source", "target")
        .order_by("location__name", "source__name", "target__name", "pk")
    )


def _column(key: str, title: Any, description: Any, **more: Any) -> Column:
    return Column(key=key, title=title, description=description, **more)


LOCATION = _column("location", _("Location"), _("The town."), value="location.name")
INVENTED = _column(
    "demonstration",
    _("Invented"),
    _("Whether the record is invented for demonstration."),
    type=YES_NO,
    value="is_demonstration",
)
MARKING = _column(
    "marking", _("Marking"), _("Security marking of the record."), value="get_marking_display"
)

ASSETS = Export(
    key="assets.assets",
    title=_("Community assets"),
    description=_("What each location has going for it; contributors while their consent stands."),
    model=Asset,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_rows,
    withheld=withheld_columns(
        {"contact": ("contact",), "address": ("address",), "point": ("latitude", "longitude")}
    ),
    may_sensitive=may_sensitive,
    outdated=outdated,
    date="last_checked_on",
    date_label=_("last checked on"),
    order=70,
    columns=(
        LOCATION,
        _column("kind", _("Kind"), _("What sort of strength."), value="get_kind_display"),
        _column("name", _("Name"), _("Its name."), personal=Personal.IDENTITY),
        _column("role", _("Known as"), _("Of people."), personal=Personal.FREE_TEXT),
        _column("theme", _("What it is about"), _("Its theme."), value="get_theme_display"),
        _column("offers", _("What it offers"), _("In words."), personal=Personal.FREE_TEXT),
        _column(
            "contact",
            _("How to reach it"),
            _("As recorded."),
            personal=Personal.CONTACT,
            category=Category.PEOPLE,
        ),
        _column("website", _("Website"), _("Its address on the web.")),
        _column(
            "address",
            _("Street or building"),
            _("Where it is, in words."),
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column(
            "latitude",
            _("Latitude"),
            _("In degrees, WGS 84. People have none."),
            type=ColumnType.DECIMAL,
            value=lambda row: round(row.point.y, 5) if row.point else None,
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column(
            "longitude",
            _("Longitude"),
            _("In degrees, WGS 84. People have none."),
            type=ColumnType.DECIMAL,
            value=lambda row: round(row.point.x, 5) if row.point else None,
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column(
            "target_place", _("Target place"), _("If it lies in one."), value="target_place.name"
        ),
        _column(
            "last_checked_on",
            _("Last checked on"),
            _("When somebody saw that it is so."),
            type=DATE,
        ),
        _column("check_by", _("Check again by"), _("Empty: no day was set."), type=DATE),
        _column(
            "agency", _("Whose information"), _("Empty: the lead agency's."), value="agency.name"
        ),
        MARKING,
        INVENTED,
    ),
)

CONNECTIONS = Export(
    key="assets.connections",
    title=_("Connections between assets"),
    description=_("Which assets are connected, and how; those with a sensitive end left out."),
    model=Connection,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=_connections,
    outdated=outdated,
    order=71,
    columns=(
        LOCATION,
        _column(
            "source",
            _("One end"),
            _("The name of the asset."),
            value="source.name",
            personal=Personal.IDENTITY,
        ),
        _column(
            "target",
            _("Other end"),
            _("The name of the asset."),
            value="target.name",
            personal=Personal.IDENTITY,
        ),
        _column("how", _("How"), _("In words."), personal=Personal.FREE_TEXT),
        INVENTED,
    ),
)
