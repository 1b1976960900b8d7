"""The tables that this app takes: a location's assets (points too), its stakeholders."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from assets.choices import AssetKind, AssetTheme
from assets.forms.assets import AssetForm
from assets.forms.stakeholders import StakeholderForm
from assets.models import Asset, Stakeholder
from assets.points import DECIMALS, from_degrees, refuse_far
from assets.selectors.network import STAKEHOLDERS
from assets.services.assets import edit_asset, record_asset, remove_asset
from assets.services.stakeholders import (
    edit_stakeholder,
    record_stakeholder,
    remove_stakeholder,
)
from assets.sight import require_open, sight_of
from core import tabular
from core.errors import Refused
from programmes.models import Location

KINDS = [(kind.value, kind.label) for kind in AssetKind if kind != AssetKind.PERSON]


class AssetTableForm(AssetForm):
    """A row of the table of assets: as the form, with the place in two columns."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    theme = forms.ChoiceField(
        label=_("What it is about"), choices=AssetTheme.choices, initial=AssetTheme.OTHER
    )
    point = None  # type: ignore[assignment]  # takes the field away, as Django has it
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, help_text=_("In degrees, like 52.2271.")
    )
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, help_text=_("In degrees, like -2.7391.")
    )
    field_order = [
        "kind",
        "name",
        "theme",
        "offers",
        "contact",
        "website",
        "address",
        "latitude",
        "longitude",
        "target_place",
        "last_checked_on",
        "check_by",
        "marking",
        "handling",
    ]

    def clean(self) -> dict[str, Any]:
        """Check that the two figures make a place."""
        data = super().clean()
        try:
            point_of(data)
        except ValueError as error:
            self.add_error("latitude", str(error))
        return data


def point_of(data: Mapping[str, Any]) -> Any:
    """Return the place that a row names, or None. Raises ValueError."""
    latitude, longitude = data.get("latitude"), data.get("longitude")
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise ValueError(_t("Give latitude and longitude, or neither"))
    return from_degrees(float(latitude), float(longitude))


def _target(data: dict[str, Any]) -> dict[str, Any]:
    """Return a row as the services take it."""
    point = point_of(data)
    kept = {key: value for key, value in data.items() if key not in ("latitude", "longitude")}
    return {**kept, "point": point}


def _asset_key(asset: Asset) -> tuple[str, ...]:
    return tabular.folded(asset.kind, asset.name)


def find_assets(
    *, target: Location, keys: Collection[tuple[str, ...]], by: Any
) -> Mapping[tuple[str, ...], Any]:
    """Return the assets on the list by kind and name; people are not touched by tables."""
    rows = Asset.objects.filter(location=target, withdrawn_on=None).exclude(kind=AssetKind.PERSON)
    rows = rows.select_related("location__programme__lead_agency", "target_place", "agency")
    return _veiled(tabular.match(rows, keys, _asset_key), target, by)


def _veiled(found: Mapping[Any, Any], target: Location, by: Any) -> dict[Any, Any]:
    """Return what was found as the sender may see it: the preview shows former values."""
    sight = sight_of(by, [target])
    return {key: row if row is tabular.AMBIGUOUS else sight.veil(row) for key, row in found.items()}


def asset_values(asset: Asset) -> dict[str, Any]:
    """Return what a table may change of an asset."""
    import decimal

    def degrees(value: float) -> decimal.Decimal:
        return decimal.Decimal(str(round(value, DECIMALS)))

    names = (
        "kind",
        "name",
        "theme",
        "offers",
        "contact",
        "website",
        "address",
        "target_place",
        "last_checked_on",
        "check_by",
        "marking",
        "handling",
    )
    return {
        **{name: getattr(asset, name) for name in names},
        "latitude": degrees(asset.point.y) if asset.point else None,
        "longitude": degrees(asset.point.x) if asset.point else None,
    }


def check_asset_row(*, target: Location, found: Any, cleaned: dict[str, Any], by: Any) -> None:
    """Refuse what the service would refuse: a place far away, what is withheld from the sender."""
    try:
        refuse_far(point_of(cleaned), target)
    except ValueError as error:
        raise forms.ValidationError({"latitude": str(error)}) from error
    if found is not None:
        _refuse_withheld(by, found)


def store_asset(
    *,
    target: Location,
    found: Asset | None,
    cleaned: dict[str, Any],
    by: Any,
    id: uuid.UUID,  # noqa: A002  # the field's own name
) -> Asset:
    """Record or change an asset."""
    row = _target(cleaned)
    if found is None:
        return record_asset(location=target, id=id, by=by, **row)
    del row["kind"]
    return edit_asset(asset=found, version=found.version, by=by, **row)


def take_back_asset(
    *, target: Location, record: Asset, before: dict[str, Any] | None, by: Any
) -> None:
    """Remove an asset that a table made, or put its values back."""
    if before is None:
        remove_asset(asset=record, by=by)
    else:
        row = _target(before)
        row.pop("kind", None)
        edit_asset(asset=record, version=record.version, by=by, **row)


def find_stakeholders(
    *, target: Location, keys: Collection[tuple[str, ...]], by: Any
) -> Mapping[tuple[str, ...], Any]:
    """Return the stakeholders on the register by name."""
    rows = STAKEHOLDERS.filter(location=target, withdrawn_on=None)
    found = tabular.match(rows, keys, lambda row: tabular.folded(row.name))
    return _veiled(found, target, by)


def stakeholder_values(stakeholder: Stakeholder) -> dict[str, Any]:
    """Return what a table may change of a stakeholder."""
    return {name: getattr(stakeholder, name) for name in StakeholderForm.base_fields}


def check_stakeholder_row(
    *, target: Location, found: Any, cleaned: dict[str, Any], by: Any
) -> None:
    """Refuse to change what is withheld from the sender."""
    if found is not None:
        _refuse_withheld(by, found)


def store_stakeholder(
    *,
    target: Location,
    found: Stakeholder | None,
    cleaned: dict[str, Any],
    by: Any,
    id: uuid.UUID,  # noqa: A002  # the field's own name
) -> Stakeholder:
    """Record or change a stakeholder."""
    if found is None:
        return record_stakeholder(location=target, id=id, by=by, **cleaned)
    return edit_stakeholder(stakeholder=found, version=found.version, by=by, **cleaned)


def take_back_stakeholder(
    *, target: Location, record: Stakeholder, before: dict[str, Any] | None, by: Any
) -> None:
    """Remove a stakeholder that a table made, or put its values back."""
    if before is None:
        remove_stakeholder(stakeholder=record, by=by)
    else:
        edit_stakeholder(stakeholder=record, version=record.version, by=by, **before)


def _refuse_withheld(by: Any, record: Any) -> None:
    from core.errors import NotAllowed

    try:
        require_open(by, record)
    except NotAllowed as error:
        raise Refused(str(error)) from error


def _places(target: Location, by: Any) -> dict[str, Any]:
    return {"target_places": target.target_places.order_by("name")}


ASSETS = tabular.Table(
    key="assets.assets",
    title=_("Community assets"),
    intro=_(
        "Each row is a group, an institution, a place or a connection. What is on the list "
        "already, by kind and name, is changed. People are not taken as a table: each is asked, "
        "and recorded with their consent."
    ),
    form_class=AssetTableForm,
    form_kwargs=_places,
    key_columns=("kind", "name"),
    target=lambda: Location.objects.select_related("programme__lead_agency", "area"),
    permission=Permission.ASSET_RECORD,
    find=find_assets,
    check=check_asset_row,
    values=asset_values,
    apply=store_asset,
    undo=take_back_asset,
    back=lambda location: reverse("assets:asset-list", args=[location.slug]),
)
STAKEHOLDERS_TABLE = tabular.Table(
    key="assets.stakeholders",
    title=_("Stakeholders"),
    intro=_("Each row is an organisation or a role. Names that are there are changed."),
    form_class=StakeholderForm,
    key_columns=("name",),
    target=lambda: Location.objects.select_related("programme__lead_agency", "area"),
    permission=Permission.ASSET_RECORD,
    find=find_stakeholders,
    check=check_stakeholder_row,
    values=stakeholder_values,
    apply=store_stakeholder,
    undo=take_back_stakeholder,
    back=lambda location: reverse("assets:stakeholder-list", args=[location.slug]),
)


def register() -> None:
    """Make both tables known."""
    tabular.register(ASSETS)
    tabular.register(STAKEHOLDERS_TABLE)
