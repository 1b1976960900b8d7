"""Programmes for programs: the same scope, rules and services as the pages."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from programmes.models import Evidence, Location, SignOff
from tests.programmes.helpers import fill, note

DAY = dt.date(2024, 1, 10)
API = "/api/v1"


@pytest.fixture
def api(people):
    """Return a function that gives a client signed in as one of the people."""

    def sign_in(user) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return sign_in


def test_everyone_signed_in_reads_the_step_templates(api, people, template):
    answer = api(people.stranger).get(f"{API}/step-templates/", {"slug": "west-mercia"})
    assert answer.status_code == 200
    (found,) = answer.data["results"]
    assert len(found["steps"]) == 8
    assert found["steps"][0]["evidence_wanted"][0]["key"] == "data-package"
    assert api(people.manager).post(f"{API}/step-templates/", {}).status_code == 405


def test_lists_hold_what_is_in_scope_and_nothing_else(api, people, town):
    for user, programmes, locations in (
        (people.leader, ["west-mercia"], ["leominster"]),
        (people.partner, ["west-mercia"], ["leominster"]),
        (people.neighbour, ["redditch"], ["redditch-town"]),
        (people.stranger, [], []),
        (people.researcher, [], []),
    ):
        client = api(user)
        found = client.get(f"{API}/programmes/").data["results"]
        assert [row["slug"] for row in found] == programmes
        found = client.get(f"{API}/locations/").data["results"]
        assert [row["slug"] for row in found] == locations
    neighbour = api(people.neighbour)
    assert neighbour.get(f"{API}/locations/leominster/").status_code == 404
    assert neighbour.get(f"{API}/steps/", {"location": "leominster"}).status_code == 400
    assert neighbour.get(f"{API}/steps/").data["results"] == []


def test_a_location_is_made_once_and_changed_with_its_version(api, people, town):
    client, key = api(people.manager), str(uuid4())
    sent = {"id": key, "programme": "west-mercia", "name": "Evesham"}
    made = client.post(f"{API}/locations/", sent, format="json")
    assert made.status_code == 201, made.data
    assert Location.objects.get(slug="evesham").steps.count() == 8
    assert client.post(f"{API}/locations/", sent, format="json").status_code == 200
    other = client.post(f"{API}/locations/", {**sent, "name": "Pershore"}, format="json")
    assert other.status_code == 409
    path, change = f"{API}/locations/evesham/", {"name": "Evesham town"}
    assert client.patch(path, change, format="json").status_code == 428
    changed = client.patch(path, change, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.status_code == 200
    assert changed.data["name"] == "Evesham town"
    assert client.patch(path, change, format="json", HTTP_IF_MATCH=made["ETag"]).status_code == 412


def test_a_location_cannot_be_made_in_a_programme_one_cannot_see_or_manage(api, people, town):
    sent = {"programme": "west-mercia", "name": "Mine"}
    path = f"{API}/locations/"
    assert api(people.neighbour).post(path, sent, format="json").status_code == 400
    assert api(people.coordinator).post(path, sent, format="json").status_code == 403


def test_steps_tell_how_they_stand_in_a_fixed_number_of_queries(
    api, people, town, step, django_assert_max_num_queries
):
    fill(step(1), by=people.coordinator, on=DAY, leave_out=2)
    client = api(people.partner)
    with django_assert_max_num_queries(12):
        found = client.get(f"{API}/steps/", {"location": "leominster"}).data["results"]
    assert len(found) == 8
    first = next(row for row in found if row["number"] == 1)
    assert first["standing"]["state"] == "under_way"
    assert (first["standing"]["done"], first["standing"]["wanted"]) == (3, 5)
    assert first["standing"]["missing"] == ["common-purpose", "leaders-support"]


def test_the_plan_is_changed_by_those_who_record_steps(api, people, town, step):
    record = step(3)
    path, change = f"{API}/steps/{record.pk}/", {"notes": "Ask the council first."}
    refused = api(people.partner).patch(path, change, format="json", HTTP_IF_MATCH='"1"')
    assert refused.status_code == 403
    changed = api(people.community).patch(path, change, format="json", HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200
    assert step(3).notes == "Ask the council first."
    wrong = api(people.community).patch(
        path, {"started_on": "2024-01-01"}, format="json", HTTP_IF_MATCH='"2"'
    )
    assert wrong.status_code == 400


def test_starting_out_of_order_needs_a_reason_here_too(api, people, town, step):
    path = f"{API}/steps/{step(2).pk}/start/"
    client = api(people.coordinator)
    refused = client.post(path, {"started_on": "2024-01-10"}, format="json")
    assert refused.status_code == 400
    assert "step 1 not signed off" in refused.data["detail"]
    sent = {"started_on": "2024-01-10", "out_of_order_reason": "Asked for."}
    assert client.post(path, sent, format="json").data["out_of_order_reason"] == "Asked for."


def test_a_leader_signs_off_and_opens_again(api, people, town, step):
    path = f"{API}/steps/{step(1).pk}"
    leader = api(people.leader)
    assert leader.post(f"{path}/sign-off/", {}, format="json").status_code == 400
    fill(step(1), by=people.coordinator, on=DAY)
    refused = api(people.coordinator).post(f"{path}/sign-off/", {}, format="json")
    assert refused.status_code == 403
    made = leader.post(f"{path}/sign-off/", {"statement": "Seen."}, format="json")
    assert made.status_code == 200, made.data
    assert SignOff.objects.get().statement == "Seen."
    opened = leader.post(f"{path}/reopen/", {"reason": "Redone."}, format="json")
    assert opened.data["reopened_reason"] == "Redone."


def test_evidence_is_sent_once_with_its_file_and_read_by_those_who_may(api, people, town, step):
    client, key = api(people.coordinator), str(uuid4())
    kind = step(1).definition.evidence_wanted.get(key="common-purpose")
    sent = {
        "id": key,
        "step_record": str(step(1).pk),
        "wanted": str(kind.pk),
        "title": "Purpose",
        "note": "Agreed.",
        "done_on": "2024-01-10",
    }
    made = client.post(f"{API}/evidence/", sent, format="json")
    assert made.status_code == 201, made.data
    assert client.post(f"{API}/evidence/", sent, format="json").status_code == 200
    again = client.post(f"{API}/evidence/", {**sent, "note": "Other."}, format="json")
    assert again.status_code == 409
    upload = SimpleUploadedFile("walk.txt", b"What we saw.\n", content_type="text/plain")
    filed = client.post(
        f"{API}/evidence/",
        {"step_record": str(step(1).pk), "title": "Walk", "done_on": "2024-01-11", "file": upload},
        format="multipart",
    )
    assert filed.status_code == 201, filed.data
    assert filed.data["file_name"] == "walk.txt"
    assert Evidence.objects.count() == 2
    for user, count in (
        (people.coordinator, 2),
        (people.leader, 2),
        (people.verifier, 2),
        (people.partner, 0),
        (people.neighbour, 0),
    ):
        assert len(api(user).get(f"{API}/evidence/").data["results"]) == count, user
    file = api(people.leader).get(f"{API}/evidence/{filed.data['id']}/file/")
    assert b"".join(file.streaming_content) == b"What we saw.\n"
    assert api(people.partner).get(f"{API}/evidence/{filed.data['id']}/file/").status_code == 404


def test_evidence_is_refused_from_those_who_do_not_record(api, people, town, step):
    sent = {"step_record": str(step(1).pk), "title": "X", "note": "Y", "done_on": "2024-01-10"}
    assert api(people.partner).post(f"{API}/evidence/", sent, format="json").status_code == 403
    assert api(people.neighbour).post(f"{API}/evidence/", sent, format="json").status_code == 400
    assert not Evidence.objects.exists()


def test_evidence_is_withdrawn_with_a_reason(api, people, town, step):
    evidence = note(step(1), by=people.coordinator, on=DAY)
    path = f"{API}/evidence/{evidence.pk}/withdraw/"
    client = api(people.coordinator)
    assert client.post(path, {}, format="json").status_code == 400
    answer = client.post(path, {"reason": "Wrong town"}, format="json")
    assert answer.data["withdrawn_reason"] == "Wrong town"


def test_an_area_is_set_and_the_boundary_comes_as_geojson(api, people, town):
    path = f"{API}/locations/leominster/area/"
    square = {
        "type": "Polygon",
        "coordinates": [[[-2.74, 52.22], [-2.73, 52.22], [-2.73, 52.23], [-2.74, 52.22]]],
    }
    sent = {"kind": "drawn", "boundary": square}
    client = api(people.coordinator)
    assert client.get(path).status_code == 404
    assert api(people.partner).put(path, sent, format="json").status_code == 403
    assert api(people.neighbour).put(path, sent, format="json").status_code == 404
    wrong = {"kind": "drawn", "boundary": {"type": "Point"}}
    assert client.put(path, wrong, format="json").status_code == 400
    made = client.put(path, sent, format="json")
    assert made.status_code == 200, made.data
    assert "by their point" in made.data["counting"]
    assert client.put(path, sent, format="json").status_code == 428
    changed = client.put(path, sent, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.status_code == 200
    shapes = api(people.leader).get(f"{API}/locations/leominster/geojson/")
    assert shapes["Content-Type"] == "application/geo+json"
    (feature,) = shapes.data["features"]
    assert feature["properties"] == {"name": "Leominster", "kind": "location"}


def test_a_programme_is_set_up_and_its_template_stays(api, people, template):
    client = api(people.manager)
    sent = {"name": "Second run", "template": str(template.pk), "starts_on": "2024-09-02"}
    made = client.post(f"{API}/programmes/", sent, format="json")
    assert made.status_code == 201, made.data
    assert made.data["slug"] == "second-run"
    path = f"{API}/programmes/second-run/"
    changed = client.patch(path, {"weeks": 45}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert changed.data["weeks"] == 45
    other = client.patch(
        path, {"template": str(uuid4())}, format="json", HTTP_IF_MATCH=changed["ETag"]
    )
    assert other.status_code == 400
    assert (
        api(people.coordinator)
        .post(f"{API}/programmes/", {**sent, "name": "Mine"}, format="json")
        .status_code
        == 403
    )
