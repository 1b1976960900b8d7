"""The caller and the agencies, for programs."""

import pytest


def test_me_says_who_calls_and_with_which_roles(client, people):
    client.force_login(people.coordinator)
    body = client.get("/api/v1/me/").json()
    assert body["email"] == "coordinator@example.test"
    (role,) = body["roles"]
    assert (role["role"], role["anchor_kind"], role["anchor"], role["counts"]) == (
        "coordinator",
        "location",
        "Leominster",
        True,
    )
    assert "Build data packages" in role["may"]


def test_nobody_is_told_who_they_are_without_signing_in(client, people):
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize("name", ["coordinator", "stranger"])
def test_agencies_are_named_to_everyone_who_is_signed_in(client, people, name):
    agency = people.housing
    client.force_login(getattr(people, name))
    body = client.get("/api/v1/agencies/?kind=housing").json()
    assert [row["name"] for row in body["results"]] == ["Marches Housing"]
    one = client.get(f"/api/v1/agencies/{agency.pk}/")
    assert one.json() == {
        "id": str(agency.pk),
        "name": "Marches Housing",
        "kind": "housing",
        "version": 1,
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_agencies_cannot_be_changed_here(client, people, method):
    client.force_login(people.manager)
    response = getattr(client, method)(
        "/api/v1/agencies/", data="{}", content_type="application/json"
    )
    assert response.status_code == 405
    assert response.json()["status"] == 405
