"""The list that incidents give: which data packages there are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import exports
from core.exports import Column, ColumnType, Export
from core.personal import Personal
from incidents.models import DataPackage
from programmes.exports.common import may_lead_sensitive
from programmes.models import Location, Programme


def packages(user: Any, scope: Programme | Location) -> Any:
    """Return the packages that a person may read and whose list they may take."""
    rows = (
        DataPackage.objects.all()
        .visible_to(user, Permission.DATA_READ)
        .filter(location__in=Location.objects.all().visible_to(user, Permission.EXPORT))
    )
    within = {"location": scope} if isinstance(scope, Location) else {"location__programme": scope}
    return (
        rows.filter(**within)
        .select_related("location", "file")
        .order_by("location__name", "first_month", "last_month", "created_at", "pk")
    )


PACKAGES = Export(
    key="incidents.packages",
    title=_("Data packages"),
    description=_("Which data packages there are, of which months, and how to recognise them."),
    model=DataPackage,
    scopes=(Programme, Location),
    permissions=(Permission.EXPORT, Permission.DATA_READ),
    queryset=packages,
    may_sensitive=may_lead_sensitive,
    date="built_on",
    date_label=_("built on"),
    order=50,
    columns=(
        Column(
            key="location",
            title=_("Location"),
            description=_("The town."),
            value="location.name",
        ),
        Column(
            key="first_month",
            title=_("From"),
            description=_("First day of the first month."),
            type=ColumnType.DATE,
        ),
        Column(
            key="last_month",
            title=_("To"),
            description=_("First day of the last month."),
            type=ColumnType.DATE,
        ),
        Column(
            key="built_on",
            title=_("Built on"),
            description=_("Business date on which it was built."),
            type=ColumnType.DATE,
        ),
        Column(
            key="state",
            title=_("State"),
            description=_("Whether it is current."),
            value="get_state_display",
        ),
        Column(
            key="withdrawn_on",
            title=_("Withdrawn on"),
            description=_("When it was withdrawn; empty while it stands."),
            type=ColumnType.DATE,
        ),
        Column(
            key="withdrawn_reason",
            title=_("Why it was withdrawn"),
            description=_("The reason given."),
            personal=Personal.FREE_TEXT,
        ),
        Column(
            key="restricted",
            title=_("Restricted"),
            description=_("Whether it was built from sources that are not published."),
            type=ColumnType.YES_NO,
        ),
        Column(
            key="size",
            title=_("Size in bytes"),
            description=_("Of the zip."),
            type=ColumnType.INTEGER,
            value="file.size",
        ),
        Column(
            key="sha256",
            title=_("Fingerprint"),
            description=_("Sha-256 of the zip: the same figures make the same bytes."),
            value="file.sha256",
        ),
    ),
)


def register() -> None:
    """Make the list known."""
    exports.register(PACKAGES)
