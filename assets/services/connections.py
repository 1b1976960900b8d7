"""Saying what connects two assets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from assets.models import Asset, Connection
from core.errors import NotAllowed, Refused
from core.history import because
from programmes import policy
from programmes.services.repeats import create_once, earlier, is_demonstration


@transaction.atomic
def connect_assets(
    *,
    source: Asset,
    target: Asset,
    how: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> Connection:
    """Keep what ties two assets of one location.

    Raises core.errors.NotAllowed, Refused (the same twice, two locations, nothing said, a pair that
    is connected already, conflicting repeat).
    """
    policy.require(by, Permission.ASSET_RECORD, source)
    if by is not None and not Asset.objects.visible_to(by).filter(pk=target.pk).exists():
        raise NotAllowed(_("Your role does not show you the other end."))
    same = {
        "location": source.location,
        "source": source,
        "target": target,
        "how": how.strip(),
        "recorded_by": by,
    }
    repeat = earlier(Connection, id, same)
    if repeat is not None:
        return repeat
    if source.pk == target.pk or source.location_id != target.location_id:
        raise Refused(_("A connection ties two different things at one location."))
    if source.withdrawn_on or target.withdrawn_on:
        raise Refused(_("One of the two was taken off the list."))
    if not same["how"]:
        raise Refused(_("Say how they are connected."))
    pair = Q(source=source, target=target) | Q(source=target, target=source)
    if Connection.objects.filter(pair).exists():
        raise Refused(_("These two are connected already."))
    with because(by=by):
        made, _new = create_once(
            Connection,
            id,
            same,
            agency_id=getattr(by, "agency_id", None),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def disconnect_assets(*, connection: Connection, by: Any) -> None:
    """Take a connection away; the history keeps it. Raises core.errors.NotAllowed."""
    policy.require(by, Permission.ASSET_RECORD, connection)
    with because(by=by):
        connection.delete()
