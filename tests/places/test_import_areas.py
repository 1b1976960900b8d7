"""Import of areas, lookups and figures, on real extracts."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
from django.contrib.gis.db.models.functions import IsValid
from django.core.management import CommandError, call_command

from core.errors import BadInput, Refused
from core.models import DataImport
from places.ingest import (
    About,
    Level,
    import_area_lookup,
    import_areas,
)
from places.ingest.areas import AreaFile
from places.models import Area, AreaLink, AreaPart
from tests.factories.places import AreaFactory, lsoa_set

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data" / "places"
THREE = DATA / "lsoa11_shropshire_three.json"
WARDS = DATA / "wards_wychavon_E07000238.topojson"


def shropshire(path=THREE, **options):
    file = AreaFile(path, "lsoa", 2011, "LSOA11CD", "LSOA11NM", **options)
    return import_areas(file, about=About())


def square(west, south, **properties):
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(tmp_path, *features, name="areas.geojson"):
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def plain(path, **options):
    return import_areas(AreaFile(path, "ward", 2024, "code", "name", **options), about=About())


def test_an_invalid_polygon_is_repaired_and_named():
    account = shropshire()
    assert account["added"] == 3
    assert [one["code"] for one in account["repaired"]] == ["E01028883"]
    assert account["repaired"][0]["reason"]
    assert not Area.objects.annotate(valid=IsValid("boundary")).exclude(valid=True).exists()


def test_parts_for_joins_are_small_and_cover_the_same_ground():
    shropshire()
    for area in Area.objects.all():
        parts = AreaPart.objects.filter(area=area)
        assert max(part.piece.num_coords for part in parts) <= 65
        assert sum(part.piece.area for part in parts) == pytest.approx(area.boundary.area)


def test_the_same_file_again_is_no_change():
    shropshire()
    before = list(Area.objects.order_by("pk").values_list("pk", "data_import"))
    account = shropshire()
    assert (account["added"], account["changed"], account["unchanged"]) == (0, 0, 3)
    assert list(Area.objects.order_by("pk").values_list("pk", "data_import")) == before
    assert DataImport.objects.count() == 1


def test_a_changed_file_is_applied_as_its_difference(tmp_path):
    first, second, third = (
        square(-2.7 + n / 50, 52.2, code=f"W{n}", name=f"Ward {n}") for n in range(3)
    )
    plain(geojson(tmp_path, first, second))
    kept = Area.objects.get(code="W0").pk
    second["properties"]["name"] = "Renamed"
    account = plain(geojson(tmp_path, second, first, third))
    assert {name: account[name] for name in ("added", "changed", "removed", "unchanged")} == {
        "added": 1,
        "changed": 1,
        "removed": 0,
        "unchanged": 1,
    }
    assert Area.objects.get(code="W0").pk == kept
    assert plain(geojson(tmp_path, first))["removed"] == 2
    assert list(Area.objects.values_list("code", flat=True)) == ["W0"]


def test_an_area_that_a_location_uses_is_not_removed_silently(tmp_path):
    one, two = (
        square(-2.7 + n / 50, 52.2, code=f"E0190000{n}", name=f"Area {n}") for n in range(2)
    )
    path = geojson(tmp_path, one, two)
    file = AreaFile(path, "lsoa", 2021, "code", "name")
    import_areas(file, about=About())
    lsoa_set("E01900001")
    geojson(tmp_path, one)
    with pytest.raises(Refused, match="part of a location’s area"):
        import_areas(file, about=About())
    assert Area.objects.count() == 2


def test_a_new_boundary_reaches_the_definitions_that_use_it(tmp_path):
    definition = lsoa_set("E01900001")
    before = definition.boundary
    import_areas(
        AreaFile(
            geojson(tmp_path, square(-2.5, 52.2, code="E01900001", name="Area")),
            "lsoa",
            2021,
            "code",
            "name",
        ),
        about=About(),
    )
    definition.refresh_from_db()
    assert definition.boundary != before
    assert definition.boundary == Area.objects.get(code="E01900001").boundary


def test_topojson_without_a_coordinate_system_needs_it_stated():
    file = AreaFile(WARDS, "ward", 2013, "WD13CD", "WD13NM")
    with pytest.raises(BadInput, match="--crs EPSG:4326"):
        import_areas(file, about=About())
    stated = AreaFile(WARDS, "ward", 2013, "WD13CD", "WD13NM", crs="EPSG:4326")
    assert import_areas(stated, about=About())["added"] == 32
    assert Area.objects.get(name="Bengeworth").boundary.contains(
        Area.objects.get(name="Bengeworth").boundary.point_on_surface
    )


def test_geopackage_in_metres_is_brought_to_degrees(tmp_path):
    import numpy as np
    import pyogrio
    import shapely

    path = tmp_path / "areas.gpkg"
    box = shapely.box(360_000, 310_000, 361_000, 311_000)
    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(box)], dtype=object),
        field_data=[np.array(["W1"], dtype=object), np.array(["One"], dtype=object)],
        fields=["code", "name"],
        crs="EPSG:27700",
        geometry_type="Polygon",
        driver="GPKG",
    )
    assert plain(path)["added"] == 1
    centre = Area.objects.get().boundary.centroid
    assert (round(centre.x, 1), round(centre.y, 1)) == (-2.6, 52.7)


def test_coordinates_outside_great_britain_are_refused(tmp_path):
    path = geojson(tmp_path, square(360_000, 310_000, code="W1", name="In metres"))
    with pytest.raises(BadInput, match="--crs EPSG:27700"):
        plain(path)
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        ({"code": "W1", "name": ""}, "a name of 1 to 150"),
        ({"code": "", "name": "One"}, "a code of 1 to 20"),
        ({"code": "W0", "name": "Twice"}, "each code once"),
    ],
)
def test_a_bad_feature_is_named(tmp_path, feature, words):
    path = geojson(
        tmp_path, square(-2.7, 52.2, code="W0", name="Zero"), square(-2.6, 52.2, **feature)
    )
    with pytest.raises(BadInput, match=words) as caught:
        plain(path)
    assert caught.value.errors[0].row == 2
    assert not Area.objects.exists()


def test_a_line_is_no_area(tmp_path):
    feature = square(-2.7, 52.2, code="W0", name="Zero")
    feature["geometry"] = {"type": "LineString", "coordinates": [[-2.7, 52.2], [-2.6, 52.2]]}
    with pytest.raises(BadInput, match="a polygon with an inside"):
        plain(geojson(tmp_path, feature))


def test_other_formats_are_refused_whatever_they_call_themselves(tmp_path):
    vrt = tmp_path / "areas.geojson"
    vrt.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    with pytest.raises(BadInput, match="GeoJSON, TopoJSON or GeoPackage"):
        plain(vrt)
    plain_sqlite = tmp_path / "areas.gpkg"
    with sqlite3.connect(plain_sqlite) as database:
        database.execute("CREATE TABLE areas (code text, name text)")
    with pytest.raises(BadInput):
        plain(plain_sqlite)
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{"type": "Fea')
    with pytest.raises(BadInput):
        plain(broken)


def test_a_missing_field_is_named(tmp_path):
    with pytest.raises(BadInput, match="a field named “code”"):
        plain(THREE)


LOOKUP = """lsoa11_code,lsoa11_name,change_code,lsoa21_code,lsoa21_name
E01000001,One,U,E01000001,One
E01000002,Two,S,E01000020,Two A
E01000002,Two,S,E01000021,Two B
E01000003,Three,M,E01000030,Three and Four
E01000004,Four,M,E01000030,Three and Four
"""
LEVELS = [
    Level("lsoa", 2011, "lsoa11_code", "lsoa11_name"),
    Level("lsoa", 2021, "lsoa21_code", "lsoa21_name"),
]


def lookup(tmp_path, text=LOOKUP, levels=LEVELS, change="change_code"):
    path = tmp_path / "lookup.csv"
    path.write_text(text)
    return import_area_lookup(path, levels=levels, change=change, about=About())


def test_a_lookup_creates_what_is_missing_and_links_vintages(tmp_path):
    AreaFactory(code="E01000001", vintage=2011)
    account = lookup(tmp_path)
    assert (account["areas_created"], account["links_added"]) == (7, 5)
    assert sorted(AreaLink.objects.filter(kind="successor").values_list("change", flat=True)) == [
        "M",
        "M",
        "S",
        "S",
        "U",
    ]
    assert Area.objects.get(code="E01000020").boundary is None
    again = lookup(tmp_path)
    assert (again["areas_created"], again["links_added"], again["links_removed"]) == (0, 0, 0)
    assert DataImport.objects.filter(kind="lookup").count() == 1


def test_a_changed_lookup_removes_the_links_it_no_longer_has(tmp_path):
    lookup(tmp_path)
    account = lookup(tmp_path, LOOKUP.replace("E01000002,Two,S,E01000021,Two B\n", ""))
    assert (account["links_removed"], account["links_added"]) == (1, 0)


def test_an_unknown_change_code_is_named(tmp_path):
    with pytest.raises(BadInput) as caught:
        lookup(tmp_path, LOOKUP.replace(",U,", ",Q,"))
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (2, "change_code")
    assert not AreaLink.objects.exists()


def test_an_area_may_lie_in_several_larger_ones(tmp_path):
    text = "d,c\nD1,C1\nD1,C2\nD2,C2\n"
    account = lookup(tmp_path, text, [Level("district", 2024, "d"), Level("csp", 2024, "c")], None)
    assert account["in_several"] == ["D1"]
    assert AreaLink.objects.filter(source__code="D1", kind="within").count() == 2


def test_a_level_that_cannot_be_read_is_explained():
    with pytest.raises(Refused, match="KIND:VINTAGE:CODE_COLUMN"):
        Level.parse("lsoa:new:code")


def test_the_commands_end_with_one_line_of_json():
    out = io.StringIO()
    call_command(
        "import_areas",
        str(THREE),
        kind="lsoa",
        vintage=2011,
        code="LSOA11CD",
        name="LSOA11NM",
        json=True,
        stdout=out,
    )
    assert json.loads(out.getvalue().splitlines()[-1])["added"] == 3
    with pytest.raises(CommandError, match="nothing there"):
        call_command(
            "import_areas",
            "/nowhere.geojson",
            kind="lsoa",
            vintage=2011,
            code="x",
            name="y",
            stdout=out,
        )
