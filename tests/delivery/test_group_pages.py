"""The pages of groups, training and the log: each main task done as a person would."""

from __future__ import annotations

import datetime as dt
import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.roles import Role
from core.exports import find_export
from core.exports.disclosure import disclosure_for
from delivery.handover_groups import build_group, build_log
from delivery.models import DeliveryGroup, GroupMember, LogEntry, TrainingSession
from programmes.services.consents import withdraw_consent
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.groups import (
    DeliveryGroupFactory,
    GroupMemberFactory,
    GroupSeatFactory,
    LogEntryFactory,
    TrainingCourseFactory,
    TrainingSessionFactory,
)
from tests.factories.programmes import ConsentFactory, SharingAgreementFactory, TargetPlaceFactory
from tests.personas import give_location_role

HERE = "/locations/leominster/"


@pytest.fixture
def group(people):
    return DeliveryGroupFactory(location=people.location, name="Leominster delivery group")


@pytest.fixture
def resident(people, group):
    """One of the community in the group, by consent."""
    consent = ConsentFactory(
        location=people.location,
        name="Ann Jones",
        contact="ann@example.test",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
        given_on=dt.date(2024, 3, 1),
    )
    return GroupMemberFactory(group=group, consent=consent)


@pytest.fixture
def coordinator(client, people):
    client.force_login(people.coordinator)
    return client


def text_of(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(words.split())


def sent(**fields):
    return {"id": str(uuid4()), **fields}


def photo():
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    return SimpleUploadedFile("lamp.jpg", picture.getvalue(), content_type="image/jpeg")


# --- Groups ----------------------------------------------------------------------------------


def test_a_coordinator_forms_the_delivery_group_and_sees_who_is_not_yet_involved(
    coordinator, people
):
    page = coordinator.get(f"{HERE}group/")
    assert "No delivery group yet" in text_of(page)
    body = sent(name="Delivery group", formed_on="2024-06-03", seats="Police\nSecondary school\n")
    answer = coordinator.post(f"{HERE}group/new/?kind=delivery", body)
    group = DeliveryGroup.objects.get()
    assert answer.url == f"{HERE}group/{group.pk}/"
    told = text_of(coordinator.get(f"{HERE}group/"))
    assert "Nobody sits on it yet" in told
    assert "Secondary school Vacant" in told
    assert "Nobody has asked them yet" in told


def test_a_working_group_for_a_place_is_formed_in_one_form(coordinator, people, group):
    place = TargetPlaceFactory(location=people.location, name="Garage court")
    body = sent(name="Court group", target_place=str(place.pk), formed_on="2024-06-03")
    coordinator.post(f"{HERE}group/new/", body)
    told = text_of(coordinator.get(f"{HERE}group/"))
    assert "Court group for Garage court 0 0" in told


def test_without_a_target_place_the_page_says_what_to_do_first(coordinator, people):
    assert "Add a target place first" in text_of(coordinator.get(f"{HERE}group/new/"))


def test_somebody_joins_takes_the_chair_and_leaves(coordinator, people, group):
    seat = GroupSeatFactory(group=group, label="Police")
    here = f"{HERE}group/{group.pk}/"
    page = coordinator.get(f"{here}members/new/?seat={seat.pk}")
    assert f'value="{seat.pk}" selected' in page.content.decode()
    body = sent(
        user=str(people.leader.pk), seat=str(seat.pk), role="member", joined_on="2024-06-03"
    )
    coordinator.post(f"{here}members/new/?as=account", body)
    member = GroupMember.objects.get()
    coordinator.post(f"{here}members/{member.pk}/chair/")
    assert "Chair: Leader." in text_of(coordinator.get(here))
    member.refresh_from_db()
    body = {"left_on": "2024-06-24", "version": str(member.version)}
    coordinator.post(f"{here}members/{member.pk}/end/", body)
    told = text_of(coordinator.get(here))
    assert "Police Vacant" in told
    assert "Leader, West Mercia Police: 3 June 2024 to 24 June 2024" in told


def test_one_of_the_community_joins_by_consent_only(coordinator, people, group):
    here = f"{HERE}group/{group.pk}/members/new/?as=community"
    assert "Nobody has agreed to be named in a group yet" in text_of(coordinator.get(here))
    consent = ConsentFactory(
        location=people.location,
        name="Ann Jones",
        purpose="group",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    body = sent(consent=str(consent.pk), role="member", joined_on="2024-06-03")
    coordinator.post(here, body)
    assert "Ann Jones" in text_of(coordinator.get(f"{HERE}group/"))


def test_the_form_for_an_account_takes_no_name(coordinator, people, group):
    body = sent(user=str(people.leader.pk), name="Ann Jones", role="member", joined_on="2024-06-03")
    coordinator.post(f"{HERE}group/{group.pk}/members/new/?as=account", body)
    assert GroupMember.objects.get().name == ""


def test_who_withdraws_disappears_from_pages_lists_pack_and_api_at_once(
    client, people, group, resident
):
    TrainingSessionFactory(location=people.location, recorded_by=people.coordinator)
    places = [
        f"{HERE}group/",
        f"{HERE}group/{group.pk}/",
        f"{HERE}group/{group.pk}/history/",
        f"{HERE}group/{group.pk}/members/{resident.pk}/",
        f"{HERE}training/",
        f"{HERE}training/new/",
        HERE,
        "/api/v1/members/",
        f"/api/v1/members/{resident.pk}/",
    ]

    def everything():
        client.force_login(people.coordinator)
        pages = [client.get(path) for path in places]
        assert {page.status_code for page in pages} == {200}
        texts = [page.content.decode() for page in pages]
        export = find_export("delivery.members")
        rules = disclosure_for(export, people.manager, people.programme)
        rows = list(export.prepare(list(export.queryset(people.manager, people.programme))))
        texts.append(str([rules.row(row) for row in rows]))
        texts.append(str(build_group(people.location, people.coordinator)))
        return texts

    before = everything()
    assert sum("Ann Jones" in text for text in before) >= 7
    consent = resident.consent
    withdraw_consent(consent=consent, version=consent.version, by=people.coordinator)
    after = everything()
    assert [place for place, text in zip(places, after, strict=False) if "Ann Jones" in text] == []
    assert not any("Ann Jones" in text or "ann@example.test" in text for text in after)
    assert "A member who has withdrawn" in after[0]


# --- Training --------------------------------------------------------------------------------


def test_a_session_is_noted_with_numbers_for_each_agency(coordinator, people, group):
    mine = GroupMemberFactory(group=group, user=people.coordinator, agency=people.police)
    GroupMemberFactory(group=group, user=people.leader, agency=people.police)
    body = sent(
        course=str(TrainingCourseFactory().pk),
        held_on="2024-03-06",
        where="Community centre",
        members=[str(mine.pk)],
        rows="1",
        **{f"heads_{people.police.pk}": "4", f"heads_{people.housing.pk}": "2"},
        heads_community="8",
    )
    body["group"] = str(group.pk)
    answer = coordinator.post(f"{HERE}training/new/", body)
    assert answer.status_code == 302
    assert answer.url == TrainingSession.objects.get().get_absolute_url()
    told = text_of(coordinator.get(answer.url))
    assert "14 people came" in told
    assert "West Mercia Police 4" in told
    told = text_of(coordinator.get(f"{HERE}training/"))
    assert "The community 8 8" in told
    assert "Members of the groups for whom no session is ticked: Leader" in told


def test_rows_are_added_without_javascript_and_nothing_typed_is_lost(coordinator, people):
    body = sent(action="row", rows="1", where="Town hall", heads_community="8", held_on_day="6")
    page = coordinator.post(f"{HERE}training/new/", body)
    html = page.content.decode()
    assert page.status_code == 200
    assert 'name="other_1"' in html
    assert 'name="rows" value="2"' in html
    assert 'value="Town hall"' in html
    assert body["id"] in html
    assert "There is a problem" not in html
    assert not TrainingSession.objects.exists()


def test_a_number_without_its_agency_is_an_error_beside_it(coordinator, people):
    body = sent(
        course=str(TrainingCourseFactory().pk), held_on="2024-03-06", rows="1", people_0="3"
    )
    page = coordinator.post(f"{HERE}training/new/", body)
    assert page.status_code == 422
    assert "Choose the agency these people come from" in text_of(page)


def test_changing_a_session_shows_what_is_stored_and_saves_it(coordinator, people):
    session = TrainingSessionFactory(location=people.location, recorded_by=people.coordinator)
    session.attendance.create(agency=people.housing, people=3)
    page = coordinator.get(f"{session.get_absolute_url()}edit/")
    assert f'name="heads_{people.housing.pk}" value="3"' in page.content.decode()
    body = {
        "course": str(session.course_id),
        "held_on": "2024-03-06",
        "heads_community": "5",
        "version": "1",
    }
    coordinator.post(f"{session.get_absolute_url()}edit/", body)
    assert [(row.agency, row.people) for row in session.attendance.all()] == [(None, 5)]


# --- The log ---------------------------------------------------------------------------------


def test_a_visit_is_noted_on_one_page_with_a_photo(coordinator, people):
    page = coordinator.get(f"{HERE}log/new/")
    html = page.content.decode()
    assert (
        'id="id_done_on_day" name="done_on_day" type="text" inputmode="numeric" value="25"' in html
    )
    body = sent(kind="visit", text="Four lamps are dark.", people="2", done_on="2024-06-25")
    answer = coordinator.post(f"{HERE}log/new/", {**body, "photo": photo()})
    assert answer.url == f"{HERE}log/"
    entry = LogEntry.objects.get()
    assert "Four lamps are dark." in text_of(coordinator.get(f"{HERE}log/"))
    shown = coordinator.get(f"{HERE}log/{entry.pk}/photo/")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline")


def test_the_same_entry_sent_twice_is_one(coordinator, people):
    body = sent(kind="visit", text="Walked.", done_on="2024-06-25")
    for _ in range(2):
        assert coordinator.post(f"{HERE}log/new/", body).status_code == 302
    assert LogEntry.objects.count() == 1


def test_the_timeline_is_narrowed_and_says_so(coordinator, people):
    LogEntryFactory(location=people.location, recorded_by=people.coordinator, text="Walked about.")
    LogEntryFactory(
        location=people.location,
        recorded_by=people.coordinator,
        kind="briefing",
        text="Told the board.",
    )
    told = text_of(coordinator.get(f"{HERE}log/?kind=briefing"))
    assert "1 entry" in told
    assert "Told the board." in told
    assert "Walked about." not in told
    assert "Nothing is noted that fits." in text_of(coordinator.get(f"{HERE}log/?kind=call"))


def test_a_photo_of_another_agency_is_withheld_until_an_agreement_covers_people(
    client, people, settings
):
    client.force_login(people.coordinator)
    body = sent(kind="visit", text="Lamps.", done_on="2024-06-25")
    client.post(f"{HERE}log/new/", {**body, "photo": photo()})
    entry = LogEntry.objects.get()
    client.force_login(people.partner)
    page = client.get(f"{HERE}log/{entry.pk}/")
    assert "There is a photo." in text_of(page)
    assert client.get(f"{HERE}log/{entry.pk}/photo/").status_code == 403
    SharingAgreementFactory(programme=people.programme, signed=[people.police, people.housing])
    shown = client.get(f"{HERE}log/{entry.pk}/photo/")
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content)


def test_the_pack_holds_members_vacancies_and_the_last_entries(people, group, resident):
    GroupSeatFactory(group=group, label="Secondary school", why="Young people")
    LogEntryFactory(location=people.location, recorded_by=people.coordinator)
    chapter = build_group(people.location, people.coordinator)
    assert [row.title for row in chapter.rows] == [
        "Ann Jones",
        "Vacant: Secondary school",
        "Not trained yet",
    ]
    assert build_log(people.location, people.coordinator).rows[0].title == "1 June 2024: Site visit"
    assert "no delivery group yet" in str(
        build_group(people.other_location, people.neighbour).intro
    )


def test_a_trainer_who_is_withheld_is_neither_shown_nor_lost_when_the_session_is_changed(
    client, people
):
    health = UserFactory(agency=AgencyFactory(name="Severn Health"))
    give_location_role(health, people.location, Role.COORDINATOR)
    session = TrainingSessionFactory(
        location=people.location, recorded_by=people.coordinator, trainer="Jo Trainer"
    )
    client.force_login(health)
    address = f"{session.get_absolute_url()}edit/"
    assert "Jo Trainer" not in client.get(address).content.decode()
    body = {"course": str(session.course_id), "held_on": "2024-06-01", "version": "1"}
    answer = client.post(address, {**body, "heads_community": "4", "trainer": "Somebody"})
    assert answer.status_code == 302
    session.refresh_from_db()
    assert session.trainer == "Jo Trainer"


def test_a_stale_change_of_a_session_shows_both_and_loses_nothing(coordinator, people):
    session = TrainingSessionFactory(location=people.location, recorded_by=people.coordinator)
    body = {
        "course": str(session.course_id),
        "held_on": "2024-06-01",
        "heads_community": "4",
        "where": "My hall",
        "version": "1",
    }
    TrainingSession.objects.filter(pk=session.pk).update(version=2, where="Their hall")
    page = coordinator.post(f"{session.get_absolute_url()}edit/", body)
    assert page.status_code == 409
    assert "My hall" in text_of(page)
    assert "Their hall" in text_of(page)
