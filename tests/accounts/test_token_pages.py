"""The pages of one's own tokens: shown once, ended in time, revoked at once."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services import create_token
from core.errors import Refused
from tests.factories.accounts import UserFactory

NEW = "/accounts/tokens/new/"


@pytest.fixture
def form():
    until = timezone.localdate() + dt.timedelta(days=30)
    key = "6f0d3bb2-4a0e-4c3e-9d0f-3f9a2a6e7a11"
    return {"id": key, "name": "Figures", "scope": "read", "until": until.isoformat()}


@pytest.fixture
def signed_in(people, client):
    client.force_login(people.analyst)
    return client


def call(client, text, method="get"):
    send = getattr(client, method)
    headers = {"Authorization": f"Token {text}"}
    return send("/api/v1/me/" if method == "get" else "/api/v1/programmes/", headers=headers)


def test_a_token_is_shown_on_the_answer_and_never_again(signed_in, form):
    answer = signed_in.post(NEW, form)
    assert answer.status_code == 200
    text = answer.context["text"]
    assert text in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert text not in signed_in.get("/accounts/tokens/").content.decode()
    again = signed_in.post(NEW, form)
    assert again.status_code == 422, "the same form makes no second token"
    assert ApiToken.objects.count() == 1
    signed_in.logout()
    assert call(signed_in, text).status_code == 200
    assert call(signed_in, text, "post").status_code == 403, "it reads only"


@pytest.mark.parametrize("days", [0, 400])
def test_a_token_ends_after_today_and_within_a_year(signed_in, form, days):
    until = timezone.localdate() + dt.timedelta(days=days)
    assert signed_in.post(NEW, {**form, "until": until.isoformat()}).status_code == 422


def test_a_token_ends_after_ninety_days_unless_said_otherwise(people):
    token, _ = create_token(user=people.analyst, name="t", by=people.analyst)
    left = token.expires_at - timezone.now()
    assert dt.timedelta(days=89) < left <= dt.timedelta(days=90)
    far = timezone.now() + dt.timedelta(days=400)
    with pytest.raises(Refused):
        create_token(user=people.analyst, name="t", by=people.analyst, expires_at=far)


def test_one_revokes_ones_own_tokens_only(signed_in, people):
    mine, text = create_token(user=people.analyst, name="mine", by=people.analyst)
    theirs, _ = create_token(user=people.leader, name="theirs", by=people.leader)
    assert signed_in.post(f"/accounts/tokens/{theirs.pk}/revoke/").status_code == 404
    assert signed_in.post(f"/accounts/tokens/{mine.pk}/revoke/").status_code == 302
    signed_in.logout()
    assert call(signed_in, text).status_code == 401


def test_without_a_token_the_page_says_what_to_do(client, people):
    client.force_login(UserFactory())
    assert "You have no token" in client.get("/accounts/tokens/").content.decode()
