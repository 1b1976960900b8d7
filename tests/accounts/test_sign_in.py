"""Signing in and out: one form, generic errors, a renewed session, and an end to guessing."""

import datetime as dt
import re

import pytest
from django.contrib.auth.hashers import get_hasher
from django.urls import reverse

from accounts.models import SignInCount
from accounts.tries import LIMITS
from core.models import LedgerEntry
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse battery staple"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(business_date):
    user = UserFactory(email="ada@example.test", name="Ada")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, login="ada@example.test", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def errors_of(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_a_resident_who_comes_here_is_told_that_no_account_is_needed(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert "If you live here" in page
    assert "You need no account" in page


def test_the_right_password_signs_in_whatever_the_capitals_of_the_address(client, person):
    response = sign_in(client, "ADA@Example.test")
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_signing_in_renews_the_key_of_the_session(client, person):
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ada@example.test", "wrong"),
        ("nobody@example.test", PASSWORD),
        ("closed@example.test", PASSWORD),
    ],
)
def test_wrong_unknown_and_closed_read_the_same(client, person, login, password):
    closed = UserFactory(email="closed@example.test", is_active=False)
    closed.set_password(PASSWORD)
    closed.save()
    response = sign_in(client, login, password)
    assert response.status_code == 422
    assert errors_of(response) == [
        "The e-mail address or the password is not right. Check both and try again."
    ]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("login", ["ada@example.test", "nobody@example.test"])
def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(client, person, login, monkeypatch):
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(
        hasher,
        "encode",
        lambda self, *args, **kwargs: hashed.append(1) or encode(self, *args, **kwargs),
    )
    sign_in(client, login, "wrong")
    assert len(hashed) == 1


def test_empty_fields_are_asked_for_by_name(client, person):
    response = client.post(LOGIN, {"login": "", "password": ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"login", "password"}


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/accounts/profile/", "/accounts/profile/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("https:evil.example", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_next_is_followed_inside_the_site_only(client, person, target, goes_to):
    assert sign_in(client, next=target).url == goes_to


def test_a_page_asks_to_sign_in_and_comes_back(client, person):
    response = client.get("/accounts/profile/")
    assert response.url == "/accounts/login/?next=/accounts/profile/"
    page = client.get(response.url)
    assert '<input type="hidden" name="next" value="/accounts/profile/">' in page.text


def test_after_ten_tries_even_the_right_password_waits(client, person):
    for _ in range(LIMITS["sign-in"]):
        sign_in(client, password="wrong")
    response = sign_in(client)
    assert response.status_code == 422
    assert "too many tries" in errors_of(response)[0]
    assert "Wait 15 minutes" in errors_of(response)[0]
    # Another address, and another name, are not held up.
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 422
    assert (
        client.post(
            LOGIN, {"login": "ada@example.test", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9"
        ).status_code
        == 302
    )


def test_the_count_ends_with_its_window(client, person):
    for _ in range(LIMITS["sign-in"] + 3):
        sign_in(client, password="wrong")
    SignInCount.objects.update(
        started_at=SignInCount.objects.get().started_at - dt.timedelta(minutes=16)
    )
    assert sign_in(client).status_code == 302


def test_signing_in_forgets_the_tries_before(client, person):
    for _ in range(LIMITS["sign-in"] - 1):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302
    assert not SignInCount.objects.exists()


def test_the_count_keeps_neither_name_nor_address(client, person):
    sign_in(client, password="wrong")
    row = SignInCount.objects.get()
    assert re.fullmatch(r"[0-9a-f]{64}", row.key)


def test_signing_out_is_by_post_and_ends_the_session(client, person):
    client.force_login(person)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/accounts/profile/").status_code == 200
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get("/accounts/profile/").status_code == 302


def test_signing_in_needs_the_form_of_the_site(person):
    from django.test import Client

    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_demonstration_names_its_people_but_no_password(client, person, settings):
    settings.DEMONSTRATION = True
    UserFactory(email="coordinator@demo.example", is_demonstration=True, job_title="Coordinator")
    UserFactory(email="gone@demo.example", is_demonstration=True, is_active=False)
    page = client.get(LOGIN).text
    assert "coordinator@demo.example" in page
    assert "var/demo-accounts.json" in page
    assert "gone@demo.example" not in page
    assert "ada@example.test" not in page
    assert "Business date: Tuesday 25 June 2024" in page


def test_outside_a_demonstration_nobody_is_named(client, person, settings):
    settings.DEMONSTRATION = False
    UserFactory(email="coordinator@demo.example", is_demonstration=True)
    page = client.get(LOGIN).text
    assert "demo.example" not in page
    assert "demo-accounts" not in page


def test_the_profile_says_which_role_where_and_what_it_allows(client, people):
    client.force_login(people.coordinator)
    page = client.get(reverse("accounts:profile")).text
    for text in (
        "Coordinator",
        "Leominster",
        "West Mercia Police",
        "Build data packages",
        "Since 1 January 2023",
    ):
        assert text in page
    assert "Sign off a step" not in page


def test_the_profile_of_someone_without_a_role_says_whom_to_ask(client, people):
    client.force_login(people.stranger)
    assert "You hold no role yet" in client.get(reverse("accounts:profile")).text


def test_a_failed_try_is_noted_against_the_account_meant_never_what_was_typed(client, person):
    sign_in(client, password="a typed secret")
    sign_in(client, "a-secret-typed-into-the-wrong-box@example.test")
    known, unknown = LedgerEntry.objects.filter(action="sign_in_failed").order_by("id")
    assert (known.subject, known.subject_id) == ("accounts.User", str(person.pk))
    assert (unknown.subject, unknown.subject_id, unknown.actor) == ("accounts.User", "", None)
    kept = str(list(LedgerEntry.objects.values()))
    assert "typed" not in kept
    assert person.email not in kept


def test_signing_in_and_out_is_noted(client, person):
    sign_in(client)
    client.post("/accounts/logout/")
    noted = LedgerEntry.objects.order_by("id").values_list("action", "actor", "subject_id")
    assert list(noted) == [
        ("sign_in", person.pk, str(person.pk)),
        ("sign_out", person.pk, str(person.pk)),
    ]


def test_a_demonstration_says_on_every_page_that_the_second_step_is_waived(
    client, person, settings
):
    settings.DEMONSTRATION = True
    words = "Signing in asks for no second step here."
    client.force_login(person)
    for path in ("/accounts/login/", "/", "/accounts/profile/", "/jobs/"):
        assert words in client.get(path).text, path
    settings.SECOND_FACTOR_WAIVED = False
    assert words not in client.get("/accounts/login/").text
