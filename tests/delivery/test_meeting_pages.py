"""The pages of meetings: planning, the capture, minutes, the register; and what programs get."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from delivery.choices import Attended
from delivery.models import Action, Decision, Issue, Meeting
from tests.factories.groups import DeliveryGroupFactory, GroupMemberFactory
from tests.factories.meetings import (
    AttendanceFactory,
    DecisionFactory,
    IssueFactory,
    MeetingFactory,
)

WRITERS = 20


@pytest.fixture
def meeting(people):
    found = MeetingFactory(location=people.location, called_by=people.coordinator)
    AttendanceFactory(meeting=found, user=people.partner)
    return found


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def at(meeting, page=""):
    return f"{meeting.get_absolute_url()}{page}"


def body(response):
    return response.content.decode()


def test_planning_begins_with_the_template_and_the_members_of_the_group(people, signed_in):
    group = DeliveryGroupFactory(location=people.location, name="The group")
    member = GroupMemberFactory(group=group, user=people.coordinator)
    web = signed_in(people.coordinator)
    new = reverse("delivery:meeting-new", args=["leominster"])
    assert "Local leader workshop" in body(web.get(new))
    form = web.get(f"{new}?kind=delivery_group").context["form"]
    assert form.initial["people"] == [f"member:{member.pk}"]
    assert form.initial["group"] == group
    assert "Next meeting" in form.initial["agenda"]
    sent = web.post(
        f"{new}?kind=delivery_group",
        {
            "title": "Delivery group meeting",
            "held_on": "2024-07-03",
            "starts_at": "2pm",
            "ends_at": "15.30",
            "group": group.pk,
            "agenda": "Welcome",
            "people": [f"member:{member.pk}"],
            "id": uuid.uuid4(),
        },
    )
    found = Meeting.objects.get()
    assert sent.url == found.get_absolute_url()
    assert (found.kind, found.starts_at, found.ends_at) == (
        "delivery_group",
        dt.time(14),
        dt.time(15, 30),
    )
    page = body(web.get(sent.url))
    assert "Send the invitations" in page
    assert "not mailed yet" in page


def test_what_is_captured_appears_below_at_once_and_a_repeat_is_harmless(
    people, meeting, signed_in
):
    web = signed_in(people.coordinator)
    capture = at(meeting, "capture/")
    issue, decision, action = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    forms = [
        {"what": "issue", "issue-id": issue, "issue-text": "Dark"},
        {
            "what": "decision",
            "decision-id": decision,
            "decision-text": "Light it",
            "decision-issue": issue,
        },
        {
            "what": "action",
            "action-id": action,
            "action-title": "Repair the light",
            "action-owner": people.partner.pk,
            "action-due_on": "2024-07-20",
            "action-decision": decision,
        },
    ]
    for sent in (*forms, *forms):
        answer = web.post(capture, sent)
        assert answer.status_code == 302
        name = sent["what"]
        assert answer.url == f"{capture}?saved={name}#entry-{sent[f'{name}-id']}"
    page = body(web.get(capture))
    for key in (issue, decision, action):
        assert page.count(f'id="entry-{key}"') == 1
    assert Action.objects.get().decision_id == decision
    assert Decision.objects.get().issue_id == issue


def test_a_form_with_an_error_keeps_what_was_typed_and_says_what_is_wrong(
    people, meeting, signed_in
):
    web = signed_in(people.coordinator)
    sent = {"what": "action", "action-title": "Repair", "action-id": uuid.uuid4()}
    answer = web.post(at(meeting, "capture/"), sent)
    assert answer.status_code == 422
    page = body(answer)
    assert "Choose who does it" in page
    assert 'value="Repair"' in page
    assert not Action.objects.exists()
    partly = web.post(at(meeting, "capture/"), sent, headers={"HX-Request": "true"})
    assert (partly.status_code, "Choose who does it" in body(partly)) == (200, True)


def test_attendance_is_marked_by_a_button_and_somebody_else_is_added(people, meeting, signed_in):
    web = signed_in(people.community)
    row = meeting.attendance.get()
    web.post(at(meeting, "capture/"), {"what": "mark", "attendance": row.pk, "state": "present"})
    row.refresh_from_db()
    assert row.state == Attended.PRESENT
    web.post(
        at(meeting, "capture/"),
        {
            "what": "present",
            "present-name": "Ward councillor",
            "present-agency": people.police.pk,
            "present-id": uuid.uuid4(),
        },
    )
    assert "Ward councillor" in body(web.get(at(meeting, "capture/")))
    assert meeting.attendance.filter(state=Attended.PRESENT).count() == 2


def test_a_stale_correction_shows_both_texts(people, meeting, signed_in):
    issue = IssueFactory(meeting=meeting, recorded_by=people.coordinator, text="Dark")
    web = signed_in(people.coordinator)
    address = at(meeting, f"issues/{issue.pk}/")
    assert web.post(address, {"text": "Dark at night", "version": 1}).status_code == 302
    stale = web.post(address, {"text": "Dim", "version": 1})
    assert stale.status_code == 409
    assert "Dim" in body(stale)
    assert "Dark at night" in body(stale)
    assert Issue.objects.get().text == "Dark at night"


def test_whoever_is_asked_answers_on_the_page_and_nobody_else(people, meeting, signed_in):
    web = signed_in(people.partner)
    assert "Can you come?" in body(web.get(at(meeting)))
    assert web.post(at(meeting, "answer/"), {"coming": "no"}).status_code == 302
    assert meeting.attendance.get().state == Attended.APOLOGIES
    assert "You sent your apologies" in body(web.get(at(meeting)))
    assert signed_in(people.leader).post(at(meeting, "answer/")).status_code == 403


@pytest.mark.parametrize("page", ["capture/", "change/", "close/", "people/"])
def test_those_who_only_see_do_not_write_and_the_neighbour_finds_nothing(
    people, meeting, signed_in, page
):
    assert signed_in(people.partner).get(at(meeting, page)).status_code == 403
    assert signed_in(people.neighbour).get(at(meeting, page)).status_code == 404


def test_the_calendar_file_holds_the_meeting_and_no_name(people, meeting, signed_in):
    answer = signed_in(people.partner).get(at(meeting, "calendar/"))
    assert answer["Content-Type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == "2024-06-26T18:00:00+01:00"
    assert "ORGANIZER" not in event
    assert "ATTENDEE" not in event


def test_minutes_list_attendance_by_agency_with_names_as_agreements_allow(
    people, meeting, signed_in
):
    meeting.attendance.update(state=Attended.PRESENT)
    AttendanceFactory(meeting=meeting, user=people.coordinator, state=Attended.PRESENT)
    Meeting.objects.update(state="held", summary="We agreed.")
    page = body(signed_in(people.coordinator).get(at(meeting, "minutes/")))
    assert "We agreed." in page
    assert "Present (2)" in page
    assert "Coordinator" in page
    assert "1 person" in page, "the partner's agency shares nothing with the police"
    assert "1 person" in body(signed_in(people.partner).get(at(meeting, "minutes/")))


def test_the_pdf_with_names_goes_to_those_who_may_read_all_of_them(people, meeting, signed_in):
    from core.files import Kinds, store

    Meeting.objects.filter(pk=meeting.pk).update(
        state="held",
        minutes=store(b"%PDF-1.7 plain\n%%EOF\n", name="plain.pdf", accept=Kinds.PDF),
        minutes_named=store(b"%PDF-1.7 named\n%%EOF\n", name="named.pdf", accept=Kinds.PDF),
        named_agencies=[people.police.pk],
    )

    def got(user):
        return b"".join(signed_in(user).get(at(meeting, "minutes/pdf/")).streaming_content)

    assert b"named" in got(people.leader)
    assert b"plain" in got(people.partner)


def test_the_page_tells_the_history_of_a_meeting_whose_minutes_were_made(
    people, meeting, signed_in
):
    meeting.named_agencies = [people.housing.pk]
    meeting.save()
    page = body(signed_in(people.coordinator).get(at(meeting)))
    assert "1 record" in page
    assert str(people.housing.pk) not in page


def test_the_register_finds_decisions_by_word_and_day(people, signed_in):
    for text, day in (("Light first", 3), ("No cameras", 10)):
        DecisionFactory(
            location=people.location,
            recorded_by=people.coordinator,
            text=text,
            decided_on=dt.date(2024, 6, day),
        )
    register = reverse("delivery:decisions", args=["leominster"])
    web = signed_in(people.partner)
    assert body(web.get(register)).index("No cameras") < body(web.get(register)).index("Light")
    assert "No cameras" not in body(web.get(f"{register}?words=light"))
    assert "Light first" not in body(web.get(f"{register}?since=2024-06-05"))
    assert "Nothing is found" in body(web.get(f"{register}?words=tree"))


def test_my_week_shows_the_meeting_and_the_overview_the_next(people, meeting, signed_in):
    web = signed_in(people.partner)
    assert meeting.get_absolute_url() in body(web.get("/"))
    assert meeting.get_absolute_url() in body(web.get("/locations/leominster/"))


def test_a_program_plans_changes_with_if_match_and_cancels(people, signed_in):
    web = signed_in(people.coordinator)
    planned = web.post(
        "/api/v1/meetings/",
        {"location": "leominster", "kind": "other", "title": "Talk", "held_on": "2024-07-01"},
        content_type="application/json",
    )
    assert planned.status_code == 201, planned.content
    one = f"/api/v1/meetings/{planned.json()['id']}/"
    changed = web.patch(
        one, {"title": "Long talk"}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["sequence"]) == (200, 1)
    stale = web.patch(
        one, {"title": "Short"}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    off = web.post(
        f"{one}cancel/",
        {"reason": "Not needed."},
        content_type="application/json",
        headers={"If-Match": '"2"'},
    )
    assert off.json()["state"] == "cancelled"
    assert web.get("/api/v1/meetings/?state=cancelled").json()["results"][0]["title"] == "Long talk"


def test_a_program_reads_the_list_of_people_with_names_withheld(people, meeting, signed_in):
    address = f"/api/v1/meetings/{meeting.pk}/attendance/"
    [seen] = signed_in(people.coordinator).get(address).json()
    assert (seen["agency"], seen["name"]) == ("Marches Housing", "")
    [own] = signed_in(people.partner).get(address).json()
    assert own["name"] == "Partner"


@pytest.mark.django_db(transaction=True)
def test_twenty_writers_at_once_lose_nothing_and_double_nothing(people, meeting):
    """Each sends everything twice; the whole proof with a hundred is ``bin/prove``."""
    wanted = {uuid.uuid4(): f"Action {number}" for number in range(WRITERS)}

    def write(item):
        key, title = item
        client = Client()
        client.force_login(people.coordinator)
        fields = {
            "what": "action",
            "action-id": key,
            "action-title": title,
            "action-owner": people.partner.pk,
            "action-due_on": "2024-07-20",
        }
        try:
            return [client.post(at(meeting, "capture/"), fields).status_code for _ in range(2)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = [status for found in pool.map(write, wanted.items()) for status in found]
    assert answers == [302] * (2 * WRITERS)
    assert dict(Action.objects.values_list("pk", "title")) == wanted
