"""Recording what a location has going for it, checking it again, taking it off the list."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assets.choices import AssetKind, AssetTheme
from assets.models import Asset
from assets.points import refuse_far
from assets.sight import require_open
from core import clock
from core.choices import Marking
from core.errors import NotAllowed, Refused
from core.history import because
from core.marking import refuse_unhandled
from core.tabular import folded
from programmes import policy
from programmes.choices import ConsentPurpose
from programmes.models import Consent, Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

EDITED = (
    "name",
    "theme",
    "offers",
    "role",
    "contact",
    "website",
    "address",
    "point",
    "target_place",
    "last_checked_on",
    "checked_by",
    "check_by",
    "marking",
    "handling",
)


@transaction.atomic
def record_asset(
    *,
    location: Location,
    kind: str,
    last_checked_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    name: str = "",
    theme: str = AssetTheme.OTHER,
    offers: str = "",
    role: str = "",
    contact: str = "",
    website: str = "",
    address: str = "",
    point: Point | None = None,
    target_place: TargetPlace | None = None,
    consent: Consent | None = None,
    check_by: dt.date | None = None,
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> Asset:
    """Put a strength of a location on the list.

    A local contributor needs their consent to it, bears the name that stands there, and has no
    point or address. It is the information of the recorder's agency. Sending the same ``id`` again
    with the same content is harmless. Raises core.errors.NotAllowed, Refused (no consent that
    stands, a point far away, a name that is on the list, a future date, conflicting repeat).
    """
    policy.require(by, Permission.ASSET_RECORD, location)
    if kind == AssetKind.PERSON:
        policy.require(by, Permission.PEOPLE_RECORD, location)
        name = consent.name if consent is not None else ""
    same = {
        "location": location,
        "kind": kind,
        "name": name.strip(),
        "theme": theme,
        "offers": offers.strip(),
        "role": role.strip(),
        "contact": contact.strip(),
        "website": website,
        "address": address.strip(),
        "point": point,
        "target_place": target_place,
        "consent": consent,
        "last_checked_on": last_checked_on,
        "check_by": check_by,
        "recorded_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(Asset, id, same)
    if repeat is not None:
        return repeat
    if kind == AssetKind.PERSON:
        _refuse_without_consent(consent, location)
    elif consent is not None:
        raise Refused(_("Only a local contributor has a consent."))
    _refuse_wrong(same)
    with because(by=by):
        made, _new = create_once(
            Asset,
            id,
            same,
            agency_id=getattr(by, "agency_id", None),
            checked_by=by,
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_asset(*, asset: Asset, version: int, by: Any, **changes: Any) -> Asset:
    """Change what is said of an asset; its kind and a contributor's name stay.

    ``changes`` are fields of ``record_asset``; what is left out stays. Raises
    core.errors.NotAllowed (something of it is withheld), Refused, Conflict.
    """
    policy.require(by, Permission.ASSET_RECORD, asset)
    require_open(by, asset)
    _refuse_withdrawn(asset)
    if asset.is_person:
        changes = {key: changes[key] for key in changes if key not in ("name", "address", "point")}
    for field, value in changes.items():
        if field not in EDITED:
            raise TypeError(f"{field} is not changed here.")
        setattr(asset, field, value.strip() if isinstance(value, str) else value)
    if "last_checked_on" in changes:
        asset.checked_by = by
    _refuse_wrong({field: getattr(asset, field) for field in (*EDITED, "location", "kind")}, asset)
    return _save(asset, version, EDITED, by=by)


@transaction.atomic
def check_asset(
    *, asset: Asset, checked_on: dt.date, check_by: dt.date | None, version: int, by: Any
) -> Asset:
    """Keep that somebody looked and it is still so. Raises NotAllowed, Refused, Conflict."""
    return edit_asset(
        asset=asset, version=version, by=by, last_checked_on=checked_on, check_by=check_by
    )


@transaction.atomic
def correct_own_entry(
    *, asset: Asset, role: str, offers: str, contact: str, version: int, by: Any
) -> Asset:
    """Let a local contributor put right what the list says of them.

    Raises core.errors.NotAllowed for anybody else, Conflict.
    """
    require_own(by, asset)
    asset.role, asset.offers, asset.contact = role.strip(), offers.strip(), contact.strip()
    asset.last_checked_on, asset.checked_by = clock.today(), by
    return _save(
        asset, version, ("role", "offers", "contact", "last_checked_on", "checked_by"), by=by
    )


@transaction.atomic
def withdraw_asset(*, asset: Asset, reason: str, by: Any) -> Asset:
    """Take something off the list, with the reason; the record stays.

    Doing it twice is harmless. Raises core.errors.NotAllowed, Refused (no reason).
    """
    policy.require(by, Permission.ASSET_RECORD, asset)
    require_open(by, asset)
    if not reason.strip():
        raise Refused(_("Say why it is taken off the list."))
    current = Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk)
    if current.withdrawn_on is not None:
        return current
    current.withdrawn_on, current.withdrawn_by = clock.today(), by
    current.withdrawn_reason = reason.strip()
    return _save(
        current,
        current.version,
        ("withdrawn_on", "withdrawn_by", "withdrawn_reason"),
        by=by,
        reason=reason,
    )


@transaction.atomic
def remove_asset(*, asset: Asset, by: Any) -> None:
    """Remove what a table made by mistake, as long as nothing hangs on it.

    Raises core.errors.NotAllowed, Refused.
    """
    policy.require(by, Permission.ASSET_RECORD, asset)
    if asset.connections_out.exists() or asset.connections_in.exists():
        raise Refused(_("It is connected with something else by now."))
    with because(by=by):
        asset.delete()


def require_own(by: Any, asset: Asset) -> None:
    """Raise core.errors.NotAllowed unless an entry is the person's own and their consent stands."""
    consent = asset.consent
    own = consent is not None and by is not None and consent.user_id == by.pk
    if not own or asset.withdrawn_on is not None or not consent.stands_on(clock.today()):  # type: ignore[union-attr]  # who owns an entry has a consent
        raise NotAllowed(_("This is not your own entry."))


def _save(
    asset: Asset, version: int, fields: tuple[str, ...], *, by: Any, reason: str = ""
) -> Asset:
    with because(by=by, reason=reason):
        asset.save_version(version, update_fields=[*fields, "version", "updated_at"])
    return asset


def _refuse_without_consent(consent: Consent | None, location: Location) -> None:
    if consent is None:
        raise Refused(_("Ask first, and record the consent: nobody is listed without it."))
    if consent.location_id != location.pk or consent.purpose != ConsentPurpose.CONTRIBUTOR:
        raise Refused(_("This consent is not to be listed as a local contributor here."))
    if not consent.stands_on(clock.today()):
        raise Refused(_("This consent does not stand any more. Ask again before you list anybody."))
    if Asset.objects.filter(consent=consent, withdrawn_on=None).exists():
        raise Refused(_("This person is on the list already."))


def _refuse_withdrawn(asset: Asset) -> None:
    if asset.withdrawn_on is not None:
        raise Refused(_("This was taken off the list. Record it anew if it is there again."))


def _refuse_wrong(fields: dict[str, Any], asset: Asset | None = None) -> None:
    """Raise Refused for what no asset may say."""
    location, kind = fields["location"], fields["kind"]
    if not fields["name"]:
        raise Refused(_("Give it a name."))
    if kind == AssetKind.PERSON and (fields["point"] is not None or fields["address"]):
        raise Refused(_("A local contributor has no place on the map and no address."))
    refuse_future(fields["last_checked_on"])
    if fields["check_by"] is not None and fields["check_by"] < fields["last_checked_on"]:
        raise Refused(_("Check again by a day after the day it was last checked."))
    if fields["target_place"] is not None and fields["target_place"].location_id != location.pk:
        raise Refused(_("This target place belongs to another location."))
    refuse_unhandled(fields["marking"], fields["handling"])
    try:
        refuse_far(fields["point"], location)
    except ValueError as error:
        raise Refused(str(error)) from error
    if kind != AssetKind.PERSON and _is_taken(location, kind, fields["name"], asset):
        raise Refused(
            _("“%(name)s” is on the list already. Change it there.") % {"name": fields["name"]}
        )


def _is_taken(location: Location, kind: str, name: str, asset: Asset | None) -> bool:
    rows = Asset.objects.filter(location=location, kind=kind, withdrawn_on=None)
    if asset is not None:
        rows = rows.exclude(pk=asset.pk)
    return any(folded(one) == folded(name) for one in rows.values_list("name", flat=True))
