"""The register of stakeholders and what ties them to each other."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assets.choices import Involvement, LinkStrength
from assets.models import NetworkLink, Stakeholder
from assets.sight import require_open
from core import clock
from core.choices import Marking
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from core.tabular import folded
from programmes import policy
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

EDITED = (
    "name",
    "sector",
    "does",
    "contact",
    "capability",
    "connectedness",
    "interest",
    "influence",
    "involvement",
    "why_not",
    "judged_on",
    "marking",
    "handling",
)


@transaction.atomic
def record_stakeholder(
    *,
    location: Location,
    name: str,
    sector: str,
    judged_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    does: str = "",
    contact: str = "",
    capability: int | None = None,
    connectedness: int | None = None,
    interest: int | None = None,
    influence: int | None = None,
    involvement: str = Involvement.NOT_YET,
    why_not: str = "",
    marking: str = Marking.OFFICIAL,
    handling: str = "",
    demonstration: bool | None = None,
) -> Stakeholder:
    """Put an organisation, or a role that somebody holds, on the register.

    Sending the same ``id`` again with the same content is harmless. Raises core.errors.NotAllowed,
    Refused (a name that is there, a figure that is not 1 to 5, a future date, conflicting repeat).
    """
    policy.require(by, Permission.ASSET_RECORD, location)
    same = {
        "location": location,
        "name": name.strip(),
        "sector": sector,
        "does": does.strip(),
        "contact": contact.strip(),
        "capability": capability,
        "connectedness": connectedness,
        "interest": interest,
        "influence": influence,
        "involvement": involvement,
        "why_not": why_not.strip(),
        "judged_on": judged_on,
        "recorded_by": by,
        "marking": marking,
        "handling": handling,
    }
    repeat = earlier(Stakeholder, id, same)
    if repeat is not None:
        return repeat
    _refuse_wrong(same)
    with because(by=by):
        made, _new = create_once(
            Stakeholder,
            id,
            same,
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_stakeholder(
    *, stakeholder: Stakeholder, version: int, by: Any, **changes: Any
) -> Stakeholder:
    """Change what the register says; what is left out stays.

    Raises core.errors.NotAllowed (something of it is withheld), Refused, Conflict.
    """
    policy.require(by, Permission.ASSET_RECORD, stakeholder)
    require_open(by, stakeholder)
    if stakeholder.withdrawn_on is not None:
        raise Refused(_("This was taken off the list. Record it anew if it is there again."))
    for field, value in changes.items():
        if field not in EDITED:
            raise TypeError(f"{field} is not changed here.")
        setattr(stakeholder, field, value.strip() if isinstance(value, str) else value)
    fields = {field: getattr(stakeholder, field) for field in (*EDITED, "location")}
    _refuse_wrong(fields, stakeholder)
    with because(by=by):
        stakeholder.save_version(version, update_fields=[*EDITED, "version", "updated_at"])
    return stakeholder


@transaction.atomic
def withdraw_stakeholder(*, stakeholder: Stakeholder, reason: str, by: Any) -> Stakeholder:
    """Take one off the register, with the reason; its links count no more.

    Doing it twice is harmless. Raises core.errors.NotAllowed, Refused (no reason).
    """
    policy.require(by, Permission.ASSET_RECORD, stakeholder)
    require_open(by, stakeholder)
    if not reason.strip():
        raise Refused(_("Say why it is taken off the list."))
    current = Stakeholder.objects.select_for_update(of=("self",)).get(pk=stakeholder.pk)
    if current.withdrawn_on is not None:
        return current
    current.withdrawn_on, current.withdrawn_by = clock.today(), by
    current.withdrawn_reason = reason.strip()
    fields = ["withdrawn_on", "withdrawn_by", "withdrawn_reason", "version", "updated_at"]
    with because(by=by, reason=reason):
        current.save_version(current.version, update_fields=fields)
    return current


@transaction.atomic
def remove_stakeholder(*, stakeholder: Stakeholder, by: Any) -> None:
    """Remove what a table made by mistake, while it has no links.

    Raises core.errors.NotAllowed, Refused.
    """
    policy.require(by, Permission.ASSET_RECORD, stakeholder)
    if stakeholder.links_out.exists() or stakeholder.links_in.exists():
        raise Refused(_("It is linked with another by now."))
    with because(by=by):
        stakeholder.delete()


@transaction.atomic
def record_link(
    *,
    source: Stakeholder,
    target: Stakeholder,
    kind: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    strength: int = LinkStrength.REGULAR,
    note: str = "",
    seen_on: dt.date | None = None,
    demonstration: bool | None = None,
) -> NetworkLink:
    """Keep a tie between two stakeholders of one location; it has no direction.

    Raises core.errors.NotAllowed, Refused (the same twice, two locations, a tie of that kind that
    is there, a future date, conflicting repeat).
    """
    policy.require(by, Permission.ASSET_RECORD, source)
    same = {
        "location": source.location,
        "source": source,
        "target": target,
        "kind": kind,
        "strength": strength,
        "note": note.strip(),
        "seen_on": seen_on or clock.today(),
        "recorded_by": by,
    }
    repeat = earlier(NetworkLink, id, same)
    if repeat is not None:
        return repeat
    if source.pk == target.pk or source.location_id != target.location_id:
        raise Refused(_("A link ties two different stakeholders of one location."))
    if source.withdrawn_on or target.withdrawn_on:
        raise Refused(_("One of the two was taken off the list."))
    refuse_future(same["seen_on"])
    pair = Q(source=source, target=target) | Q(source=target, target=source)
    if NetworkLink.objects.filter(pair, kind=kind, withdrawn_on=None).exists():
        raise Refused(_("These two have a link of this kind already."))
    with because(by=by):
        made, _new = create_once(
            NetworkLink,
            id,
            same,
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def edit_link(*, link: NetworkLink, version: int, by: Any, **changes: Any) -> NetworkLink:
    """Change how strong a tie is and how it shows. Raises NotAllowed, Refused, Conflict."""
    policy.require(by, Permission.ASSET_RECORD, link)
    fields = ("strength", "note", "seen_on")
    for field, value in changes.items():
        if field not in fields:
            raise TypeError(f"{field} is not changed here.")
        setattr(link, field, value.strip() if isinstance(value, str) else value)
    refuse_future(link.seen_on)
    with because(by=by):
        link.save_version(version, update_fields=[*fields, "version", "updated_at"])
    return link


@transaction.atomic
def withdraw_link(*, link: NetworkLink, by: Any) -> NetworkLink:
    """Take a tie off that is no more. Doing it twice is harmless. Raises core.errors.NotAllowed."""
    policy.require(by, Permission.ASSET_RECORD, link)
    current = NetworkLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if current.withdrawn_on is None:
        current.withdrawn_on, current.withdrawn_by = clock.today(), by
        with because(by=by):
            current.save_version(
                current.version,
                update_fields=["withdrawn_on", "withdrawn_by", "version", "updated_at"],
            )
    return current


def _refuse_wrong(fields: dict[str, Any], stakeholder: Stakeholder | None = None) -> None:
    if not fields["name"]:
        raise Refused(_("Name the organisation or the role."))
    for scale in ("capability", "connectedness", "interest", "influence"):
        if fields[scale] is not None and not 1 <= fields[scale] <= 5:
            raise Refused(_("Judge from 1 to 5."))
    refuse_future(fields["judged_on"])
    refuse_unhandled(fields["marking"], fields["handling"])
    rows = Stakeholder.objects.filter(location=fields["location"], withdrawn_on=None)
    if stakeholder is not None:
        rows = rows.exclude(pk=stakeholder.pk)
    if any(folded(one) == folded(fields["name"]) for one in rows.values_list("name", flat=True)):
        raise Refused(
            _("“%(name)s” is on the list already. Change it there.") % {"name": fields["name"]}
        )
