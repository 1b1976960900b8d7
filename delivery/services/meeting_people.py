"""Who is asked to a meeting, what they answer, and who was there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.errors import NotAllowed, Refused
from core.history import because
from delivery.choices import Attended, MeetingState
from delivery.models import Meeting, MeetingAttendance
from delivery.selectors.actions import people_to_ask
from delivery.selectors.meeting_people import Invitee, is_withdrawn
from delivery.services.meeting_mail import mail_withdrawn
from programmes.models import Location
from programmes.policy import require


def add_people(meeting: Meeting, invited: Iterable[Invitee]) -> int:
    """Put several people on a meeting's list, each once; for services. Returns how many came."""
    there_users: set[Any] = set(meeting.attendance.values_list("user", flat=True))
    there_members: set[Any] = set(meeting.attendance.values_list("member", flat=True))
    rows = []
    for one in invited:
        fields = one.fields()
        user, member = fields["user"], fields["member"]
        if (user and user.pk in there_users) or (member and member.pk in there_members):
            continue
        there_users.add(user.pk if user else None)
        there_members.add(member.pk if member else None)
        rows.append(
            MeetingAttendance(meeting=meeting, is_demonstration=meeting.is_demonstration, **fields)
        )
    MeetingAttendance.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def invite_people(*, meeting: Meeting, invited: Iterable[Invitee], by: Any) -> int:
    """Ask more people to a meeting; who is on the list already stays as they are.

    Returns how many were added. Raises core.errors.NotAllowed, Refused (cancelled).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    _refuse_cancelled(meeting)
    invited = checked(meeting.location, invited)
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)  # one list at a time
    with because(by=by):
        return add_people(meeting, invited)


@transaction.atomic
def add_present(
    *,
    id: UUID | None,  # noqa: A002  # the field's own name
    meeting: Meeting,
    invitee: Invitee,
    by: Any,
) -> MeetingAttendance:
    """Note somebody as present who may not have been invited.

    The same ``id`` again, or the same person, makes no second row. Raises core.errors.NotAllowed,
    Refused (cancelled, nobody named, somebody of another location's group).
    """
    require(by, Permission.DELIVERY_RECORD, meeting)
    _refuse_cancelled(meeting)
    checked(meeting.location, [invitee])
    fields = invitee.fields()
    same = _same_person(id, fields["user"], fields["member"])
    for _attempt in range(2):
        found = meeting.attendance.filter(same).first()
        if found is not None:
            return _set_state(found, Attended.PRESENT, by)
        try:
            with because(by=by), transaction.atomic():
                return MeetingAttendance.objects.create(
                    pk=id or uuid4(),
                    meeting=meeting,
                    state=Attended.PRESENT,
                    is_demonstration=meeting.is_demonstration,
                    **fields,
                )
        except IntegrityError:
            continue  # the same person came in at the same moment: mark that row
    raise Refused(_("This form was sent before with other content. Open a new form and try again."))


@transaction.atomic
def mark_attendance(*, attendance: MeetingAttendance, state: str, by: Any) -> MeetingAttendance:
    """Say whether somebody was there; what was said last counts.

    Raises core.errors.NotAllowed, Refused (cancelled, a state that does not exist).
    """
    require(by, Permission.DELIVERY_RECORD, attendance)
    _refuse_cancelled(attendance.meeting)
    if state not in Attended.values:
        raise Refused(_("Choose whether they were there."))
    return _set_state(attendance, Attended(state), by)


@transaction.atomic
def answer_invitation(*, attendance: MeetingAttendance, coming: bool, by: Any) -> MeetingAttendance:
    """Say for oneself whether one comes.

    Raises core.errors.NotAllowed for anybody else's invitation, Refused (cancelled or held).
    """
    if by is None or attendance.user_id != by.pk:
        raise NotAllowed(_("This invitation is somebody else’s."))
    require(by, Permission.VIEW, attendance)
    if attendance.meeting.state != MeetingState.PLANNED:
        raise Refused(_("This meeting is over or was cancelled."))
    return _set_state(attendance, Attended.COMING if coming else Attended.APOLOGIES, by)


@transaction.atomic
def uninvite(*, attendance: MeetingAttendance, by: Any) -> None:
    """Take somebody off the list; whoever was mailed is told that they need not come.

    Raises core.errors.NotAllowed, Refused (the meeting was held: who was there stays).
    """
    require(by, Permission.DELIVERY_RECORD, attendance)
    meeting = attendance.meeting
    if meeting.state == MeetingState.HELD:
        raise Refused(_("The meeting was held. Mark them as absent instead."))
    with because(by=by):
        if attendance.told is not None and meeting.state == MeetingState.PLANNED:
            mail_withdrawn(attendance)
        attendance.delete()


def _set_state(attendance: MeetingAttendance, state: Attended, by: Any) -> MeetingAttendance:
    row = MeetingAttendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)
    if row.state != state:
        row.state = state
        with because(by=by):
            row.save_version(row.version, update_fields=["state", "version", "updated_at"])
    return row


def _same_person(client_id: UUID | None, user: Any, member: Any) -> Q:
    same = Q(pk=client_id) if client_id else Q(pk__in=[])
    if user is not None:
        same |= Q(user=user)
    if member is not None:
        same |= Q(member=member)
    return same


def checked(location: Location, invited: Iterable[Invitee]) -> list[Invitee]:
    """Return the people as given, if each may be asked to a meeting at a location.

    Raises core.errors.Refused for nobody in particular, somebody without a role there, and a
    member of another location's group or one whose consent does not stand.
    """
    found = list(invited)
    users = {one.user.pk for one in found if one.user is not None}
    here = set(people_to_ask(location).values_list("pk", flat=True)) if users else set()
    for one in found:
        member = one.member
        if one.user is None and member is None and not one.name.strip():
            raise Refused(_("Choose somebody, or say who it is."))
        if member is not None:
            if member.group.location_id != location.pk:
                raise Refused(_("That person belongs to a group of another location."))
            if is_withdrawn(member):
                raise Refused(_("That person’s consent does not stand any more."))
        elif one.user is not None and one.user.pk not in here:
            raise Refused(_("Somebody without a role here cannot be asked. Give them one first."))
    return found


def _refuse_cancelled(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(_("This meeting was cancelled."))
