"""The one map: what is drawn stands in the table, people on neither, layers from every app."""

import json
import re

import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ImproperlyConfigured

from accounts.permissions import Permission
from assets.selectors.location_map import location_map
from programmes import registry
from tests.factories.assets import AssetFactory, ObservationFactory, VisualAuditFactory, point
from tests.factories.programmes import TargetPlaceFactory

MAP = "/locations/leominster/map/"


@pytest.fixture
def filled(people, leominster):
    by = {"agency": people.police, "recorded_by": people.coordinator}
    AssetFactory(location=people.location, name="Hall", theme="space", point=point(), **by)
    AssetFactory(location=people.location, name="Nowhere", kind="group", **by)
    AssetFactory(location=people.location, person=True, name="Ann-q9", **by)
    walk = VisualAuditFactory(location=people.location, **by)
    ObservationFactory(audit=walk, point=point(-2.741), text="Lamps out", **by)
    TargetPlaceFactory(location=people.location, name="Grange")


def drawn(page):
    text = re.search(
        r'<script id="location-map-settings" type="application/json">(.*?)</script>', page, re.S
    )
    return [
        one["properties"]["name"]
        for layer in json.loads(text[1])["layers"]
        for one in layer["geojson"]["features"]
    ]


def test_what_is_drawn_stands_in_the_table_and_people_in_neither(client, people, filled):
    client.force_login(people.coordinator)
    page = client.get(MAP).content.decode()
    assert drawn(page) == ["Leominster", "Hall", "Lighting"]
    table = page.split("<tbody")[1]
    for name in ("Leominster", "Grange", "Hall", "Nowhere", "Lighting"):
        assert f">{name}</a>" in table
    assert "Not on the map" in table  # Nowhere and Grange have no place
    assert "Ann-q9" not in page


def test_a_filter_leaves_the_ground_and_what_fits(client, people, filled):
    client.force_login(people.coordinator)
    assert drawn(client.get(f"{MAP}?kind=Lighting").content.decode()) == ["Leominster", "Lighting"]
    assert drawn(client.get(f"{MAP}?layer=community-places").content.decode()) == ["Hall"]
    assert client.get(f"{MAP}?layer=none&kind=%3Cscript%3E").status_code == 200


def test_the_file_holds_what_the_page_draws(client, people, filled):
    client.force_login(people.coordinator)
    page = client.get(MAP).content.decode()
    answer = client.get(f"{MAP}geojson/")
    assert answer["Content-Type"] == "application/geo+json"
    assert "attachment" in answer["Content-Disposition"]
    features = answer.json()["features"]
    assert [one["properties"]["name"] for one in features] == drawn(page)
    client.force_login(people.partner)
    assert client.get(f"{MAP}geojson/").status_code == 403


def test_another_app_adds_a_layer_for_those_who_may_see_it(people, monkeypatch):
    monkeypatch.setattr(registry, "_map_layers", {})
    registry.register_map_layer(
        "reports",
        label="Where reports cluster",
        order=1,
        features=lambda location, reader: [
            registry.MapFeature(Point(-2.7, 52.2, srid=4326), f"{reader} at {location}")
        ],
        permission=Permission.DATA_READ,
    )
    with pytest.raises(ImproperlyConfigured):
        registry.register_map_layer("reports", label="", order=1, features=lambda *a: [])
    given = {"location": people.location, "user": people.leader}
    assert location_map(**given, rights={Permission.VIEW}).layers == []
    (layer,) = location_map(**given, rights={Permission.DATA_READ}).layers
    assert layer.features[0].title == "Leader at Leominster"
