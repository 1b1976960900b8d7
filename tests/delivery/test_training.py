"""Training and the log: who came from where, who was not there yet, what was noted."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Conflict, NotAllowed, Refused
from delivery.evidence_groups import MembersEvidence, TrainingEvidence
from delivery.models import LogEntry, TrainingCourse, TrainingSession
from delivery.selectors.log import log_line, log_of
from delivery.selectors.training import people_trained, training_overview, who_came
from delivery.services.courses import ensure_courses, shipped_courses
from delivery.services.log import change_log_entry, log_entry
from delivery.services.training import Heads, change_training, record_training
from programmes.services.consents import withdraw_consent
from programmes.sharing import shared_with
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.groups import (
    DeliveryGroupFactory,
    GroupMemberFactory,
    LogEntryFactory,
    TrainingCourseFactory,
)
from tests.factories.programmes import (
    ConsentFactory,
    SharingAgreementFactory,
    StepRecordFactory,
    TargetPlaceFactory,
)

MARCH = dt.date(2024, 3, 6)


def held(people, **fields):
    given = {
        "location": people.location,
        "course": TrainingCourseFactory(),
        "held_on": MARCH,
        "by": people.coordinator,
        "heads": [Heads(people.police, 4), Heads(people.housing, 2), Heads(None, 8)],
        **fields,
    }
    return record_training(**given)


@pytest.fixture
def group(people):
    return DeliveryGroupFactory(location=people.location)


# --- Courses ---------------------------------------------------------------------------------


def test_the_shipped_courses_are_there_after_a_migration_and_storing_them_again_adds_none(db):
    keys = {course["key"] for course in shipped_courses()}
    assert {"vicinity-awareness", "problem-rich-picture", "solution-rich-picture"} <= keys
    assert keys <= set(TrainingCourse.objects.values_list("key", flat=True))
    assert ensure_courses() == []


def test_a_changed_text_of_a_shipped_course_is_set_right(db):
    TrainingCourse.objects.filter(key="vicinity-awareness").update(name="Old name")
    ensure_courses()
    assert TrainingCourse.objects.get(key="vicinity-awareness").name == "Vicinity awareness"


# --- Sessions --------------------------------------------------------------------------------


def test_a_session_adds_up_to_everybody_who_came(people, group):
    mine = GroupMemberFactory(group=group, user=people.coordinator, agency=people.police)
    session = held(people, members=[mine])
    assert sum(row.people for row in session.attendance.all()) == 14
    overview = training_overview(people.location, reader=people.coordinator)
    assert overview.sessions[0].people == 14
    assert {one.agency_name: one.people for one in overview.sessions[0].came} == {
        "West Mercia Police": 4,
        "Marches Housing": 2,
        "": 8,
    }
    assert people_trained(people.location, MARCH, MARCH) == 14
    assert people_trained(people.location, dt.date(2024, 3, 7), dt.date(2024, 6, 1)) == 0


def test_attendance_is_told_by_agency_and_level(people):
    held(people)
    other = TrainingCourseFactory(key="for-groups", name="Picture", level="Groups")
    held(people, course=other, heads=[Heads(people.police, 1)])
    table = training_overview(people.location, reader=people.coordinator).table
    assert table.levels == ("Everybody who takes part", "Groups")
    assert table.rows == (
        ("Marches Housing", (2, 0), 2),
        ("West Mercia Police", (4, 1), 5),
        ("", (8, 0), 8),
    )
    assert (table.totals, table.total) == ((14, 1), 15)


def test_members_of_the_groups_who_came_to_nothing_are_named_as_not_trained(people, group):
    there = GroupMemberFactory(group=group, user=people.coordinator, agency=people.police)
    GroupMemberFactory(group=group, user=people.leader, agency=people.police)
    GroupMemberFactory(group=group)
    held(people, members=[there])
    overview = training_overview(people.location, reader=people.coordinator)
    assert [line.name for line in overview.untrained] == ["Leader", "A resident"]
    assert (overview.trained, overview.members) == (1, 3)


def test_somebody_in_two_groups_is_one_person_and_trained_in_both(people, group):
    place = TargetPlaceFactory(location=people.location)
    second = DeliveryGroupFactory(location=people.location, kind="working", target_place=place)
    there = GroupMemberFactory(group=group, user=people.coordinator, agency=people.police)
    GroupMemberFactory(group=second, user=people.coordinator, agency=people.police)
    held(people, members=[there])
    overview = training_overview(people.location, reader=people.coordinator)
    assert (overview.untrained, overview.trained, overview.members) == ((), 1, 1)


def test_what_a_session_may_not_hold_is_refused(people, group):
    with pytest.raises(Refused, match="future"):
        held(people, held_on=dt.date(2024, 6, 26))
    with pytest.raises(Refused, match="how many people"):
        held(people, heads=[Heads(people.police, 0)])
    with pytest.raises(Refused, match="twice"):
        held(people, heads=[Heads(people.police, 1), Heads(people.police, 2)])
    elsewhere = DeliveryGroupFactory(location=people.other_location)
    with pytest.raises(Refused, match="group of this location"):
        held(people, group=elsewhere)
    with pytest.raises(Refused, match="sat in a group"):
        held(people, members=[GroupMemberFactory(group=elsewhere)])
    ended = GroupMemberFactory(group=group, left_on=dt.date(2024, 3, 5))
    with pytest.raises(Refused, match="sat in a group"):
        held(people, members=[ended])
    two = [GroupMemberFactory(group=group, agency=people.housing) for _ in range(3)]
    with pytest.raises(Refused, match="ticked by name"):
        held(people, members=two)
    with pytest.raises(NotAllowed):
        held(people, by=people.leader)
    assert not TrainingSession.objects.exists()


def test_a_session_sent_twice_is_one_and_with_other_numbers_refused(people):
    key = uuid4()
    assert held(people, id=key) == held(people, id=key)
    with pytest.raises(Refused, match="sent before"):
        held(people, id=key, heads=[Heads(people.police, 1)])


def test_changing_a_session_changes_who_came_and_a_stale_change_is_a_conflict(people):
    session = held(people)
    fields = {"course": session.course, "held_on": MARCH, "by": people.coordinator}
    change_training(session=session, version=1, heads=[Heads(None, 5)], **fields)
    assert [row.people for row in session.attendance.all()] == [5]
    with pytest.raises(Conflict):
        change_training(session=session, version=1, heads=[Heads(None, 6)], **fields)


def test_a_resident_who_withdraws_is_named_at_no_session(people, group):
    consent = ConsentFactory(
        location=people.location,
        name="Ann Jones",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
        given_on=dt.date(2024, 3, 1),
    )
    session = held(people, members=[GroupMemberFactory(group=group, consent=consent)])
    assert [line.name for line in who_came(session, reader=people.coordinator)] == ["Ann Jones"]
    withdraw_consent(consent=consent, version=consent.version, by=people.coordinator)
    told = [line.name for line in who_came(session, reader=people.coordinator)]
    assert told == ["A member who has withdrawn"]
    assert sum(row.people for row in session.attendance.all()) == 14


# --- Evidence --------------------------------------------------------------------------------


def test_members_and_sessions_count_as_evidence_of_their_location(people, group):
    GroupMemberFactory(group=group)
    GroupMemberFactory(group=group, left_on=dt.date(2024, 6, 1))
    held(people)
    members = MembersEvidence().counts([people.location, people.other_location])
    sessions = TrainingEvidence().counts([people.location, people.other_location])
    assert members[people.location.pk].count == 1
    assert members[people.location.pk].words == "1 member in 1 group"
    assert (sessions[people.location.pk].count, sessions[people.location.pk].latest) == (1, MARCH)
    assert sessions[people.location.pk].words == "1 session with 14 people"
    assert people.other_location.pk not in {*members, *sessions}


# --- The log ---------------------------------------------------------------------------------


def noted(people, **fields):
    given = {
        "location": people.location,
        "kind": "visit",
        "done_on": MARCH,
        "text": "Walked the centre.",
        "by": people.coordinator,
        **fields,
    }
    return log_entry(**given)


def test_an_entry_is_the_information_of_its_writers_agency_and_made_once(people):
    key = uuid4()
    entry = noted(people, id=key)
    assert noted(people, id=key) == entry
    assert entry.agency == people.police
    with pytest.raises(Refused, match="sent before"):
        noted(people, id=key, text="Something else")


def test_what_an_entry_may_not_hold_is_refused(people):
    with pytest.raises(Refused, match="future"):
        noted(people, done_on=dt.date(2024, 6, 26))
    with pytest.raises(Refused, match="what happened"):
        noted(people, text="  ")
    with pytest.raises(Refused, match="target place of this location"):
        noted(people, target_place=TargetPlaceFactory(location=people.other_location))
    with pytest.raises(Refused, match="step of this location"):
        noted(people, step=StepRecordFactory(location=people.other_location))
    with pytest.raises(Refused):
        noted(people, marking="official-sensitive", handling="")
    with pytest.raises(Refused):
        noted(people, photo=SimpleUploadedFile("note.txt", b"no picture"))
    with pytest.raises(NotAllowed):
        noted(people, by=people.partner)
    assert not LogEntry.objects.exists()


def test_a_sensitive_entry_of_another_agency_tells_that_it_is_there(people):
    health = AgencyFactory(name="Severn Health")
    entry = LogEntryFactory(
        location=people.location,
        text="What was told",
        where="The hall",
        agency=health,
        recorded_by=UserFactory(agency=health),
        marking="official-sensitive",
        handling="Only as agreed.",
    )
    line = log_line(
        log_of(people.location).get(), shared_with(people.coordinator, people.programme)
    )
    assert (line.text, line.where, line.by, line.people) == ("", "", "", None)
    assert "Severn Health" in line.withheld
    with pytest.raises(NotAllowed):
        change_log_entry(
            entry=entry, kind="visit", done_on=MARCH, text="Mine", version=1, by=people.coordinator
        )
    SharingAgreementFactory(programme=people.programme, signed=[people.police, health])
    line = log_line(
        log_of(people.location).get(), shared_with(people.coordinator, people.programme)
    )
    assert (line.text, line.withheld) == ("What was told", "")


def test_the_log_is_narrowed_by_kind_place_and_days(people):
    place = TargetPlaceFactory(location=people.location)
    noted(people, kind="briefing", done_on=dt.date(2024, 1, 24))
    walked = noted(people, target_place=place)
    noted(people, done_on=dt.date(2024, 6, 20))
    assert log_of(people.location).count() == 3
    assert log_of(people.location, kind="briefing").count() == 1
    assert log_of(people.location, place=place).get() == walked
    found = log_of(people.location, first=dt.date(2024, 2, 1), last=dt.date(2024, 6, 1))
    assert found.get() == walked


def test_a_stale_change_of_an_entry_is_a_conflict(people):
    entry = noted(people)
    fields = {"kind": "visit", "done_on": MARCH, "by": people.coordinator}
    change_log_entry(entry=entry, text="First", version=1, **fields)
    with pytest.raises(Conflict):
        change_log_entry(entry=entry, text="Second", version=1, **fields)
    assert LogEntry.objects.get().text == "First"
