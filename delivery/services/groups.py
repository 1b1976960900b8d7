"""Forming groups, saying who ought to be there, and who sits there from when to when."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from delivery.choices import GroupKind
from delivery.models import DeliveryGroup, GroupSeat
from delivery.selectors.group_page import delivery_group_of
from programmes import policy
from programmes.models import Location, TargetPlace
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

RECORD = Permission.DELIVERY_RECORD


@transaction.atomic
def form_group(
    *,
    location: Location,
    kind: str,
    name: str,
    formed_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    target_place: TargetPlace | None = None,
    purpose: str = "",
    seats: tuple[str, ...] | list[str] = (),
    demonstration: bool | None = None,
) -> DeliveryGroup:
    """Form the delivery group of a location, or a working group for one of its target places.

    ``seats`` are those who ought to be there, in words; more can follow. Sending the same ``id``
    again with the same content is harmless. Raises core.errors.NotAllowed, Refused (no name, future
    date, a second delivery group, a working group without a place, a place of another location,
    conflicting repeat).
    """
    policy.require(by, RECORD, location)
    same = {
        "location": location,
        "target_place": target_place,
        "kind": kind,
        "name": name.strip(),
        "purpose": purpose.strip(),
        "formed_on": formed_on,
    }
    repeat = earlier(DeliveryGroup, id, same)
    if repeat is not None:
        return repeat
    if not same["name"]:
        raise Refused(_("Give the group a name."))
    refuse_future(formed_on)
    _refuse_place(location, kind, target_place)
    if kind == GroupKind.DELIVERY and delivery_group_of(location) is not None:
        raise Refused(_("%(place)s has a delivery group already.") % {"place": location.name})
    invented = is_demonstration(demonstration)
    with because(by=by):
        try:
            with transaction.atomic():
                group, new = create_once(DeliveryGroup, id, same, is_demonstration=invented)
        except IntegrityError as error:
            raise Refused(
                _("%(place)s has a delivery group already.") % {"place": location.name}
            ) from error
        if new:
            for label in dict.fromkeys(text.strip() for text in seats if text.strip()):
                GroupSeat.objects.create(group=group, label=label, is_demonstration=invented)
    return group


def _refuse_place(location: Location, kind: str, place: TargetPlace | None) -> None:
    if kind == GroupKind.DELIVERY:
        if place is not None:
            raise Refused(_("A delivery group works for the whole location, not for one place."))
        return
    if place is None:
        raise Refused(_("Choose the target place that the working group is for."))
    if place.location_id != location.pk:
        raise Refused(_("Choose a target place of this location."))


@transaction.atomic
def change_group(
    *,
    group: DeliveryGroup,
    name: str,
    purpose: str,
    formed_on: dt.date,
    version: int,
    by: Any,
    ended_on: dt.date | None = None,
) -> DeliveryGroup:
    """Change what a group is called and for, or end it; its last day may be today or earlier.

    Ending a group does not end its memberships: they say who sat there. Raises
    core.errors.NotAllowed, Refused (no name, a future day, an end before the beginning, a second
    delivery group opened again), Conflict.
    """
    policy.require(by, RECORD, group)
    if not name.strip():
        raise Refused(_("Give the group a name."))
    refuse_future(formed_on)
    if ended_on is not None:
        refuse_future(ended_on)
        if ended_on < formed_on:
            raise Refused(_("A group cannot end before it was formed."))
    group.name, group.purpose = name.strip(), purpose.strip()
    group.formed_on, group.ended_on = formed_on, ended_on
    with because(by=by):
        try:
            with transaction.atomic():
                group.save_version(version)
        except IntegrityError as error:
            raise Refused(
                _("%(place)s has a delivery group already.") % {"place": group.location.name}
            ) from error
    return group


@transaction.atomic
def add_seat(
    *,
    group: DeliveryGroup,
    label: str,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    agency: Any = None,
    why: str = "",
    asked_on: dt.date | None = None,
    demonstration: bool | None = None,
) -> GroupSeat:
    """Say who ought to be in a group, and why; ``asked_on`` is when they were last asked.

    Harmless to repeat with the same ``id``. Raises core.errors.NotAllowed, Refused (no words, a
    future day, conflicting repeat).
    """
    policy.require(by, RECORD, group)
    same = {
        "group": group,
        "agency": agency,
        "label": label.strip(),
        "why": why.strip(),
        "asked_on": asked_on,
    }
    repeat = earlier(GroupSeat, id, same)
    if repeat is not None:
        return repeat
    if not same["label"]:
        raise Refused(_("Say who ought to be there."))
    if asked_on is not None:
        refuse_future(asked_on)
    with because(by=by):
        seat, _new = create_once(
            GroupSeat, id, same, is_demonstration=is_demonstration(demonstration)
        )
    return seat


@transaction.atomic
def change_seat(
    *,
    seat: GroupSeat,
    label: str,
    version: int,
    by: Any,
    agency: Any = None,
    why: str = "",
    asked_on: dt.date | None = None,
    is_needed: bool = True,
) -> GroupSeat:
    """Change a seat, or keep that it is no longer needed. Raises NotAllowed, Refused, Conflict."""
    policy.require(by, RECORD, seat)
    if not label.strip():
        raise Refused(_("Say who ought to be there."))
    if asked_on is not None:
        refuse_future(asked_on)
    seat.label, seat.agency, seat.why, seat.asked_on = label.strip(), agency, why.strip(), asked_on
    seat.closed_on = None if is_needed else (seat.closed_on or clock.today())
    with because(by=by):
        seat.save_version(version)
    return seat
