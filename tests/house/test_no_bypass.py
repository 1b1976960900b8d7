"""No way around the second factor: every route, every method, in sessions that are not sure enough.

The routes come from the URLconf, so a new one is asked by itself. What such a session may reach is
listed here by hand, with the reason; a view that allows more than the list says, and one that is
listed for nothing, fails.
"""

import json
import re
import uuid

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from accounts.adapter import AccountAdapter
from accounts.assurance import Level, level_of
from accounts.middleware import least_level_of
from accounts.models import ApiToken
from accounts.services import create_token
from engagement.checks import production_is_safe
from tests.house.routes import METHODS, routes
from tests.signing import (
    code_now,
    give_second_factor,
    record,
    sign_in_by_link,
    sign_in_by_password,
    sign_in_fully,
)

# What a session opened by a link in a mail and a code reaches: one's own actions.
BY_LINK = {
    "HomeView": "what the person owes; what others do is left out",
    "ProfileView": "the person's own account",
    "MyActionsView": "the person's own actions",
    "MyActionView": "the person's own actions",
    "MyActionPhotoView": "the photo of the person's own action",
    "JobListView": "the person's own jobs",
    "JobView": "the person's own jobs",
    "JobProgressView": "the person's own jobs",
    "JobCancelView": "the person's own jobs",
}
# What a password reaches where a second factor is owed: the pages to set it up.
BY_PASSWORD = {
    "PasswordAgainView": "asks for the password again before the set-up",
    "CodeAgainView": "asks for the code that is lacking",
    "SetUpView": "sets the second factor up",
}
SET_UP = "/accounts/security/second-step/"
ALWAYS = {"SignOutView": "whatever a session may do, it may end"}

SAMPLES = {
    "int": "1",
    "uuid": str(uuid.UUID(int=7)),
    "str": "sample",
    "slug": "sample",
    "path": "sample",
}
WRITTEN_OUT = {  # addresses given by expressions
    "accounts/password/reset/(": "accounts/password/reset/abc-def/",
    "api/v1/^.*$": "api/v1/nowhere/",
}


def path_of(route):
    """Return an address at which the route answers."""
    for start, path in WRITTEN_OUT.items():
        if route.startswith(start):
            return f"/{path}"
    text = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], route)
    return f"/{text}"


def every_route():
    """Yield each route with an address and the level that its view names."""
    for route in routes():
        yield route, path_of(route.route), least_level_of(route.callback)


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR_WAIVED = False
    settings.DEMONSTRATION = True


def test_every_route_is_reached_by_its_address():
    for route, path, _ in every_route():
        assert resolve(path).func is route.callback or resolve(path).route == route.route, path
    assert sum(1 for _ in routes()) > 100


def test_the_lists_say_what_the_views_say():
    said = {Level.LINK: {}, Level.PASSWORD: {}, Level.NONE: {}}
    for route, _, level in every_route():
        if level != Level.FULL:
            said[level][route.view.__name__] = route
    assert set(said[Level.LINK]) == set(BY_LINK)
    assert set(said[Level.PASSWORD]) == set(BY_PASSWORD)
    for name, route in said[Level.NONE].items():
        if isinstance(route.view, type) and issubclass(route.view, APIView):
            assert IsAuthenticated not in route.view.permission_classes, name
        else:
            assert name in ALWAYS or getattr(route.view, "public_reason", ""), name


def attempts(client, path):
    for method in METHODS:
        send = getattr(client, method)
        if path.startswith("/api/") and method not in ("get", "delete"):
            yield method, send(path, data=json.dumps({}), content_type="application/json")
        else:
            yield method, send(path)


@pytest.mark.parametrize(
    ("open_session", "allowed", "way_up"),
    [
        pytest.param(sign_in_by_password, Level.PASSWORD, SET_UP, id="password"),
        pytest.param(sign_in_by_link, Level.LINK, "/accounts/login/", id="link"),
    ],
)
def test_nothing_else_answers(people, open_session, allowed, way_up):
    client = Client(raise_request_exception=False)
    person = people.coordinator
    open_session(client, person)
    wrong, asked = [], 0
    for _, path, least in every_route():
        if least in (Level.NONE, allowed):
            continue
        for method, answer in attempts(client, path):
            asked += 1
            if path.startswith("/api/"):
                refused = answer.status_code == 403 and "second factor" in answer.text
            else:
                refused = answer.status_code == 302 and answer.url.startswith(way_up)
            if not refused:
                wrong.append(f"{method.upper()} {path}: {answer.status_code}")
    assert wrong == []
    assert asked > 400
    assert level_of(client.get("/accounts/login/").wsgi_request) == allowed


@pytest.mark.parametrize("open_session", [sign_in_by_password, sign_in_by_link])
def test_what_does_answer_makes_the_session_no_surer(people, open_session):
    client = Client(raise_request_exception=False)
    open_session(client, people.coordinator)
    before = level_of(client.get("/accounts/login/").wsgi_request)
    for route, path, least in every_route():
        if least == Level.FULL or route.view.__name__ in ALWAYS:
            continue
        for _ in attempts(client, path):
            pass
        now = level_of(client.get("/accounts/login/").wsgi_request)
        assert now == before, path
        assert now < Level.FULL


def test_nobody_becomes_anybody_at_a_public_page(db):
    client = Client(raise_request_exception=False)
    for _, path, least in every_route():
        if least != Level.NONE:
            continue  # asks for a sign-in before anything else: test_url_table.py
        for _ in attempts(client, path):
            pass
        assert "_auth_user_id" not in client.session, path


def test_a_password_with_a_factor_set_up_is_asked_for_the_code(client, people):
    give_second_factor(people.coordinator)
    sign_in_by_password(client, people.coordinator)
    assert client.get("/programmes/").url == "/accounts/confirm/code/?next=/programmes/"
    for page in ("/accounts/security/second-step/remove/", "/accounts/password/"):
        assert client.post(page, {"password": "a new one that is long"}).url.startswith(
            "/accounts/confirm/code/"
        ), page


def test_giving_the_code_there_opens_all(client, people):
    secret = give_second_factor(people.coordinator)
    sign_in_by_password(client, people.coordinator)
    client.post("/accounts/confirm/code/", {"code": code_now(secret)})
    assert level_of(client.get("/").wsgi_request) == Level.FULL


def test_a_record_of_a_code_without_a_second_factor_counts_for_nothing(client, people):
    client.force_login(people.coordinator)
    record(client, people.coordinator, "password", "mfa")
    assert level_of(client.get("/accounts/login/").wsgi_request) == Level.PASSWORD


def test_records_of_another_person_count_for_nothing(client, people):
    sign_in_fully(client, people.manager)
    methods = client.session["account_authentication_methods"]
    client.force_login(people.coordinator)
    session = client.session
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(people.manager.pk)
    session.save()
    assert client.get("/programmes/").url.startswith("/accounts/login/")


def test_a_token_is_worth_nothing_while_a_second_factor_is_owed(people):
    _, text = create_token(user=people.coordinator, name="program", by=people.coordinator)
    client = Client(headers={"authorization": f"Token {text}"})
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 403
    assert "second factor" in answer.text
    assert client.get("/programmes/").url.startswith("/accounts/login/"), "a token opens no page"
    give_second_factor(people.coordinator)
    assert client.get("/api/v1/me/").status_code == 200
    assert client.get("/programmes/").url.startswith("/accounts/login/")


def test_a_token_for_reading_changes_nothing(people):
    give_second_factor(people.coordinator)
    _, text = create_token(
        user=people.coordinator, name="reads", by=people.coordinator, may_write=False
    )
    client = Client(headers={"authorization": f"Token {text}"})
    assert client.get("/api/v1/locations/").status_code == 200
    assert client.options("/api/v1/locations/").status_code == 405
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)("/api/v1/locations/", content_type="application/json")
        assert answer.status_code == 403, method
        assert "read only" in answer.text


def test_the_day_of_a_tokens_last_use_is_written_once_a_day(people, django_assert_num_queries):
    give_second_factor(people.coordinator)
    token, text = create_token(user=people.coordinator, name="program", by=people.coordinator)
    client = Client(headers={"authorization": f"Token {text}"})
    client.get("/api/v1/me/")
    token.refresh_from_db()
    assert token.last_used_on is not None
    ApiToken.objects.filter(pk=token.pk).update(last_used_on=token.last_used_on.replace(day=1))
    first = ApiToken.objects.get(pk=token.pk).last_used_on
    client.get("/api/v1/me/")
    token.refresh_from_db()
    assert token.last_used_on >= first


def test_allauth_has_no_page_that_we_did_not_choose():
    names = {
        name
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and name.startswith(("account_", "mfa_", "usersessions", "social"))
    }
    assert names == {
        "account_login",
        "account_reauthenticate",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
    assert reverse("account_login") == reverse("accounts:login")


def test_nobody_signs_up(rf, db):
    assert AccountAdapter().is_open_for_signup(rf.get("/")) is False
    assert Client().get("/accounts/signup/").status_code == 404


def test_production_does_not_start_without_the_second_factor(settings):
    settings.PRODUCTION = True
    settings.SECOND_FACTOR_WAIVED = True
    assert "engagement.E006" in {problem.id for problem in production_is_safe(None)}
    settings.SECOND_FACTOR_WAIVED = False
    assert "engagement.E006" not in {problem.id for problem in production_is_safe(None)}
