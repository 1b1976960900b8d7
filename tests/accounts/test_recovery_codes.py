"""Recovery codes: seen once, each works once, made anew."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.second_factor import use_code
from tests.signing import give_second_factor, record, sign_in_fully

CODES = "/accounts/security/recovery-codes/"
NEW, FILE = f"{CODES}new/", f"{CODES}file/"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR_WAIVED = False


@pytest.fixture
def person(client, people):
    sign_in_fully(client, people.coordinator)
    return people.coordinator


def shown(page):
    return [a + b for a, b in re.findall(r"<code>(\d{4}) (\d{4})</code>", page.text)]


def test_new_codes_are_shown_and_can_be_saved_until_ten_minutes_have_passed(client, person):
    client.post(NEW)
    codes = shown(client.get(CODES))
    assert len(set(codes)) == 10
    text = client.get(FILE)
    assert text["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in text.text for code in codes)
    session = client.session
    session["recovery_codes_until"] -= 601
    session.save()
    later = client.get(CODES)
    assert shown(later) == []
    assert "You have 10 codes left" in later.text
    assert client.get(FILE).status_code == 404


def test_another_session_of_the_same_person_does_not_see_them(client, person):
    client.post(NEW)
    other = Client()
    sign_in_fully(other, person)
    assert shown(other.get(CODES)) == []
    assert other.get(FILE).status_code == 404


def test_each_code_works_once_in_place_of_the_phone(client, person):
    client.post(NEW)
    first, second = shown(client.get(CODES))[:2]
    assert use_code(user=person, code=f"{first[:4]} {first[4:]}") is not None
    assert use_code(user=person, code=first) is None
    assert use_code(user=person, code=second) is not None


def test_new_codes_make_the_old_ones_worthless(client, person):
    client.post(NEW)
    old = shown(client.get(CODES))[0]
    client.post(NEW)
    assert old not in shown(client.get(CODES))
    assert use_code(user=person, code=old) is None


def test_making_codes_needs_a_fresh_confirmation_and_a_second_factor(client, person):
    record(client, person, "password", "mfa", ago=7200)
    assert client.post(NEW).url.startswith("/accounts/confirm/code/")
    assert client.get(CODES).url.startswith("/accounts/confirm/code/")


def test_without_a_second_factor_there_are_no_codes(client, people):
    client.force_login(people.researcher)
    assert client.get(CODES).status_code == 404
    assert client.get(NEW).status_code == 404
    assert client.post(NEW).status_code == 404
    assert client.get(FILE).status_code == 404


def test_codes_lie_encrypted_in_the_database(client, person):
    give_second_factor(person)
    client.post(NEW)
    codes = shown(client.get(CODES))
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert seed.startswith("gAAAA"), "a Fernet token"
    assert not any(code in str(seed) for code in codes)
