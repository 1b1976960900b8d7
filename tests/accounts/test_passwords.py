"""Which passwords are refused, and changing and resetting one."""

import hashlib
import json
import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import passwords
from accounts.passwords import is_breached
from accounts.tries import LIMITS
from core.jobs import run_now
from core.models import JobRun, LedgerEntry
from tests.factories.accounts import UserFactory
from tests.signing import code_now, give_second_factor, record

PASSWORD, NEW = "correct horse battery staple", "seven otters under the viaduct"
RESET = "/accounts/password/reset/"
CHANGE = "/accounts/password/"


@pytest.fixture
def person(business_date):
    user = UserFactory(email="ada@example.test", name="Ada Lovelace")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize(
    "password",
    [
        "liverpool1234",
        "password1234",
        "qwerty123456",
        "1qaz2wsx3edc",
        "Needforspeed",
        "COUNTERSTRIKE",
        "motherfucker",
        "123456789012",
    ],
)
def test_passwords_known_from_breaches_are_refused_in_whatever_capitals(password):
    assert is_breached(password)
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [PASSWORD, NEW, "", "Leominster-1265-priory"])
def test_other_passwords_are_not(password):
    assert not is_breached(password)


def test_the_list_is_what_its_description_says():
    facts = json.loads(passwords.LIST.with_suffix(".json").read_text())
    data = passwords.LIST.read_bytes()
    assert hashlib.sha256(data).hexdigest() == facts["sha256"]
    assert len(data) == facts["entries"] * passwords.BYTES_EACH == 43_940 * 6
    entries = [data[at : at + 6] for at in range(0, len(data), 6)]
    assert entries == sorted(set(entries)), "a binary search needs it sorted"
    assert "CC-BY-SA" in facts["licence"]
    assert "SecLists" in facts["attribution"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("otter viaduc", None),
        ("otter viadu", "password_too_short"),
        ("ada@example.test", "password_too_similar"),
        ("liverpool1234", "breached"),
    ],
)
def test_the_rules_together(person, password, code):
    if code is None:
        validate_password(password, person)
        return
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person)
    assert code in {error.code for error in refused.value.error_list}


def test_changing_it_ends_the_other_sessions_and_keeps_this_one(
    client, person, django_capture_on_commit_callbacks
):
    other = Client()
    other.force_login(person)
    client.force_login(person)
    bad = client.post(CHANGE, {"password": "liverpool1234"})
    assert bad.status_code == 422
    assert "known from a breach" in bad.text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(CHANGE, {"password": NEW}).url == "/accounts/security/"
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert client.get("/accounts/security/").status_code == 200
    assert other.get("/accounts/security/").url.startswith("/accounts/login/")
    assert "your password was changed" in mail.outbox[-1].body
    assert LedgerEntry.objects.filter(action="account", actor=person.pk).count() == 1


def test_changing_it_needs_a_recent_confirmation(client, person):
    client.force_login(person)
    record(client, person, "password", ago=7200)
    confirm = client.get(CHANGE).url
    assert confirm == "/accounts/confirm/?next=/accounts/password/"
    assert client.post(CHANGE, {"password": NEW}).url == confirm
    assert client.post(confirm, {"password": "wrong"}).status_code == 422
    assert client.post(confirm, {"password": PASSWORD, "next": CHANGE}).url == CHANGE
    assert client.get(CHANGE).status_code == 200
    assert client.post(CHANGE, {"password": NEW}).url == "/accounts/security/"


def test_guessing_at_the_confirmation_is_slowed_down(client, person):
    client.force_login(person)
    record(client, person, "password", ago=7200)
    for _ in range(LIMITS["password"]):
        client.post("/accounts/confirm/", {"password": "wrong"})
    answer = client.post("/accounts/confirm/", {"password": PASSWORD})
    assert answer.status_code == 422
    assert "too many tries" in answer.text


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Ask for a link, and have the worker do its part."""

    def ask(client, email, host="localhost"):
        answer = client.post(RESET, {"email": email}, headers={"host": host})
        with django_capture_on_commit_callbacks(execute=True):
            for job in JobRun.objects.filter(kind="accounts.mail_reset", state="queued"):
                run_now(job)
        return answer

    return ask


def link_in(message):
    return re.search(r"http://localhost:8000(\S+)", message.body)[1]


def test_known_unknown_and_closed_addresses_get_the_same_answer(client, person, ask):
    UserFactory(email="closed@example.test", is_active=False)
    answers = [
        ask(client, email)
        for email in ("ada@example.test", "nobody@example.test", "closed@example.test")
    ]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, f"{RESET}sent/")}
    assert [message.to for message in mail.outbox] == [["ada@example.test"]]
    assert JobRun.objects.filter(kind="accounts.mail_reset").count() == 3, "all take as long"


def test_the_mail_names_only_our_configured_address(client, person, settings, ask):
    settings.ALLOWED_HOSTS = ["*"]
    ask(client, person.email, host="evil.example")
    assert "evil" not in mail.outbox[0].body
    assert link_in(mail.outbox[0]).startswith(RESET)


def test_the_link_sets_a_password_and_signs_nobody_in(client, person, ask):
    other = Client()
    other.force_login(person)
    ask(client, "ADA@example.test")
    link = link_in(mail.outbox[0])
    for _ in range(3):  # a scanner looks at it first
        assert Client().get(link).status_code == 302
    page = client.get(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("set-password/")
    assert page["Referrer-Policy"] == "strict-origin"
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"password": "liverpool1234"}).status_code == 422
    assert client.post(form, {"password": NEW}).url == f"{RESET}done/"
    assert client.get(f"{RESET}done/").status_code == 200
    assert "_auth_user_id" not in client.session
    assert other.get("/accounts/profile/").status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert Client().get(link).status_code == 404, "the link works once"


def test_a_reset_keeps_the_second_factor(client, person, settings, ask):
    settings.SECOND_FACTOR_WAIVED = False
    secret = give_second_factor(person)
    ask(client, person.email)
    form = client.get(link_in(mail.outbox[0])).url
    client.post(form, {"password": NEW})
    response = client.post("/accounts/login/", {"login": person.email, "password": NEW})
    assert response.url == "/accounts/login/code/"
    assert "_auth_user_id" not in client.session
    client.post(response.url, {"code": code_now(secret)})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_bent_or_old_link_is_not_found(client, person, settings, ask):
    ask(client, person.email)
    link = link_in(mail.outbox[0])
    bent = f"{link[:-3]}{'aa' if link[-3:-1] != 'aa' else 'bb'}/"
    assert client.get(bent).status_code == 404
    assert client.get(f"{RESET}{'0' * 32}-abc-def/").status_code == 404
    assert client.get(f"{RESET}zz-set-password/").status_code == 404
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 404


def test_three_mails_in_a_quarter_of_an_hour_are_enough(client, person, ask):
    for _ in range(LIMITS["reset"] + 4):
        assert ask(client, person.email).status_code == 302
    assert len(mail.outbox) == LIMITS["reset"]
