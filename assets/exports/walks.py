"""The list of what was seen on walks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.exports.assets import INVENTED, MARKING
from assets.exports.common import may_sensitive, withheld_columns
from assets.models import Observation
from core.exports import Column, ColumnType, Export
from core.personal import Personal
from programmes.exports.common import DATE, SCOPES, YES_NO, locations_in


def _column(key: str, title: Any, description: Any, **more: Any) -> Column:
    return Column(key=key, title=title, description=description, **more)


OBSERVATIONS = Export(
    key="assets.observations",
    title=_("Observations on walks"),
    description=_("What was seen on visual audits; without photos."),
    model=Observation,
    scopes=SCOPES,
    permissions=(Permission.EXPORT,),
    queryset=lambda user, scope: (
        Observation.objects.filter(audit__location__in=locations_in(user, scope))
        .current()
        .select_related("audit__location__programme__lead_agency", "target_place", "agency")
        .order_by("audit__location__name", "audit__walked_on", "created_at", "pk")
    ),
    withheld=withheld_columns({"place": ("place",), "point": ("latitude", "longitude")}),
    may_sensitive=may_sensitive,
    date="audit__walked_on",
    date_label=_("walked on"),
    order=74,
    columns=(
        _column("location", _("Location"), _("The town."), value="audit.location.name"),
        _column("walked_on", _("Walked on"), _("Date."), type=DATE, value="audit.walked_on"),
        _column("route", _("Route or place"), _("Of the walk."), value="audit.route"),
        _column("kind", _("Kind"), _("To improve, or a strength."), value="get_kind_display"),
        _column("theme", _("Theme"), _("What it is about."), value="get_theme_display"),
        _column("text", _("What was seen"), _("In words."), personal=Personal.FREE_TEXT),
        _column(
            "place",
            _("Where"),
            _("In words."),
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column(
            "latitude",
            _("Latitude"),
            _("In degrees, WGS 84."),
            type=ColumnType.DECIMAL,
            value=lambda row: round(row.point.y, 5) if row.point else None,
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column(
            "longitude",
            _("Longitude"),
            _("In degrees, WGS 84."),
            type=ColumnType.DECIMAL,
            value=lambda row: round(row.point.x, 5) if row.point else None,
            personal=Personal.LOCATION,
            category=Category.EXACT_COORDINATES,
        ),
        _column("target_place", _("Target place"), _("If in one."), value="target_place.name"),
        _column(
            "followed_up",
            _("Followed up"),
            _("Whether an action was asked for."),
            type=YES_NO,
            value=lambda row: row.action_id is not None,
        ),
        MARKING,
        INVENTED,
    ),
)
