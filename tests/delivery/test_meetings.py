"""Meetings: planned, invited to, changed, written down, closed; what the services refuse."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from icalendar import Calendar

from core.errors import Conflict, NotAllowed, Refused
from delivery.choices import Attended
from delivery.models import Decision, Issue, Meeting
from delivery.selectors.meeting_people import Invitee
from delivery.selectors.meetings import concerns_to_raise
from delivery.services import meeting_people, meetings
from delivery.services.meeting_mail import send_invitations
from tests.factories.groups import DeliveryGroupFactory, GroupMemberFactory
from tests.factories.meetings import IssueFactory, MeetingFactory
from tests.factories.programmes import ConsentFactory

TODAY = dt.date(2024, 6, 25)


def entry_in(message):
    """Return the calendar's entry in a mail, with the method it was sent by."""
    [(content, content_type)] = message.alternatives
    calendar = Calendar.from_ical(content)
    assert f"method={calendar['METHOD']}" in content_type
    assert message.attachments[0][0] == "meeting.ics"
    [event] = calendar.walk("VEVENT")
    return calendar, event


def sent(callbacks, change, *args, **kwargs):
    """Return the mails that a change sends when it is committed."""
    mail.outbox.clear()
    with callbacks(execute=True):
        change(*args, **kwargs)
    return list(mail.outbox)


# --- Planning and inviting -------------------------------------------------------------------


def test_sending_the_same_plan_twice_makes_one_meeting_and_another_content_is_refused(plan_meeting):
    key = uuid.uuid4()
    first = plan_meeting(id=key)
    assert plan_meeting(id=key) == first
    assert first.attendance.count() == 2
    with pytest.raises(Refused, match="other content"):
        plan_meeting(id=key, title="Another")


def test_the_agenda_is_kept_point_by_point_without_typed_numbers(plan_meeting):
    assert plan_meeting().agenda_points() == ["Welcome", "Actions"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "title"),
        ({"ends_at": dt.time(17)}, "end after"),
        ({"starts_at": None}, "begins"),
    ],
)
def test_a_meeting_that_cannot_be_is_not_planned(plan_meeting, wrong, words):
    with pytest.raises(Refused, match=words):
        plan_meeting(**wrong)
    assert not Meeting.objects.exists()


def test_only_those_who_run_delivery_plan(plan_meeting, people):
    with pytest.raises(NotAllowed):
        plan_meeting(by=people.partner)
    with pytest.raises(NotAllowed):
        plan_meeting(by=people.neighbour)


def test_nobody_without_a_role_here_is_asked_and_no_member_of_another_location(
    plan_meeting, people
):
    with pytest.raises(Refused, match="role"):
        plan_meeting(invited=[Invitee(user=people.stranger)])
    group = DeliveryGroupFactory(location=people.other_location)
    member = GroupMemberFactory(group=group, user=people.neighbour)
    with pytest.raises(Refused, match="another location"):
        plan_meeting(invited=[Invitee(member=member)])


@pytest.fixture
def callbacks(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def test_an_invitation_is_a_request_for_the_calendar_and_goes_out_once(
    plan_meeting, people, callbacks
):
    meeting = plan_meeting()
    mails = sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    assert {one.to[0] for one in mails} == {people.partner.email, people.coordinator.email}
    calendar, event = entry_in(mails[0])
    assert calendar["METHOD"] == "REQUEST"
    assert calendar.walk("VTIMEZONE")
    assert (str(event["UID"]), event["SEQUENCE"]) == (
        f"meeting-{meeting.pk}@intensive-engagement",
        0,
    )
    assert event["DTSTART"].dt.isoformat() == "2024-06-26T18:00:00+01:00"
    assert event["DTEND"].dt.isoformat() == "2024-06-26T19:30:00+01:00"
    assert event["ATTENDEE"] == f"mailto:{mails[0].to[0]}", "nobody else is named"
    assert meeting.get_absolute_url() in mails[0].body
    assert sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator) == []


def test_a_change_moves_the_same_entry_and_a_cancellation_strikes_it(
    plan_meeting, people, callbacks
):
    meeting = plan_meeting()
    sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    meeting_people.invite_people(
        meeting=meeting, invited=[Invitee(user=people.verifier)], by=people.coordinator
    )
    moved = sent(
        callbacks,
        meetings.change_meeting,
        meeting=meeting,
        version=1,
        held_on=dt.date(2024, 7, 3),
        by=people.coordinator,
    )
    assert len(moved) == 2, "who was never mailed gets no change"
    _, event = entry_in(moved[0])
    assert (event["SEQUENCE"], event["DTSTART"].dt.date()) == (1, dt.date(2024, 7, 3))
    assert str(event["UID"]).startswith(f"meeting-{meeting.pk}@")
    late = sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    assert [one.to[0] for one in late] == [people.verifier.email]

    struck = sent(
        callbacks,
        meetings.cancel_meeting,
        meeting=meeting,
        reason="The hall is closed.",
        version=2,
        by=people.coordinator,
    )
    assert len(struck) == 3
    calendar, event = entry_in(struck[0])
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert "The hall is closed." in struck[0].body


def test_what_is_no_appointment_is_changed_without_a_mail(plan_meeting, people, callbacks):
    meeting = plan_meeting()
    sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    quiet = sent(
        callbacks,
        meetings.change_meeting,
        meeting=meeting,
        version=1,
        summary="We met.",
        by=people.coordinator,
    )
    meeting.refresh_from_db()
    assert (quiet, meeting.sequence, meeting.summary) == ([], 0, "We met.")


def test_a_stale_change_is_refused_with_what_is_stored(plan_meeting, people):
    meeting = plan_meeting()
    meetings.change_meeting(meeting=meeting, version=1, title="One", by=people.coordinator)
    with pytest.raises(Conflict) as refused:
        meetings.change_meeting(meeting=meeting, version=1, title="Two", by=people.coordinator)
    assert refused.value.current.title == "One"


def test_whoever_is_taken_off_the_list_is_told(plan_meeting, people, callbacks):
    meeting = plan_meeting()
    sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    row = meeting.attendance.get(user=people.partner)
    [told] = sent(callbacks, meeting_people.uninvite, attendance=row, by=people.coordinator)
    calendar, event = entry_in(told)
    assert (told.to, calendar["METHOD"], event["STATUS"]) == (
        [people.partner.email],
        "CANCEL",
        "CANCELLED",
    )
    assert not meeting.attendance.filter(user=people.partner).exists()


def test_one_answers_for_oneself_alone(plan_meeting, people):
    meeting = plan_meeting()
    row = meeting.attendance.get(user=people.partner)
    meeting_people.answer_invitation(attendance=row, coming=False, by=people.partner)
    row.refresh_from_db()
    assert row.state == Attended.APOLOGIES
    with pytest.raises(NotAllowed):
        meeting_people.answer_invitation(attendance=row, coming=True, by=people.coordinator)


def test_members_of_the_community_are_mailed_while_their_consent_stands(
    plan_meeting, people, callbacks
):
    consent = ConsentFactory(
        location=people.location,
        name="Ann of Grange",
        contact="ann@example.test",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    member = GroupMemberFactory(
        group=DeliveryGroupFactory(location=people.location), consent=consent
    )
    meeting = plan_meeting(invited=[Invitee(member=member)])
    [asked] = sent(callbacks, send_invitations, meeting=meeting, by=people.coordinator)
    assert asked.to == ["ann@example.test"]
    assert "/locations/" not in asked.body, "no link to a page they cannot open"
    consent.withdrawn_on = TODAY
    consent.save()
    changed = sent(
        callbacks,
        meetings.change_meeting,
        meeting=meeting,
        version=1,
        where="Library",
        by=people.coordinator,
    )
    assert changed == []
    with pytest.raises(Refused, match="consent"):
        plan_meeting(invited=[Invitee(member=member)])


# --- Writing it down ---------------------------------------------------------------------------


def test_the_same_entry_twice_is_one_and_the_same_id_for_another_text_is_refused(people):
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    key = uuid.uuid4()
    for _ in range(2):
        meetings.raise_issue(id=key, meeting=meeting, text="Dark", by=people.coordinator)
        meetings.record_decision(
            id=key,
            location=people.location,
            meeting=meeting,
            text="Repair",
            decided_on=TODAY,
            by=people.community,
        )
    assert (Issue.objects.count(), Decision.objects.count()) == (1, 1)
    with pytest.raises(Refused):
        meetings.raise_issue(id=key, meeting=meeting, text="Other", by=people.coordinator)


def test_a_decision_is_refused_for_another_meetings_issue_a_future_day_or_no_text(people):
    by, here = people.coordinator, people.location
    meeting = MeetingFactory(location=here, called_by=by)
    foreign = IssueFactory(
        meeting=MeetingFactory(location=here, called_by=by), recorded_by=by, text="Elsewhere"
    )
    good = {
        "id": None,
        "location": here,
        "meeting": meeting,
        "text": "Repair",
        "decided_on": TODAY,
        "by": by,
    }
    elsewhere = MeetingFactory(location=people.other_location, called_by=people.neighbour)
    for wrong in (
        {"issue": foreign},
        {"decided_on": TODAY + dt.timedelta(days=1)},
        {"text": "  "},
        {"meeting": elsewhere},
    ):
        with pytest.raises(Refused):
            meetings.record_decision(**{**good, **wrong})
    with pytest.raises(NotAllowed):
        meetings.record_decision(**{**good, "by": people.partner})
    assert not Decision.objects.exists()


def test_a_corrected_entry_needs_the_version_that_was_read(people):
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    issue = IssueFactory(meeting=meeting, recorded_by=people.coordinator, text="Dark")
    meetings.change_issue(issue=issue, text="Dark at night", version=1, by=people.community)
    with pytest.raises(Conflict) as refused:
        meetings.change_issue(issue=issue, text="Dim", version=1, by=people.coordinator)
    assert refused.value.current.text == "Dark at night"


@pytest.fixture
def concern(people):
    from delivery.models import Concern

    return Concern.objects.create(
        location=people.location,
        kind="concern",
        text="It is dark, says my mother.",
        public_text="It is dark.",
        channel="in_person",
        heard_on=dt.date(2024, 6, 3),
        answer_by=dt.date(2024, 7, 1),
        state="open",
    )


def test_a_concern_that_is_not_published_is_raised_by_those_who_moderate_alone(people, concern):
    assert concerns_to_raise(people.location, people.coordinator) == [concern]
    assert concerns_to_raise(people.location, people.partner) == []
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    issue = meetings.raise_issue(
        id=None, meeting=meeting, text="", concern=concern, by=people.coordinator
    )
    assert issue.text == "It is dark.", "the published words, not the resident's own"
    elsewhere = MeetingFactory(location=people.other_location, called_by=people.neighbour)
    with pytest.raises(Refused, match="another location"):
        meetings.raise_issue(
            id=None, meeting=elsewhere, text="", concern=concern, by=people.neighbour
        )


def test_the_same_person_is_on_the_list_once_however_often_they_are_added(people):
    meeting = MeetingFactory(location=people.location, called_by=people.coordinator)
    for _ in range(2):
        meeting_people.add_present(
            id=uuid.uuid4(),
            meeting=meeting,
            invitee=Invitee(user=people.partner),
            by=people.coordinator,
        )
    [row] = meeting.attendance.all()
    assert (row.state, row.agency) == (Attended.PRESENT, people.housing)
