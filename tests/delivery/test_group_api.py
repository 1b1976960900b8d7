"""Groups, members and training for programs."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rest_framework.test import APIClient


@pytest.fixture
def api(people):
    caller = APIClient()
    caller.force_authenticate(people.coordinator)
    return caller


def test_programs_form_groups_seat_people_and_end_memberships(api, people):
    body = {
        "id": str(uuid4()),
        "location": "leominster",
        "kind": "delivery",
        "name": "New",
        "formed_on": "2024-06-01",
    }
    made = api.post("/api/v1/delivery-groups/", body, format="json")
    assert made.status_code == 201
    assert api.post("/api/v1/delivery-groups/", body, format="json").status_code == 200
    body = {"group": made.data["id"], "user": str(people.leader.pk), "joined_on": "2024-06-02"}
    member = api.post("/api/v1/members/", body, format="json")
    assert (member.status_code, member.data["display_name"]) == (201, "Leader")
    ended = api.post(
        f"/api/v1/members/{member.data['id']}/end/",
        {"left_on": "2024-06-20"},
        format="json",
        headers={"If-Match": '"1"'},
    )
    assert (ended.status_code, ended.data["left_on"]) == (200, "2024-06-20")
    body = {"group": made.data["id"], "user": str(people.neighbour.pk), "joined_on": "2024-06-02"}
    assert api.post("/api/v1/members/", body, format="json").status_code == 400


def test_programs_note_sessions_in_any_order_and_change_only_what_they_send(api, people):
    body = {
        "id": str(uuid4()),
        "location": "leominster",
        "course": "vicinity-awareness",
        "held_on": "2024-03-06",
        "attendance": [
            {"people": 8},
            {"agency": str(people.police.pk), "people": 4},
            {"agency": str(people.housing.pk), "people": 2},
        ],
    }
    made = api.post("/api/v1/trainings/", body, format="json")
    assert (made.status_code, made.data["people"]) == (201, 14)
    assert api.post("/api/v1/trainings/", body, format="json").status_code == 200
    changed = api.patch(
        f"/api/v1/trainings/{made.data['id']}/",
        {"where": "Town hall"},
        format="json",
        headers={"If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.data
    assert (changed.data["where"], changed.data["people"]) == ("Town hall", 14)
