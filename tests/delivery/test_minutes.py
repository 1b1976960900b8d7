"""Meetings closed: who is named to whom, the printed minutes, and what others ask of meetings."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from core import clock, files
from core.errors import Refused
from core.jobs import run_now
from delivery.choices import Attended, MeetingState
from delivery.models import Action, MeetingAttendance
from delivery.registrations.meetings import MEETING_EVIDENCE, handover
from delivery.selectors.groups import naming_for
from delivery.selectors.meeting_people import Invitee
from delivery.selectors.meetings import meetings_for, my_meetings
from delivery.selectors.minutes import (
    is_changed_since,
    may_read_names,
    named_in_print,
    print_of,
    record_of,
)
from delivery.services import meeting_people, meetings
from delivery.services.actions import ask_action
from delivery.services.meeting_minutes import request_minutes
from tests.factories.accounts import UserFactory
from tests.factories.groups import DeliveryGroupFactory, GroupMemberFactory
from tests.factories.meetings import AttendanceFactory, MeetingFactory
from tests.factories.programmes import ConsentFactory, SharingAgreementFactory

TODAY = dt.date(2024, 6, 25)


@pytest.fixture
def held(people, plan_meeting):
    """A meeting of today with somebody of each kind, closed."""
    consent = ConsentFactory(
        location=people.location,
        name="Ann of Grange",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    group = DeliveryGroupFactory(location=people.location)
    member = GroupMemberFactory(group=group, consent=consent)
    meeting = plan_meeting(
        held_on=TODAY,
        invited=[
            Invitee(user=people.coordinator),
            Invitee(user=people.partner),
            Invitee(user=people.leader),
            Invitee(member=member),
        ],
    )
    for row in meeting.attendance.exclude(user=people.leader):
        meeting_people.mark_attendance(attendance=row, state="present", by=people.coordinator)
    meetings.raise_issue(id=None, meeting=meeting, text="Dark", by=people.coordinator)
    ask_action(
        id=uuid.uuid4(),
        location=people.location,
        meeting=meeting,
        title="Repair the light",
        owner=people.partner,
        due_on=dt.date(2024, 7, 10),
        by=people.coordinator,
    )
    return meetings.close_meeting(
        meeting=meeting, version=meeting.version, summary="Good.", by=people.coordinator
    )


def test_closing_counts_who_is_not_marked_as_absent(people, held):
    assert (held.state, held.closed_on) == (MeetingState.HELD, TODAY)
    assert held.attendance.get(user=people.leader).state == Attended.ABSENT


def test_a_meeting_is_not_closed_before_its_day_nor_with_nobody_there(people, plan_meeting):
    ahead = plan_meeting()
    with pytest.raises(Refused, match="ahead"):
        meetings.close_meeting(meeting=ahead, version=1, by=people.coordinator)
    today = plan_meeting(held_on=TODAY)
    with pytest.raises(Refused, match="present"):
        meetings.close_meeting(meeting=today, version=1, by=people.coordinator)


def test_people_of_another_agency_are_named_only_while_an_agreement_covers_them(people, held):
    def named(reader):
        record = record_of(held, reader)
        return {one.name for one in record.attendees if one.name}

    assert named(people.coordinator) == {"Coordinator", "Leader", "Ann of Grange"}
    assert named(people.partner) == {"Partner"}
    [action] = record_of(held, people.coordinator).actions
    assert action.owner == "Somebody of Marches Housing"
    SharingAgreementFactory(
        programme=people.programme, categories=["people"], signed=[people.police, people.housing]
    )
    assert "Partner" in named(people.coordinator)
    assert named(people.partner) >= {"Partner", "Coordinator", "Leader"}
    assert "Ann of Grange" not in named(people.partner), "they do not read people here"


def test_a_withdrawn_consent_takes_the_name_from_page_and_print_at_once(people, held):
    consent = held.attendance.get(member__isnull=False).member.consent
    held.named_agencies, held.named_consents = named_in_print(held)
    held.save()
    SharingAgreementFactory(
        programme=people.programme, categories=["people"], signed=[people.police, people.housing]
    )
    naming = naming_for(people.coordinator, people.location)
    assert held.named_consents == [consent.pk]
    assert may_read_names(held, naming)
    consent.withdrawn_on = TODAY
    consent.save()
    assert not may_read_names(held, naming), "the printed names are closed to everybody"
    assert "Ann of Grange" not in str(record_of(held, people.coordinator))
    assert "Ann of Grange" not in str(print_of(held, named=True))


def test_the_print_without_names_names_nobody_who_was_there(people, held):
    nameless, named = str(print_of(held, named=False)), str(print_of(held, named=True))
    for name in ("Ann of Grange", "Coordinator", "Partner", "Leader"):
        assert name not in nameless
        assert name in named


def test_minutes_are_kept_with_both_files_and_know_when_the_record_changes(people, held):
    run_now(request_minutes(meeting=held, by=people.coordinator, deliver=False))
    held.refresh_from_db()
    for stored in (held.minutes, held.minutes_named):
        with files.open_file(stored) as stream:
            assert stream.read(5) == b"%PDF-"
    assert set(held.named_agencies) == {people.police.pk, people.housing.pk}
    assert not is_changed_since(held)
    issue = held.issues.get()
    meetings.change_issue(issue=issue, text="Very dark", version=1, by=people.coordinator)
    assert is_changed_since(held)


def test_minutes_are_made_of_a_held_meeting_alone(people, plan_meeting):
    with pytest.raises(Refused, match="Close"):
        request_minutes(meeting=plan_meeting(), by=people.coordinator)


# --- What others ask -------------------------------------------------------------------------


def test_a_calendar_holds_what_one_is_asked_to_and_not_what_one_declined(people, plan_meeting):
    first, last = TODAY, TODAY + dt.timedelta(days=30)
    mine, declined = plan_meeting(), plan_meeting(title="Declined")
    plan_meeting(title="Not mine", invited=[Invitee(user=people.coordinator)])
    row = declined.attendance.get(user=people.partner)
    meeting_people.answer_invitation(attendance=row, coming=False, by=people.partner)
    assert meetings_for(people.partner, first, last) == [mine]
    assert meetings_for(people.stranger, first, last) == []


def test_a_week_tells_of_meetings_to_go_to_and_of_those_to_be_closed(people, plan_meeting):
    ahead = plan_meeting()
    with clock.business_date(dt.date(2024, 6, 1)):
        past = plan_meeting(held_on=dt.date(2024, 6, 5))
    found = my_meetings(people.coordinator)
    assert (found.ahead, found.to_close) == ((ahead,), (past,))
    assert my_meetings(people.partner).to_close == ()


def test_held_meetings_of_the_delivery_group_are_evidence(people, held, plan_meeting):
    plan_meeting()
    [found] = MEETING_EVIDENCE.counts([people.location]).values()
    assert (found.count, found.latest, found.words) == (
        1,
        TODAY,
        "1 delivery group meeting held",
    )


def test_the_handover_tells_of_meetings_ahead_and_of_the_last_decisions(people, plan_meeting):
    meeting = plan_meeting()
    meetings.record_decision(
        id=None, location=people.location, text="Repair", decided_on=TODAY, by=people.coordinator
    )
    chapter = handover(people.location, people.manager)
    assert [(line.title, line.text) for line in chapter.rows] == [
        ("Delivery group meeting", "Wednesday 26 June 2024, 18:00 to 19:30, Town hall"),
        ("Decided on 25 June 2024", "Repair"),
    ]
    assert chapter.rows[0].url == meeting.get_absolute_url()


def test_somebody_without_an_account_is_kept_in_words_and_withheld_like_people(people):
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    AttendanceFactory(meeting=meeting, name="Ward councillor", agency=people.housing)
    [seen] = record_of(meeting, people.coordinator).attendees
    assert (seen.name, seen.words) == ("", "Somebody of Marches Housing")
    colleague = UserFactory(agency=people.housing)
    assert record_of(meeting, colleague).attendees[0].name == "Ward councillor"
    assert MeetingAttendance.objects.count() == 1
    assert not Action.objects.exists()
