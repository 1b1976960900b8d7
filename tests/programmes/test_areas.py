"""Choosing an area: LSOAs by search and code, a boundary by GeoJSON."""

import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from core.errors import Conflict, NotAllowed, Refused
from places.models import Area, AreaLink, Population
from programmes import services
from programmes.boundaries import read_boundary
from programmes.selectors.areas import area_facts, feature
from programmes.selectors.lsoas import codes_in, lsoas_by_code, search_lsoas

SQUARE = [[-2.74, 52.22], [-2.73, 52.22], [-2.73, 52.23], [-2.74, 52.23], [-2.74, 52.22]]


def square(west=-2.74, south=52.22, size=0.01):
    return MultiPolygon(Polygon.from_bbox((west, south, west + size, south + size)), srid=4326)


@pytest.fixture
def lsoas(db):
    """Three LSOAs of 2021 in two wards, and one of 2011."""
    wards = [
        Area.objects.create(kind="ward", code=f"E0500000{n}", vintage=2024, name=name)
        for n, name in enumerate(("Leominster East", "Bromyard"))
    ]
    made = []
    for number, ward in ((0, 0), (1, 0), (2, 1)):
        area = Area.objects.create(
            kind="lsoa",
            code=f"E0101404{number}",
            vintage=2021,
            name=f"Herefordshire 00{number}A",
            boundary=square(-2.74 + number / 100),
        )
        AreaLink.objects.create(kind="within", source=area, target=wards[ward])
        Population.objects.create(
            area=area, source="Census 2021", reference_date="2021-03-21", residents=1500
        )
        made.append(area)
    Area.objects.create(kind="lsoa", code="E01099999", vintage=2011, name="Old one")
    return made


def test_a_search_by_ward_finds_its_lsoas_grouped_and_keeps_what_is_picked(lsoas):
    found = search_lsoas(query="leominster", picked=["E01014042"])
    assert [(g.ward, [c.code for c in g.choices]) for g in found.groups] == [
        ("Bromyard", ["E01014042"]),
        ("Leominster East", ["E01014040", "E01014041"]),
    ]
    assert [c.picked for g in found.groups for c in g.choices] == [True, False, False]


def test_codes_are_found_in_pasted_text_and_only_the_newest_vintage_is_taken(lsoas):
    assert codes_in("e01014040, E01014040\nE01014041;nonsense") == ["E01014040", "E01014041"]
    found, unknown = lsoas_by_code(["E01014041", "E01099999", "E01000000"])
    assert [area.code for area in found] == ["E01014041"]
    assert unknown == ["E01099999", "E01000000"]


def test_an_area_of_lsoas_states_how_it_counts_and_how_many_live_there(people, town, lsoas):
    services.set_lsoa_area(owner=town, areas=lsoas[:2], by=people.coordinator, note="The town")
    town.refresh_from_db()
    facts = area_facts(town.area)
    assert facts.residents == 3000
    assert "LSOA code" in facts.counting
    assert [(m.code, m.residents, m.ward) for m in facts.members] == [
        ("E01014040", 1500, "Leominster East"),
        ("E01014041", 1500, "Leominster East"),
    ]
    shape = feature(town.area, "Leominster")
    assert shape["geometry"]["type"] == "MultiPolygon"
    assert shape["properties"] == {"name": "Leominster"}


def test_changing_an_area_keeps_its_row_and_counts_its_version_up(people, town, lsoas):
    first = services.set_lsoa_area(owner=town, areas=lsoas[:2], by=people.coordinator)
    again = services.set_lsoa_area(
        owner=town, areas=lsoas[2:], by=people.manager, version=first.version
    )
    assert again.pk == first.pk
    assert list(again.members.values_list("area__code", flat=True)) == ["E01014042"]
    with pytest.raises(Conflict):
        services.set_lsoa_area(owner=town, areas=lsoas, by=people.coordinator, version=1)
    with pytest.raises(Conflict):
        services.set_drawn_area(owner=town, boundary=square(), by=people.coordinator)


def test_an_empty_set_is_refused_and_others_rights_are_checked(people, town, lsoas):
    with pytest.raises(Refused, match="at least one"):
        services.set_lsoa_area(owner=town, areas=[], by=people.coordinator)
    for user in (people.partner, people.leader, people.neighbour):
        with pytest.raises(NotAllowed):
            services.set_lsoa_area(owner=town, areas=lsoas, by=user)


def test_a_target_place_takes_a_drawn_boundary(people, town, lsoas):
    place = services.create_target_place(location=town, name="Bus station", by=people.coordinator)
    services.set_drawn_area(
        owner=place,
        boundary=read_boundary(json.dumps({"type": "Polygon", "coordinates": [SQUARE]})),
        by=people.coordinator,
    )
    place.refresh_from_db()
    assert place.area.kind == "drawn"
    assert "1,000 residents" in area_facts(place.area).counting


@pytest.mark.parametrize(
    "data",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [SQUARE[:-1]]},  # closed for the person
        {"type": "Polygon", "coordinates": [[[*c, 12.0] for c in SQUARE]]},  # heights dropped
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        },
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
                }
            ],
        },
    ],
)
def test_every_usual_form_of_geojson_is_read(data):
    boundary = read_boundary(json.dumps(data))
    assert boundary.num_geom == 1
    assert boundary.extent == (-2.74, 52.22, -2.73, 52.23)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("boundary", "not GeoJSON"),
        ("[" * 100_000, "not GeoJSON"),
        ("[]", "Polygon"),
        ('{"type": "Point", "coordinates": [-2.7, 52.2]}', "found Point"),
        ('{"type": "FeatureCollection", "features": []}', "no polygon"),
        ('{"type": "Polygon", "coordinates": [[[-2.7, 52.2], [-2.6, 52.2]]]}', "three corners"),
        ('{"type": "Polygon", "coordinates": [[[-2.7, 52.2], ["a", 1], [1, 1]]]}', "numbers"),
        ('{"type": "Polygon", "coordinates": [[[400, 52.2], [1, 1], [2, 2]]]}', "no place"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 52.2], [1, 1], [2, 2]]]}', "no place"),
        ('{"type": "Polygon", "coordinates": null}', "no corners"),
        (" " * 1_000_001, "1,000,000"),
    ],
)
def test_other_texts_are_refused_with_what_is_wrong(text, words):
    with pytest.raises(Refused, match=words):
        read_boundary(text)
