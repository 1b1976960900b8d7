"""Sessions: how long they last, where they are open, and ending them."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.assurance import end_sessions
from accounts.sessions import device_of
from core import clock
from core.models import LedgerEntry
from tests.signing import sign_in_by_link

PROFILE, SESSIONS = "/accounts/profile/", "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def age(client, *, opened=0, seen=0):
    """Make the client's session older, by minutes."""
    session = client.session
    session["opened_at"] -= opened * 60
    session["seen_at"] -= seen * 60
    session.save()


def over(client):
    answer = client.get(PROFILE)
    if answer.status_code == 200:
        return False
    assert answer.url == f"/accounts/login/?next={PROFILE}"
    return True


@pytest.fixture
def person(people, client):
    client.force_login(people.coordinator)
    return people.coordinator


def test_after_thirty_minutes_without_a_click_the_session_is_over(client, person):
    age(client, seen=29)
    assert not over(client)
    age(client, seen=31)
    key = client.session.session_key
    assert over(client)
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.exists()
    noted = LedgerEntry.objects.get(action="sign_out")
    assert (noted.actor, noted.detail) == (person.pk, {"cause": "idle"})


def test_every_click_begins_the_thirty_minutes_anew(client, person):
    for _ in range(4):
        age(client, opened=20, seen=20)
        assert not over(client)


def test_after_twelve_hours_the_session_is_over_however_busy(client, person):
    age(client, opened=12 * 60 - 1)
    assert not over(client)
    age(client, opened=2)
    assert over(client)
    assert LedgerEntry.objects.get(action="sign_out").detail == {"cause": "too old"}


def test_a_session_opened_by_a_link_is_over_after_two_hours(client, people):
    sign_in_by_link(client, people.partner)
    age(client, opened=119)
    assert not over(client)
    age(client, opened=2)
    assert over(client)


@pytest.mark.parametrize("key", ["opened_at", "seen_at"])
def test_a_session_that_does_not_know_its_age_is_over(client, person, key):
    session = client.session
    del session[key]
    session.save()
    assert over(client)


def test_a_session_that_nobody_proved_anything_for_is_over(client, person):
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert over(client)
    assert "_auth_user_id" not in client.session


def test_the_session_is_written_once_a_minute_at_most(client, person):
    def writes():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PROFILE)
        return [q for q in queries if "UPDATE" in q["sql"] and "session" in q["sql"]]

    assert writes() == []
    age(client, seen=2)
    assert len(writes()) == 2  # the session, and its row on the sessions page
    assert writes() == []


def test_the_api_answers_401_once_the_session_is_over(client, person):
    assert client.get("/api/v1/me/").status_code == 200
    age(client, seen=31)
    assert client.get("/api/v1/me/").status_code == 401


def test_the_page_shows_my_devices_in_words_and_no_place(people):
    phone, desk = (Client(headers={"user-agent": agent}) for agent in (SAFARI, FIREFOX))
    for client in (phone, desk):
        client.post("/accounts/login/", {})
        client.force_login(people.coordinator)
        key = client.session.session_key
        agent = SAFARI if client is phone else FIREFOX
        UserSession.objects.filter(session_key=key).update(user_agent=agent)
    page = desk.get(SESSIONS).text
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.index("Firefox on Windows") < page.index("Safari on iPhone"), "this one first"
    assert page.count("This one") == 1
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"0.0.0.0"}


def test_signing_in_through_the_form_notes_the_device(people):
    people.coordinator.set_password("correct horse battery staple")
    people.coordinator.save()
    client = Client(headers={"user-agent": SAFARI})
    client.post(
        "/accounts/login/",
        {"login": people.coordinator.email, "password": "correct horse battery staple"},
    )
    row = UserSession.objects.get()
    assert row.session_key == client.session.session_key
    assert device_of(row.user_agent) == "Safari on iPhone"


def test_ending_one_of_mine_ends_that_one_alone(client, person):
    other, third = Client(), Client()
    other.force_login(person)
    third.force_login(person)
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post(f"{SESSIONS}{row.pk}/end/").url == SESSIONS
    assert over(other)
    assert not over(third)
    assert not over(client)


def test_somebody_elses_session_does_not_exist_for_me(client, person, people):
    theirs = Client()
    theirs.force_login(people.manager)
    row = UserSession.objects.get(user=people.manager)
    assert client.post(f"{SESSIONS}{row.pk}/end/").status_code == 404
    assert not over(theirs)
    assert "manager" not in client.get(SESSIONS).text.lower()


def test_ending_all_others_keeps_this_one(client, person, people):
    others = [Client() for _ in range(3)]
    for other in others:
        other.force_login(person)
    theirs = Client()
    theirs.force_login(people.manager)
    client.post(f"{SESSIONS}end-others/")
    assert all(over(other) for other in others)
    assert not over(client)
    assert not over(theirs)


def test_ending_is_by_post(client, person):
    assert client.get(f"{SESSIONS}end-others/").status_code == 405
    assert client.get(f"{SESSIONS}1/end/").status_code == 405


def test_all_sessions_of_a_person_end_at_once(client, person, people):
    other, theirs = Client(), Client()
    other.force_login(person)
    theirs.force_login(people.manager)
    assert end_sessions(person) == 2
    assert over(client)
    assert over(other)
    assert not over(theirs)
    assert end_sessions(person) == 0


def test_signing_out_forgets_the_session(client, person):
    client.post("/accounts/logout/")
    assert not UserSession.objects.exists()
    assert LedgerEntry.objects.filter(action="sign_out", actor=person.pk).count() == 1


def test_signing_in_over_another_session_leaves_nothing_of_it(client, person, people):
    people.manager.set_password("correct horse battery staple")
    people.manager.save()
    before = client.session.session_key
    session = client.session
    session["left"] = "behind"
    session.save()
    client.post(
        "/accounts/login/",
        {"login": people.manager.email, "password": "correct horse battery staple"},
    )
    assert client.session["_auth_user_id"] == str(people.manager.pk)
    assert "left" not in client.session
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Mac"),
        ("curl/8.5", "An unknown device"),
        ("", "An unknown device"),
    ],
)
def test_devices_have_names(agent, words):
    assert device_of(agent) == words


def test_times_come_from_the_real_clock_not_the_business_date(client, person):
    now = dt.datetime.fromtimestamp(client.session["opened_at"], dt.UTC)
    assert abs(clock.now() - now) < dt.timedelta(minutes=1)
