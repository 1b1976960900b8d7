"""Noting that people were trained: which course, when, and how many of each agency came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from core.errors import Refused
from core.history import because
from delivery.models import (
    DeliveryGroup,
    GroupMember,
    TrainingAttendance,
    TrainingCourse,
    TrainingSession,
)
from delivery.models.group import present
from programmes import policy
from programmes.models import Location
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.services.steps import refuse_future

RECORD = Permission.DELIVERY_RECORD
MOST = 500  # people of one agency at one session; more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people of an agency came (None: of the community), members of groups among them."""

    agency: Agency | None
    people: int


@transaction.atomic
def record_training(
    *,
    location: Location,
    course: TrainingCourse,
    held_on: dt.date,
    by: Any,
    heads: Iterable[Heads] = (),
    members: Iterable[GroupMember] = (),
    id: UUID | None = None,  # noqa: A002  # the field's own name
    group: DeliveryGroup | None = None,
    where: str = "",
    trainer: str = "",
    notes: str = "",
    demonstration: bool | None = None,
) -> TrainingSession:
    """Note a session with everybody who came.

    ``heads`` count people by agency; ``members`` of the location's groups who were among them count
    within these numbers. Harmless to repeat with the same ``id``. Raises core.errors.NotAllowed,
    Refused (future date, nobody came, more members named than people counted, an agency twice, a
    group or member of another place, somebody who did not sit there on that day, conflicting
    repeat).
    """
    policy.require(by, RECORD, location)
    same = {
        "location": location,
        "course": course,
        "group": group,
        "held_on": held_on,
        "where": where.strip(),
        "trainer": trainer.strip(),
        "notes": notes.strip(),
        "recorded_by": by,
    }
    rows = attendance_rows(location, held_on, heads, members)
    repeat = earlier(TrainingSession, id, same)
    if repeat is not None:
        if _stored(repeat) != _wanted(rows):
            raise Refused(
                _("This form was sent before with other content. Open a new form and try again.")
            )
        return repeat
    refuse_future(held_on)
    _refuse_group(location, group)
    invented = is_demonstration(demonstration)
    with because(by=by):
        session, new = create_once(TrainingSession, id, same, is_demonstration=invented)
        if new:
            _store(session, rows)
    return session


@transaction.atomic
def change_training(
    *,
    session: TrainingSession,
    course: TrainingCourse,
    held_on: dt.date,
    version: int,
    by: Any,
    heads: Iterable[Heads] = (),
    members: Iterable[GroupMember] = (),
    group: DeliveryGroup | None = None,
    where: str = "",
    trainer: str = "",
    notes: str = "",
) -> TrainingSession:
    """Change a session and who came. Raises as ``record_training``, and Conflict."""
    policy.require(by, RECORD, session)
    refuse_future(held_on)
    _refuse_group(session.location, group)
    rows = attendance_rows(session.location, held_on, heads, members)
    session.course, session.held_on, session.group = course, held_on, group
    session.where, session.trainer = where.strip(), trainer.strip()
    session.notes = notes.strip()
    with because(by=by):
        session.save_version(version)
        if _stored(session) != _wanted(rows):
            for old in session.attendance.all():
                old.delete()
            _store(session, rows)
    return session


def attendance_rows(
    location: Location,
    held_on: dt.date,
    heads: Iterable[Heads],
    members: Iterable[GroupMember],
) -> list[TrainingAttendance]:
    """Return the rows to store, which add up to the heads. Raises core.errors.Refused."""
    counted: dict[UUID | None, Heads] = {}
    for one in heads:
        key = one.agency.pk if one.agency else None
        if key in counted:
            raise Refused(
                _("%(agency)s stands there twice.") % {"agency": one.agency or _("The community")}
            )
        if one.people > MOST:
            raise Refused(_("At most %(most)d people of one agency.") % {"most": MOST})
        if one.people > 0:
            counted[key] = one
    named = _named(location, held_on, members)
    rows = [
        TrainingAttendance(agency=member.agency, member=member, user=member.user, people=1)
        for group in named.values()
        for member in group
    ]
    for key, group in named.items():
        known = counted.get(key)
        if known is not None and known.people < len(group):
            raise Refused(
                _("%(agency)s: %(people)d came, but %(named)d are ticked by name.")
                % {
                    "agency": known.agency or _("The community"),
                    "people": known.people,
                    "named": len(group),
                }
            )
    for key, one in counted.items():
        rest = one.people - len(named.get(key, []))
        if rest > 0:
            rows.append(TrainingAttendance(agency=one.agency, people=rest))
    if not rows:
        raise Refused(_("Say how many people came."))
    return rows


def _named(
    location: Location, held_on: dt.date, members: Iterable[GroupMember]
) -> dict[UUID | None, list[GroupMember]]:
    wanted = {member.pk for member in members}
    rows = GroupMember.objects.filter(present(held_on), pk__in=wanted, group__location=location)
    found = list(rows.select_related("agency", "user"))
    if len(found) != len(wanted):
        raise Refused(_("Tick people who sat in a group of this location on that day."))
    by_agency: dict[UUID | None, list[GroupMember]] = {}
    for member in found:
        by_agency.setdefault(member.agency_id, []).append(member)
    return by_agency


def _refuse_group(location: Location, group: DeliveryGroup | None) -> None:
    if group is not None and group.location_id != location.pk:
        raise Refused(_("Choose a group of this location."))


def _store(session: TrainingSession, rows: Iterable[TrainingAttendance]) -> None:
    for row in rows:
        row.session, row.is_demonstration = session, session.is_demonstration
        row.save()


def _wanted(rows: Iterable[TrainingAttendance]) -> Mapping[tuple[Any, Any], int]:
    return {(row.agency_id, row.member_id): row.people for row in rows}


def _stored(session: TrainingSession) -> Mapping[tuple[Any, Any], int]:
    return _wanted(session.attendance.all())
