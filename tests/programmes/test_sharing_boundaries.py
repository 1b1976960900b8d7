"""Drawn boundaries: no geometry, no map, no count of points for those who are not covered."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from rest_framework.test import APIClient

from core.errors import NotAllowed
from core.selectors import history_of
from places.models import AreaDefinition
from programmes import services
from programmes.models import Location
from tests.factories.places import lsoa_set
from tests.programmes.sharing_world import make_sharing, on

PLACE = "/locations/leominster/places/grange/"
PAGES = [
    PLACE,
    "/locations/leominster/places/",
    "/locations/leominster/",
    "/locations/leominster/about/",
]
WORDS = "Withheld: no sharing agreement with West Mercia Police covers exact coordinates."
BOX = MultiPolygon(Polygon.from_bbox((-2.8, 52.2, -2.7, 52.3)), srid=4326)


@pytest.fixture
def world(people, town, step):
    return make_sharing(people, town, step)


@pytest.fixture
def reader(client, world):
    client.force_login(world.housing_person)
    return client


@pytest.fixture
def api(world):
    client = APIClient()
    client.force_authenticate(world.housing_person)
    return client


def told(client, paths=PAGES) -> str:
    return "".join(client.get(path).content.decode() for path in paths)


def test_uncovered_readers_get_the_name_and_a_statement(reader, world):
    page = told(reader)
    assert "-2.7411" not in page
    assert "Around the yard" not in page
    assert "app-map" not in page
    assert WORDS in told(reader, [PLACE])
    assert "Grange" in told(reader, [PLACE])


def test_covered_readers_see_the_map_until_the_agreement_lapses(reader, world):
    agreement = world.agree(categories=["exact_coordinates"])
    assert "-2.7411" in told(reader, [PLACE])
    assert "-2.7411" in told(reader, ["/locations/leominster/about/"])
    assert "Around the yard" in told(reader, [PLACE])
    on(agreement.ends_on + dt.timedelta(days=1))
    assert "-2.7411" not in told(reader)


def test_another_category_opens_no_boundary(reader, api, world):
    world.agree(categories=["people", "sensitive_notes", "force_extracts"])
    assert "-2.7411" not in told(reader)
    assert api.get("/api/v1/locations/leominster/geojson/").json()["features"] == []


def test_the_lead_agency_sees_its_own(client, world):
    client.force_login(world.people.manager)
    assert "-2.7411" in told(client, [PLACE])


def test_geojson_leaves_it_out_and_takes_it_in_with_the_agreement(api, world):
    path = "/api/v1/locations/leominster/geojson/"
    assert api.get(path).json()["features"] == []
    world.agree(categories=["exact_coordinates"])
    (feature,) = api.get(path).json()["features"]
    assert feature["properties"]["name"] == "Grange"


def test_the_api_names_what_it_withholds_of_an_area(api, world):
    path = f"/api/v1/target-places/{world.place.pk}/"
    for shown in (
        api.get(path).data["area"],
        api.get(f"{path}area/").data,
        api.get("/api/v1/target-places/").data["results"][0]["area"],
    ):
        assert shown["withheld"] == ["boundary", "note"]
        assert shown["note"] is None
        assert shown["kind"] == "drawn"
    world.agree(categories=["exact_coordinates"])
    shown = api.get(f"{path}area/").data
    assert shown["withheld"] == []
    assert shown["note"] == "Around the yard of number nine"


def test_it_cannot_be_changed_by_those_who_may_not_see_it(reader, api, world):
    path = f"{PLACE}area/"
    for query in ("", "?kind=drawn", "?kind=lsoa_set"):
        refused = reader.get(f"{path}{query}")
        assert refused.status_code == 403
        assert "-2.7411" not in refused.content.decode()
    assert reader.post(f"{path}?kind=drawn", {"boundary": BOX.geojson}).status_code == 403
    sent = {"kind": "drawn", "boundary": json.loads(BOX.geojson)}
    version = world.place.area.version
    answer = api.put(
        f"/api/v1/target-places/{world.place.pk}/area/",
        sent,
        format="json",
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        services.set_drawn_area(
            owner=world.place, boundary=BOX, by=world.housing_person, version=version
        )
    assert AreaDefinition.objects.get(pk=world.place.area_id).boundary.extent[0] == -2.7411


def test_the_form_of_another_place_does_not_show_the_towns_boundary(reader, world, town):
    services.set_drawn_area(owner=town, boundary=BOX, by=world.people.coordinator)
    services.create_target_place(location=town, name="Open", by=world.people.coordinator)
    page = told(reader, ["/locations/leominster/places/open/area/?kind=drawn"])
    assert "Grange" not in page
    assert "52.3" not in page
    assert "52.3" not in told(reader, ["/locations/leominster/", PLACE])
    assert WORDS in told(reader, ["/locations/leominster/about/"])


def test_a_set_of_lsoas_is_public_geography(reader, api, world, town):
    Location.objects.filter(pk=town.pk).update(area=lsoa_set("E01014048"))
    assert "E01014048" in told(reader, ["/locations/leominster/about/"])
    (feature,) = api.get("/api/v1/locations/leominster/geojson/").json()["features"]
    assert feature["properties"]["name"] == "Leominster"


def test_the_history_counts_no_points_for_those_who_are_not_covered(world):
    area = world.place.area
    services.set_drawn_area(
        owner=world.place, boundary=BOX, by=world.people.coordinator, version=area.version
    )
    assert "points" in str(history_of(area, reader=world.people.manager))
    for reader in (world.housing_person, None):
        changes = history_of(area, reader=reader)
        assert changes
        assert "points" not in str(changes)
        assert "the yard" not in str(changes)
    world.agree(categories=["exact_coordinates"])
    assert "points" in str(history_of(area, reader=world.housing_person))


def test_what_is_shown_without_the_boundary_does_not_change_what_is_stored(reader, world):
    told(reader)
    assert AreaDefinition.objects.get(pk=world.place.area_id).boundary is not None
    assert AreaDefinition.objects.get(pk=world.place.area_id).note
