"""CSV and GeoJSON in: matched by kind and name, wrong rows named, hostile files refused, undone."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from assets.models import Asset, Stakeholder
from core.choices import JobState
from core.errors import BadInput, NotAllowed
from core.jobs.runner import execute
from core.tabular import find_table, services
from core.tabular.geojson import read_geojson
from core.tabular.reading import read_bytes
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assets import AssetFactory, point
from tests.personas import give_location_role

HEAD = "Kind,Name,Latitude,Longitude,Last checked on\n"
HALL = "Place,Hall,52.2271,-2.7391,2024-06-01\n"


@pytest.fixture(autouse=True)
def area(leominster):
    """Places may be near or far."""


def send(people, text, name="assets.csv", by=None, key="assets.assets"):
    return services.receive_table(
        table=find_table(key),
        target=people.location,
        sheet=read_bytes(text.encode(), name),
        by=by or people.coordinator,
    )


def store(sent):
    services.request_apply(sent=sent, good_rows_only=False, by=sent.requested_by)
    return run(sent)


def run(sent):
    sent.refresh_from_db()
    execute(sent.job_id)
    sent.refresh_from_db()
    return sent.job


def plans(sent):
    return [row["plan"] for row in sent.rows]


def feature(name="Hall", coordinates=(-2.7391, 52.2271), **properties):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(coordinates)},
        "properties": {"kind": "Place", "name": name, "Last checked on": "2024-06-01"} | properties,
    }


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def test_a_table_is_stored_matched_and_undone(people):
    sent = send(people, HEAD + HALL)
    assert plans(sent) == ["create"]
    assert store(sent).state == JobState.SUCCEEDED
    asset = Asset.objects.get()
    assert (asset.kind, asset.name, asset.agency) == ("place", "Hall", people.police)
    assert (round(asset.point.y, 4), round(asset.point.x, 4)) == (52.2271, -2.7391)
    assert plans(send(people, HEAD + HALL.replace("Hall", "hall"))) == ["update"]
    assert plans(send(people, HEAD + HALL)) == ["same"]
    services.request_undo(sent=sent, by=people.coordinator)
    run(sent)
    assert Asset.objects.count() == 0


def test_geojson_is_the_same_table(people):
    sent = send(people, collection(feature(), feature("Park")), "places.geojson")
    assert plans(sent) == ["create", "create"]
    assert sent.notes == ["Read as GeoJSON: 2 features."]
    store(sent)
    assert plans(send(people, HEAD + HALL)) == ["same"]
    assert Asset.objects.get(name="Park").point is not None


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Place,Hall,-2.7391,52.2271,2024-06-01", "latitude"),
        ("Place,Hall,53.8,-1.5,2024-06-01", "km from"),
        ("Place,Hall,52.2271,,2024-06-01", "neither"),
        ("Place,Hall,north,-2.7391,2024-06-01", "number"),
        ("Place,Hall,NaN,-2.7391,2024-06-01", "number"),
        ("Place,Hall,1e999,-2.7391,2024-06-01", ""),
        ("Local contributor,Ann,,,2024-06-01", ""),
        ("Place,Hall,52.2271,-2.7391,2030-01-01", ""),
        ("Place,,52.2271,-2.7391,2024-06-01", "name"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_of_it_stored(people, row, words):
    sent = send(people, HEAD + row + "\n")
    assert plans(sent) == ["error"]
    assert words in str(sent.rows[0]["errors"]).lower()
    assert Asset.objects.count() == 0


def test_people_cannot_be_sent_as_a_table(people):
    AssetFactory(
        location=people.location,
        person=True,
        name="Ann",
        agency=people.police,
        recorded_by=people.coordinator,
    )
    for kind in ("Local contributor", "person"):
        assert plans(send(people, HEAD + f"{kind},Ann,,,2024-06-01\n")) == ["error"]
    assert "Ann" not in str(
        find_table("assets.assets").find(
            target=people.location, keys={("person", "ann")}, by=people.coordinator
        )
    )


def test_a_text_that_looks_like_a_formula_or_markup_stays_a_text(client, people):
    sent = send(people, HEAD + 'Place,"=1+1<script>x</script>",,,2024-06-01\n')
    store(sent)
    assert Asset.objects.get().name == "=1+1<script>x</script>"
    client.force_login(people.coordinator)
    for page in ("assets/", "map/"):
        assert b"<script>x" not in client.get(f"/locations/leominster/{page}").content


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": {}}',
        '{"type": "Point", "coordinates": [1, 2]}',
        '{"a": ' * 5_000 + "1" + "}" * 5_000,
        '{"type": "FeatureCollection", "features": [NaN]}',
        '{"type": "FeatureCollection", "features": [1, null, "x"]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": '
        '{"type": "Point", "coordinates": [' + "9" * 5_000 + ", 1]}}]}",
        collection(feature(coordinates=("a", "b"))),
        collection(feature(coordinates=(1,))),
        collection(feature(coordinates=(True, False))),
        collection(feature(extra={"deep": 1})),
        collection({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}),
        collection({"type": "Feature", "geometry": "x", "properties": []}),
        collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:27700"}}),
        collection(*[{"type": "Feature"}] * 5_001),
    ],
)
def test_a_hostile_or_foreign_geojson_is_refused_in_words(text):
    with pytest.raises(BadInput) as caught:
        read_geojson(text, "places.geojson")
    assert str(caught.value)


def test_a_geojson_with_swapped_coordinates_names_the_row(people):
    sent = send(people, collection(feature(coordinates=(52.2271, -2.7391))), "places.geojson")
    assert plans(sent) == ["error"]
    assert sent.rows[0]["row"] == 2


def test_control_characters_hidden_in_json_do_not_get_in(people):
    sent = send(people, collection(feature("Ha\u0000ll\u001b[31m")), "places.geojson")
    assert "\\u0000" not in json.dumps(sent.rows)
    assert "\\u001b" not in json.dumps(sent.rows)


def test_a_row_of_another_agency_is_not_changed_by_a_table(people):
    AssetFactory(
        location=people.location,
        name="Hall",
        agency=people.police,
        recorded_by=people.coordinator,
        point=point(),
    )
    worker = UserFactory(agency=AgencyFactory(name="Council"))
    give_location_role(worker, people.location, Role.COORDINATOR)
    sent = send(people, HEAD + HALL.replace("52.2271", "52.2300"), by=worker)
    assert plans(sent) == ["error"]
    # The preview tells former values: of what is withheld there are none.
    assert [old for old, _new in sent.rows[0]["changes"].values()] == ["", ""]
    with pytest.raises(NotAllowed):
        send(people, HEAD + HALL, by=people.partner)


def test_stakeholders_come_in_with_their_figures(people):
    text = "Organisation or role,Sector,Influence,Taking part\nTown council,Police,4,Involved\n"
    store(send(people, text, key="assets.stakeholders"))
    one = Stakeholder.objects.get()
    assert (one.sector, one.influence, one.involvement, one.interest) == (
        "police",
        4,
        "involved",
        None,
    )


def command(path, *more):
    out = io.StringIO()
    call_command(
        "import_assets", str(path), "--location", "leominster", "--json", *more, stdout=out
    )
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.mark.parametrize("by", [(), ("--by", "coordinator@example.test")])
def test_the_command_stores_and_says_what_it_did_in_one_line(people, tmp_path, by):
    path = tmp_path / "assets.geojson"
    path.write_text(collection(feature(), feature("Park")))
    assert command(path, *by)["created"] == 2
    assert command(path, *by) | {"sha256": ""} == {
        "location": "leominster",
        "file": "assets.geojson",
        "sha256": "",
        "created": 0,
        "changed": 0,
        "same": 2,
        "wrong": 0,
    }
    assert Asset.objects.count() == 2


def test_the_command_refuses_a_file_with_a_wrong_row_whole(people, tmp_path):
    path = tmp_path / "assets.csv"
    path.write_text(HEAD + HALL + "Place,Far,53.8,-1.5,2024-06-01\n")
    with pytest.raises(CommandError, match="row 3"):
        command(path)
    assert Asset.objects.count() == 0
    summary = command(path, "--keep-good")
    assert (summary["created"], summary["wrong"]) == (1, 1)
    with pytest.raises(CommandError):
        command(path, "--by", "partner@example.test")
    with pytest.raises(CommandError):
        command(tmp_path / "none.csv")
