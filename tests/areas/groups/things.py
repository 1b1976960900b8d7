"""Groups, training and the log for the access matrix."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.roles import Role
from delivery.models import DeliveryGroup, LogEntry
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.core import StoredFileFactory
from tests.factories.groups import (
    DeliveryGroupFactory,
    GroupMemberFactory,
    GroupSeatFactory,
    LogEntryFactory,
    TrainingAttendanceFactory,
    TrainingSessionFactory,
)
from tests.factories.programmes import ConsentFactory, TargetPlaceFactory
from tests.personas import give_location_role

A_DAY = dt.date(2024, 6, 1)
POLICE = {"community", "verifier", "analyst", "leader", "coordinator", "manager", "token_reader"}
READ_PEOPLE = {"community", "coordinator", "manager", "token_reader"}

TWINS = ("group_id", "seat_id", "gmember_id", "training_id", "log_id")
OTHERS = ("gmember_id", "log_id")
SECRETS: dict[str, set[str]] = {
    # One of the community, by a consent that the police recorded.
    "own-member-q7": READ_PEOPLE | {"covered"},
    "own-reach-q7": READ_PEOPLE | {"covered"},
    # Who withdrew is named to nobody, not even to those who recorded it.
    "own-gone-reach-q7": set(),
    # What the police noted of people: a trainer, a photo.
    "own-trainer-q7": POLICE | {"covered"},
    "own-photo-q7": POLICE | {"covered"},
    # Somebody of Teme's, and what Teme noted and marked.
    "x-member-q7": {"covered", "teme"},
    "x-reach-q7": {"covered", "teme"},
    "x-log-text-q7": {"covered", "teme"},
    "x-log-where-q7": {"covered", "teme"},
    "x-log-photo-q7": {"covered", "teme"},
    # The neighbour's.
    "neighbours-group-q7": {"neighbour"},
    "neighbours-seat-q7": {"neighbour"},
    "neighbours-member-q7": {"neighbour"},
    "neighbours-training-q7": {"neighbour"},
    "neighbours-log-q7": {"neighbour"},
}


def _photo(content: bytes) -> Any:
    return StoredFileFactory(name="photo.jpg", content=content, content_type="image/jpeg")


def _consent(location: Any, by: Any, **fields: Any) -> Any:
    return ConsentFactory(
        location=location, purpose="group", agency=by.agency, recorded_by=by, **fields
    )


def world(people: Any, made: dict[str, Any]) -> list[Any]:
    """Return a row of each model at Leominster."""
    by, location = people.coordinator, people.location
    group = DeliveryGroupFactory(location=location, name="Leominster delivery group")
    seat = GroupSeatFactory(group=group, label="Residents")
    gone = _consent(
        location, by, name="Gone", contact="own-gone-reach-q7", withdrawn_on=A_DAY, withdrawn_by=by
    )
    GroupMemberFactory(group=group, consent=gone)
    member = GroupMemberFactory(
        group=group,
        seat=seat,
        consent=_consent(location, by, name="own-member-q7", contact="own-reach-q7"),
    )
    session = TrainingSessionFactory(
        location=location, trainer="own-trainer-q7", recorded_by=by, group=group
    )
    came = TrainingAttendanceFactory(session=session, member=member, people=1)
    entry = LogEntryFactory(
        location=location,
        target_place=made["programmes.TargetPlace"],
        agency=by.agency,
        recorded_by=by,
        photo=_photo(b"own-photo-q7"),
    )
    return [group, seat, member, session, came, entry]


def names(made: dict[str, Any]) -> dict[str, Any]:
    """Return what the placeholders stand for."""
    return {
        "group_id": made["delivery.DeliveryGroup"].pk,
        "seat_id": made["delivery.GroupSeat"].pk,
        "gmember_id": made["delivery.GroupMember"].pk,
        "course_id": made["delivery.TrainingSession"].course_id,
        "training_id": made["delivery.TrainingSession"].pk,
        "log_id": made["delivery.LogEntry"].pk,
    }


def neighbours(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make the same at Redditch."""
    location, by = cast.people.other_location, cast.people.neighbour
    group = DeliveryGroupFactory(location=location, name="neighbours-group-q7")
    seat = GroupSeatFactory(group=group, label="neighbours-seat-q7")
    member = GroupMemberFactory(
        group=group, seat=seat, consent=_consent(location, by, name="neighbours-member-q7")
    )
    session = TrainingSessionFactory(
        location=location, notes="neighbours-training-q7", recorded_by=by
    )
    entry = LogEntryFactory(
        location=location,
        text="neighbours-log-q7",
        agency=by.agency,
        recorded_by=by,
        photo=_photo(b"neighbours-log-q7"),
    )
    return {
        "n_group_id": group.pk,
        "n_seat_id": seat.pk,
        "n_gmember_id": member.pk,
        "n_training_id": session.pk,
        "n_log_id": entry.pk,
    }


def anothers(cast: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Make what Teme owns at Leominster, and a consent of the police that seats nobody yet."""
    people, teme = cast.people, cast.agencies["teme"]
    group = DeliveryGroup.objects.get(pk=known["group_id"])
    member = GroupMemberFactory(group=group, agency=teme, name="x-member-q7", contact="x-reach-q7")
    entry = LogEntryFactory(
        location=people.location,
        text="x-log-text-q7",
        where="x-log-where-q7",
        people=4,
        agency=teme,
        recorded_by=cast.users["teme"],
        photo=_photo(b"x-log-photo-q7"),
        marking="official-sensitive",
        handling="Only as agreed.",
    )
    return {
        "x_gmember_id": member.pk,
        "x_log_id": entry.pk,
        "free_consent_id": _consent(people.location, people.coordinator, name="Free").pk,
    }


def grow(people: Any, size: int) -> None:
    """Fill the groups, the training and the log of Leominster."""
    by, location = people.coordinator, people.location
    group = DeliveryGroupFactory(location=location)
    for number in range(size):
        agency = AgencyFactory()
        person = UserFactory(agency=agency)
        give_location_role(person, location, Role.PARTNER)
        seat = GroupSeatFactory(group=group, agency=agency)
        GroupSeatFactory(group=group)
        member = GroupMemberFactory(group=group, user=person, agency=agency, seat=seat)
        GroupMemberFactory(group=group, consent=_consent(location, by))
        GroupMemberFactory(group=group, left_on=A_DAY)
        session = TrainingSessionFactory(location=location, recorded_by=by, group=group)
        TrainingAttendanceFactory(
            session=session, member=member, user=person, agency=agency, people=1
        )
        TrainingAttendanceFactory(session=session, agency=agency)
        place = TargetPlaceFactory(location=location)
        DeliveryGroupFactory(location=location, kind="working", target_place=place)
        LogEntryFactory(
            location=location, recorded_by=person, agency=agency, target_place=place, people=number
        )
    assert LogEntry.objects.filter(location=location).count() == size
    for other in people.programme.locations.exclude(pk=location.pk):
        group = DeliveryGroupFactory(location=other)
        GroupMemberFactory(group=group, user=people.leader, agency=people.police)
