"""The second factor: who needs one, setting it up, giving it, losing it."""

import base64
import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.assurance import Level, level_of, second_factor_needed
from accounts.backends import HouseBackend
from accounts.grants import end_role
from accounts.roles import Role
from accounts.second_factor import reset_second_factor, use_code
from accounts.tries import LIMITS
from core.choices import LedgerAction
from core.errors import NotAllowed
from core.models import BusinessDate, LedgerEntry
from programmes.models import LocationMembership
from tests.personas import give_location_role
from tests.signing import (
    code_now,
    give_second_factor,
    record,
    sign_in_by_password,
    sign_in_fully,
)

PASSWORD = "correct horse battery staple"
LOGIN, CODE = "/accounts/login/", "/accounts/login/code/"
SET_UP = "/accounts/security/second-step/"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR_WAIVED = False


@pytest.fixture
def coordinator(people):
    people.coordinator.set_password(PASSWORD)
    people.coordinator.save()
    return people.coordinator


def sign_in(client, user, **more):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD, **more})


def level(client):
    return level_of(client.get("/accounts/profile/").wsgi_request)


def test_roles_that_see_personal_data_and_administrators_need_it_others_do_not(people):
    for name in ("manager", "coordinator", "community", "leader", "admin"):
        assert second_factor_needed(getattr(people, name)), name
    for name in ("researcher", "stranger"):
        assert not second_factor_needed(getattr(people, name)), name


def test_a_role_that_has_ended_asks_for_nothing(people, settings):
    row = LocationMembership.objects.get(user=people.coordinator)
    end_role(membership=row, ends_on=dt.date(2024, 6, 26), by=None)
    assert second_factor_needed(people.coordinator)
    BusinessDate.objects.update(date=dt.date(2024, 6, 28))
    assert not second_factor_needed(people.coordinator)


def test_a_demonstration_asks_nobody(people, settings):
    settings.SECOND_FACTOR_WAIVED = True
    assert not second_factor_needed(people.manager)


def test_without_one_the_first_sign_in_leads_to_setting_it_up(client, coordinator):
    answer = sign_in(client, coordinator, next="/programmes/")
    assert answer.url == f"{SET_UP}?next=/programmes/"
    response = client.get("/programmes/")
    assert response.status_code == 302
    assert response.url == f"{SET_UP}?next=/programmes/"
    assert client.get("/api/v1/locations/").status_code == 403
    page = client.get(SET_UP)
    assert page.status_code == 200
    assert "A password alone is not enough" in page.text


def test_setting_it_up_opens_the_whole_service_and_shows_recovery_codes(
    client, coordinator, django_capture_on_commit_callbacks
):
    sign_in(client, coordinator)
    page = client.get(SET_UP).text
    secret = re.search(r'app-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]
    assert b"<svg" in base64.b64decode(image)
    wrong = client.post(SET_UP, {"code": "000000" if code_now(secret) != "000000" else "111111"})
    assert wrong.status_code == 422
    assert not Authenticator.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{SET_UP}?next=/jobs/", {"code": code_now(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    codes = client.get(response.url)
    assert len(re.findall(r"<code>\d{4} \d{4}</code>", codes.text)) == 10
    assert 'href="/jobs/"' in codes.text
    assert client.get("/programmes/").status_code == 200
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [coordinator.email]
    stored = Authenticator.objects.get(type="totp").data
    assert secret not in str(stored), "the secret is stored encrypted"
    noted = LedgerEntry.objects.filter(action=LedgerAction.ACCOUNT, actor=coordinator.pk)
    assert {row.detail["what"] for row in noted} == {"second factor set up"}


def test_setting_it_up_signs_out_everywhere_else(client, coordinator):
    elsewhere = Client()
    sign_in(elsewhere, coordinator)
    sign_in(client, coordinator)
    secret = re.search(r'app-key">([A-Z2-7 ]+)<', client.get(SET_UP).text)[1].replace(" ", "")
    client.post(SET_UP, {"code": code_now(secret)})
    assert elsewhere.get("/accounts/profile/").url.startswith(LOGIN)
    assert client.get("/accounts/profile/").status_code == 200


def test_with_one_the_password_alone_opens_nothing(client, coordinator):
    give_second_factor(coordinator)
    response = sign_in(client, coordinator)
    assert response.url == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/").url.startswith(LOGIN)
    assert client.get("/accounts/profile/").url.startswith(LOGIN)


def test_the_code_opens_the_session_and_keeps_where_one_was_going(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator, next="/programmes/")
    response = client.post(CODE, {"code": f" {code_now(secret)[:3]} {code_now(secret)[3:]}"})
    assert response.url == "/programmes/"
    assert client.get("/programmes/").status_code == 200
    noted = LedgerEntry.objects.get(action=LedgerAction.SIGN_IN)
    assert (noted.actor, noted.detail) == (coordinator.pk, {"way": "mfa+password"})


def test_giving_the_code_renews_the_key_of_the_session(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    before = client.session.session_key
    client.post(CODE, {"code": code_now(secret)})
    assert client.session.session_key != before


def test_a_wrong_or_empty_code_opens_nothing(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    wrong = f"{(int(code_now(secret)) + 1) % 10**6:06}"
    for body in ({"code": wrong}, {"code": ""}, {}, {"credential": "x"}):
        assert client.post(CODE, body).status_code == 422, body
    assert "_auth_user_id" not in client.session
    assert LedgerEntry.objects.filter(action=LedgerAction.SIGN_IN_FAILED).exists()


def test_the_page_for_the_code_needs_the_password_first(client, coordinator):
    give_second_factor(coordinator)
    assert client.get(CODE).url == LOGIN
    assert client.post(CODE, {"code": "123456"}).url == LOGIN


def test_a_code_is_taken_once_whoever_asks(coordinator):
    secret = give_second_factor(coordinator)
    code = code_now(secret)
    assert use_code(user=coordinator, code=code) is not None
    assert use_code(user=coordinator, code=code) is None
    assert use_code(user=coordinator, code=code_now(secret, later=-1)) is None
    assert use_code(user=coordinator, code=code_now(secret, later=1)) is not None


def test_the_code_of_a_set_up_is_not_taken_again(client, coordinator):
    sign_in(client, coordinator)
    secret = re.search(r'app-key">([A-Z2-7 ]+)<', client.get(SET_UP).text)[1].replace(" ", "")
    code = code_now(secret)
    client.post(SET_UP, {"code": code})
    assert use_code(user=coordinator, code=code) is None


def test_codes_of_somebody_else_and_of_other_times_are_refused(people):
    theirs = give_second_factor(people.manager)
    secret = give_second_factor(people.coordinator)
    assert use_code(user=people.coordinator, code=code_now(theirs)) is None
    assert use_code(user=people.coordinator, code=code_now(secret, later=3)) is None
    assert use_code(user=people.coordinator, code=code_now(secret, later=-3)) is None


def test_after_ten_wrong_codes_the_right_one_waits(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    wrong = f"{(int(code_now(secret)) + 7) % 10**6:06}"
    for _ in range(LIMITS["second-factor"]):
        client.post(CODE, {"code": wrong})
    response = client.post(CODE, {"code": code_now(secret)})
    assert response.status_code == 422
    assert "too many tries" in response.text
    # Beginning again does not give new tries.
    sign_in(client, coordinator)
    assert client.post(CODE, {"code": code_now(secret)}).status_code == 422


def test_an_account_closed_between_password_and_code_stays_closed(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.post(CODE, {"code": code_now(secret)}).url == LOGIN
    assert "_auth_user_id" not in client.session


def test_who_needs_none_has_everything_with_the_password(client, people):
    people.researcher.set_password(PASSWORD)
    people.researcher.save()
    sign_in(client, people.researcher)
    assert level(client) == Level.FULL


def test_who_needs_none_but_has_one_is_asked_for_it(client, people):
    people.researcher.set_password(PASSWORD)
    people.researcher.save()
    give_second_factor(people.researcher)
    assert sign_in(client, people.researcher).url == CODE


def test_a_role_given_while_signed_in_asks_at_the_next_page(client, people):
    sign_in_by_password(client, people.stranger)
    assert client.get("/programmes/").status_code == 200
    give_location_role(people.stranger, people.location, Role.COORDINATOR)
    assert client.get("/programmes/").url.startswith(SET_UP)


def test_removing_it_needs_a_fresh_confirmation_and_falls_back_to_setting_up(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in_fully(client, coordinator)
    secret = give_second_factor(coordinator)
    record(client, coordinator, "password", "mfa", ago=7200)
    remove = "/accounts/security/second-step/remove/"
    response = client.post(remove)
    assert response.url == f"/accounts/confirm/code/?next={remove}"
    assert Authenticator.objects.filter(type="totp").exists()
    assert client.post(response.url, {"code": code_now(secret), "next": remove}).url == remove
    assert client.post(remove).url == "/accounts/security/"
    assert not Authenticator.objects.exists()
    assert client.get("/programmes/").url.startswith(SET_UP)


def test_a_form_sent_too_late_is_not_kept_in_the_session(client, coordinator):
    sign_in_fully(client, coordinator)
    record(client, coordinator, "password", "mfa", ago=7200)
    secret = "a new password nobody has"
    assert client.post("/accounts/password/", {"password": secret}).status_code == 302
    assert secret not in str(dict(client.session.items()))


def test_only_another_administrator_resets_a_lost_one(client, people):
    give_second_factor(people.coordinator)
    sign_in_fully(client, people.coordinator)
    for by in (people.manager, people.coordinator):
        with pytest.raises(NotAllowed):
            reset_second_factor(user=people.coordinator, by=by)
    with pytest.raises(NotAllowed):
        reset_second_factor(user=people.admin, by=people.admin)
    reset_second_factor(user=people.coordinator, by=people.admin, reason="lost phone")
    assert not Authenticator.objects.exists()
    assert client.get("/").url.startswith(LOGIN)


def test_the_secret_survives_a_change_of_the_key_that_is_announced(people, settings):
    secret = give_second_factor(people.coordinator)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"
    assert use_code(user=people.coordinator, code=code_now(secret)) is not None


def test_the_backend_of_a_full_session_is_ours(client, coordinator):
    secret = give_second_factor(coordinator)
    sign_in(client, coordinator)
    client.post(CODE, {"code": code_now(secret)})
    name = f"{HouseBackend.__module__}.{HouseBackend.__name__}"
    assert client.session["_auth_user_backend"] == name
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.get("/").url.startswith(LOGIN)
