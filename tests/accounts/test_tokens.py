"""Tokens: shown once, kept as a hash, useless once revoked or the person leaves."""

import datetime as dt

import pytest

from accounts.models import ApiToken
from accounts.services import create_token, revoke_token
from core import clock
from core.errors import NotAllowed, Refused

ME = "/api/v1/me/"


def call(client, text):
    return client.get(ME, headers={"Authorization": f"Token {text}"})


def test_a_token_signs_its_person_in_and_is_stored_as_a_hash_only(client, people):
    token, text = create_token(user=people.coordinator, name="laptop", by=people.coordinator)
    response = call(client, text)
    assert response.status_code == 200
    assert response.json()["email"] == "coordinator@example.test"
    assert text not in str(ApiToken.objects.filter(pk=token.pk).values())
    assert len(text) >= 40


def test_a_revoked_token_is_refused_at_once(client, people):
    token, text = create_token(user=people.coordinator, name="laptop", by=None)
    revoke_token(token=token, by=people.coordinator)
    response = call(client, text)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    revoke_token(token=token, by=people.coordinator)  # harmless


def test_an_expired_token_is_refused(client, people):
    token, text = create_token(
        user=people.coordinator,
        name="laptop",
        by=None,
        expires_at=clock.now() + dt.timedelta(minutes=1),
    )
    assert call(client, text).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now())
    assert call(client, text).status_code == 401
    with pytest.raises(Refused):
        create_token(user=people.coordinator, name="old", by=None, expires_at=clock.now())


def test_the_token_of_a_closed_account_is_refused(client, people):
    _, text = create_token(user=people.coordinator, name="laptop", by=None)
    people.coordinator.is_active = False
    people.coordinator.save()
    assert call(client, text).status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token ", "Token nonsense", "Bearer x"])
def test_a_header_that_is_no_token_is_refused(client, people, header):
    assert client.get(ME, headers={"Authorization": header}).status_code == 401


def test_only_the_person_makes_a_token_and_an_administrator_may_revoke_it(people):
    for other in (people.manager, people.admin, people.neighbour):
        with pytest.raises(NotAllowed):
            create_token(user=people.coordinator, name="theft", by=other)
    token, _text = create_token(user=people.coordinator, name="mine", by=people.coordinator)
    with pytest.raises(NotAllowed):
        revoke_token(token=token, by=people.neighbour)
    revoke_token(token=token, by=people.admin)
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_the_history_of_tokens_keeps_no_hash(people):
    from core.selectors import _event_model

    kept = {field.name for field in _event_model(ApiToken)._meta.fields}
    assert "name" in kept
    assert "digest" not in kept
