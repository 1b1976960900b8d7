"""Who joins a group, what they do there, and when they leave."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from delivery.choices import GroupRole
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.group_page import people_to_seat
from programmes import policy
from programmes.choices import ConsentPurpose
from programmes.models import Consent
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

RECORD = Permission.DELIVERY_RECORD


@transaction.atomic
def add_member(
    *,
    group: DeliveryGroup,
    joined_on: dt.date,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    user: Any = None,
    consent: Consent | None = None,
    agency: Any = None,
    name: str = "",
    contact: str = "",
    seat: GroupSeat | None = None,
    role: str = GroupRole.MEMBER,
    demonstration: bool | None = None,
) -> GroupMember:
    """Let somebody sit in a group from a day on; a new chair takes over from the present one.

    One of: ``user``, somebody with a role at the location (they come for their agency);
    ``consent``, one of the community who agreed to be known to a group; ``agency`` with a ``name``,
    somebody who comes for it and has no account; ``agency`` alone, somebody from it; nothing of
    these, a resident whose name is not kept. Harmless to repeat with the same ``id``.

    Raises core.errors.NotAllowed, Refused (somebody without a role here, a consent that does not
    stand, is to something else or of another place, a name without an agency or a consent, sits
    there already, a seat of another group or no longer needed, a future day, a day before the group
    was formed, the group has ended, conflicting repeat).
    """
    policy.require(by, RECORD, group)
    name, contact = name.strip(), contact.strip()
    if user is not None:
        agency = user.agency
    same = {
        "group": group,
        "user": user,
        "consent": consent,
        "agency": agency,
        "name": name,
        "contact": contact,
        "seat": seat,
        "role": role,
        "joined_on": joined_on,
    }
    repeat = earlier(GroupMember, id, same)
    if repeat is not None:
        return repeat
    DeliveryGroup.objects.select_for_update().get(pk=group.pk)  # one chair, nobody twice
    _refuse_who(group, by, user=user, consent=consent, agency=agency, named=bool(name or contact))
    _refuse_day(group, joined_on)
    _refuse_seat(group, seat)
    _refuse_twice(group, user, consent, joined_on)
    with because(by=by):
        if role == GroupRole.CHAIR:
            _demote(group)
        member, _new = create_once(
            GroupMember, id, same, is_demonstration=is_demonstration(demonstration)
        )
    return member


def _refuse_who(
    group: DeliveryGroup,
    by: Any,
    *,
    user: Any,
    consent: Consent | None,
    agency: Any,
    named: bool,
) -> None:
    if user is not None and consent is not None:
        raise Refused(_("Choose an account or a consent, not both."))
    if (user is not None or consent is not None) and named:
        raise Refused(_("The name stands with the account or the consent; leave it empty here."))
    if user is not None:
        if not people_to_seat(group.location).filter(pk=user.pk).exists():
            raise Refused(_("Choose somebody who has a role at this location."))
        return
    if consent is not None:
        _refuse_consent(group, by, consent)
        return
    if named and agency is None:
        raise Refused(
            _(
                "The name of one of the community is kept only with their consent. Record the "
                "consent first, or let them sit there without a name."
            )
        )


def _refuse_consent(group: DeliveryGroup, by: Any, consent: Consent) -> None:
    if by is not None and not Consent.objects.visible_to(by).filter(pk=consent.pk).exists():
        raise Refused(_("Choose a consent of this location."))
    if consent.location_id != group.location_id:
        raise Refused(_("Choose a consent of this location."))
    if consent.purpose != ConsentPurpose.GROUP:
        raise Refused(_("Choose a consent to take part in a group."))
    if not consent.stands_on(clock.today()):
        raise Refused(_("That consent counts no more. Ask the person again."))


def _refuse_day(group: DeliveryGroup, joined_on: dt.date) -> None:
    refuse_future(joined_on)
    if group.ended_on is not None and group.ended_on < clock.today():
        raise Refused(_("This group has ended."))
    if joined_on < group.formed_on:
        raise Refused(_("Nobody can join before the group was formed."))


def _refuse_seat(group: DeliveryGroup, seat: GroupSeat | None) -> None:
    if seat is None:
        return
    if seat.group_id != group.pk:
        raise Refused(_("Choose a seat of this group."))
    if seat.closed_on is not None:
        raise Refused(_("That seat is no longer needed."))


def _refuse_twice(
    group: DeliveryGroup, user: Any, consent: Consent | None, joined_on: dt.date
) -> None:
    rows = GroupMember.objects.filter(group=group)
    if user is not None:
        rows = rows.filter(user=user)
    elif consent is not None:
        rows = rows.filter(consent=consent)
    else:
        return
    if rows.exclude(left_on__lt=joined_on).exists():
        raise Refused(_("They sit in this group already."))


def _demote(group: DeliveryGroup, keep: Any = None) -> None:
    """Let whoever chairs the group be a member like the others."""
    stay = Q(left_on__isnull=True) | Q(left_on__gte=clock.today())
    chairs = GroupMember.objects.filter(stay, group=group, role=GroupRole.CHAIR)
    for chair in chairs.exclude(pk=keep.pk if keep else None):
        chair.role = GroupRole.MEMBER
        chair.save_version(chair.version)


@transaction.atomic
def change_member(
    *, member: GroupMember, role: str, version: int, by: Any, seat: GroupSeat | None = None
) -> GroupMember:
    """Change what a member does in the group and on which seat; there is one chair at a time.

    Raises core.errors.NotAllowed, Refused (has left, a seat of another group), Conflict.
    """
    policy.require(by, RECORD, member)
    DeliveryGroup.objects.select_for_update().get(pk=member.group_id)
    if not member.sits(clock.today()):
        raise Refused(_("They sit in this group no more."))
    if seat is not None and seat.pk != member.seat_id:
        _refuse_seat(member.group, seat)
    with because(by=by):
        if role == GroupRole.CHAIR:
            _demote(member.group, keep=member)
        member.role, member.seat = role, seat
        member.save_version(version, update_fields=["role", "seat", "version", "updated_at"])
    return member


@transaction.atomic
def choose_chair(*, member: GroupMember, by: Any) -> GroupMember:
    """Let a member chair the group from now on; whoever did stays a member.

    Choosing the present chair again changes nothing. Raises core.errors.NotAllowed, Refused.
    """
    policy.require(by, RECORD, member)
    DeliveryGroup.objects.select_for_update().get(pk=member.group_id)
    current = GroupMember.objects.select_related("group", "consent").get(pk=member.pk)
    if not current.sits(clock.today()):
        raise Refused(_("They sit in this group no more."))
    if current.role == GroupRole.CHAIR:
        return current
    with because(by=by):
        _demote(current.group)
        current.role = GroupRole.CHAIR
        current.save_version(current.version)
    return current


@transaction.atomic
def end_membership(*, member: GroupMember, left_on: dt.date, version: int, by: Any) -> GroupMember:
    """Keep the last day of a membership; the seat is vacant from the next day on.

    Ending it twice is harmless: the first day stands. Raises core.errors.NotAllowed, Refused (a
    future day, before it began), Conflict.
    """
    policy.require(by, RECORD, member)
    current = GroupMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if current.left_on is not None:
        return current
    refuse_future(left_on)
    if left_on < current.joined_on:
        raise Refused(_("A membership cannot end before it began."))
    current.left_on = left_on
    with because(by=by):
        current.save_version(version, update_fields=["left_on", "version", "updated_at"])
    return current
