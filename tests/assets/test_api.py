"""Assets for programs: GeoJSON points, versions, and nothing that is withheld."""

import pytest
from rest_framework.test import APIClient

from accounts.roles import Role
from assets.models import Asset
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assets import AssetFactory, point
from tests.personas import give_location_role

LIST = "/api/v1/assets/"
HALL = {
    "location": "leominster",
    "kind": "place",
    "name": "Hall",
    "last_checked_on": "2024-06-01",
    "point": {"type": "Point", "coordinates": [-2.7391, 52.2271]},
}


@pytest.fixture
def program(people):
    client = APIClient()
    client.force_authenticate(people.coordinator)
    return client


def test_a_point_goes_in_and_comes_out_as_geojson(program):
    made = program.post(LIST, HALL, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["point"] == HALL["point"]
    assert program.get(made["Location"]).json()["point"] == HALL["point"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": [52.2271, -2.7391]},
        {"type": "Point", "coordinates": [1e400, 0]},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point"},
        "POINT (1 1)",
        7,
    ],
)
def test_what_is_no_point_in_britain_is_refused(program, wrong):
    body = {**HALL, "point": wrong}
    if "Infinity" in str(wrong) or "inf" in str(wrong):
        import json

        answer = program.post(LIST, json.dumps(body), content_type="application/json")
    else:
        answer = program.post(LIST, body, format="json")
    assert answer.status_code == 400
    assert Asset.objects.count() == 0


def test_a_change_names_the_version_it_read(people, program):
    asset = AssetFactory(
        location=people.location, agency=people.police, recorded_by=people.coordinator
    )
    page = f"{LIST}{asset.pk}/"
    assert program.patch(page, {"offers": "More"}, format="json").status_code == 428
    done = program.patch(page, {"offers": "More"}, format="json", headers={"If-Match": '"1"'})
    assert (done.status_code, done.json()["version"]) == (200, 2)
    stale = program.patch(page, {"offers": "Less"}, format="json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    moved = program.patch(page, {"kind": "group"}, format="json", headers={"If-Match": '"2"'})
    assert moved.status_code == 400


def test_a_name_that_is_on_the_list_is_refused_in_words(program):
    program.post(LIST, HALL, format="json")
    again = program.post(LIST, HALL, format="json")
    assert again.status_code == 400
    assert "already" in str(again.json())


def test_another_agencys_point_is_null_and_named(people):
    worker = UserFactory(agency=AgencyFactory())
    give_location_role(worker, people.location, Role.COORDINATOR)
    client = APIClient()
    client.force_authenticate(worker)
    asset = AssetFactory(
        location=people.location,
        agency=people.police,
        recorded_by=people.coordinator,
        point=point(),
    )
    (row,) = client.get(LIST).json()["results"]
    assert row["point"] is None
    assert row["withheld"] == ["address", "contact", "point"]
    changed = client.patch(
        f"{LIST}{asset.pk}/", {"offers": ""}, format="json", headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 403


def test_lists_are_filtered_and_unknown_filters_refused(people, program):
    for kind in ("group", "place"):
        AssetFactory(location=people.location, kind=kind, recorded_by=people.coordinator)
    assert len(program.get(f"{LIST}?kind=group&location=leominster").json()["results"]) == 1
    assert program.get(f"{LIST}?location=redditch-town").status_code == 400
    assert program.get(f"{LIST}?colour=red").status_code == 400
