"""LSOAs that are alike, by class, deprivation and residents; the classes' import."""

import pytest

from core.errors import BadInput
from places.ingest import About, import_classification
from places.ingest.facts import FactFile
from places.models import Classification, Deprivation
from places.similar import similar_areas
from tests.factories.places import AreaFactory, PopulationFactory

pytestmark = pytest.mark.django_db
SCHEME = "Rural-urban 2021"


def lsoa(code, score, residents, kind="UN1"):
    """Make an LSOA with everything that likeness is judged by; return its id."""
    area = AreaFactory(code=code)
    if residents is not None:
        PopulationFactory(area=area, residents=residents)
    if score is not None:
        Deprivation.objects.create(area=area, index_year=2025, domain="IMD", score=score)
    if kind:
        Classification.objects.create(area=area, scheme=SCHEME, code=kind, name=f"Class {kind}")
    return area.pk


def codes(likeness):
    return [area.code for area in likeness.areas]


def test_the_nearest_of_the_same_class_come_first_with_their_distance():
    own = {lsoa("E01900001", 20, 1500)}
    among = {
        lsoa("E01900002", 22, 1500),
        lsoa("E01900003", 20, 1600),
        lsoa("E01900004", 40, 1500),
        lsoa("E01900005", 20, 1500, kind="RSF1"),
    }
    found = similar_areas(own, among)
    # By hand: over the four of the class the scores have mean 25.5 and standard deviation
    # √70.75 = 8.411, the residents 1525 and √1875 = 43.301.
    assert [(area.code, area.distance) for area in found.areas] == [
        ("E01900002", pytest.approx(2 / 70.75**0.5, abs=1e-6)),
        ("E01900003", pytest.approx(100 / 1875**0.5, abs=1e-6)),
        ("E01900004", pytest.approx(20 / 70.75**0.5, abs=1e-6)),
    ]
    assert (found.kind, found.index_year, found.score, found.residents) == (
        "Class UN1",
        2025,
        20,
        1500,
    )
    assert codes(similar_areas(own, among, count=1)) == ["E01900002"]


def test_a_set_is_set_beside_its_middle_and_never_beside_itself():
    own = {lsoa("E01900001", 10, 1000), lsoa("E01900002", 30, 2000)}
    among = {lsoa("E01900003", 20, 1500), lsoa("E01900004", 10, 1000)}
    found = similar_areas(own, among | own)
    assert codes(found) == ["E01900003", "E01900004"]
    assert found.areas[0].distance == 0


def test_of_two_that_lie_as_near_the_lower_code_comes_first():
    own = {lsoa("E01900009", 20, 1500)}
    among = {lsoa("E01900008", 25, 1500), lsoa("E01900007", 15, 1500)}
    assert codes(similar_areas(own, among)) == ["E01900007", "E01900008"]


def test_the_class_is_the_one_of_most_areas_of_the_set():
    own = {
        lsoa("E01900001", 20, 1500, kind="RSF1"),
        lsoa("E01900002", 20, 1500),
        lsoa("E01900003", 20, 1500),
    }
    among = {lsoa("E01900004", 20, 1500, kind="RSF1"), lsoa("E01900005", 90, 900)}
    assert codes(similar_areas(own, among)) == ["E01900005"]


def test_the_newest_scheme_and_index_decide():
    own, among = {lsoa("E01900001", 20, 1500)}, {lsoa("E01900002", 25, 1500)}
    for area in own | among:
        Deprivation.objects.create(area_id=area, index_year=2019, domain="IMD", score=area)
    Classification.objects.create(
        area_id=min(own), scheme="Rural-urban 2011", code="A1", name="Old class"
    )
    found = similar_areas(own, among)
    assert (found.kind, found.index_year, found.areas[0].score) == ("Class UN1", 2025, 25)


@pytest.mark.parametrize(
    ("score", "residents", "kind", "why"),
    [(None, 1500, "UN1", "facts"), (20, None, "UN1", "facts"), (20, 1500, "", "class")],
)
def test_what_is_not_held_is_said(score, residents, kind, why):
    own = {lsoa("E01900001", score, residents, kind)}
    found = similar_areas(own, {lsoa("E01900002", 20, 1500)})
    assert (found.areas, found.why) == ((), why)


def table(tmp_path, text):
    path = tmp_path / "classes.csv"
    path.write_text(f"lsoa21_code,ruc21_code,classification\n{text}")
    return FactFile(path, "lsoa", 2021, "lsoa21_code")


def take(file):
    return import_classification(
        file, scheme=SCHEME, column="ruc21_code", name="classification", about=About()
    )


def test_classes_are_taken_in_as_their_difference(tmp_path):
    AreaFactory(code="E01014114")
    file = table(tmp_path, "E01014114,UN1,Urban: Nearer\nE01999999,UN1,Urban: Nearer\n")
    first, again = take(file), take(file)
    assert (first["added"], first["unknown_areas"]) == (1, 1)
    assert (again["added"], again["changed"]) == (0, 0)
    changed = take(table(tmp_path, "E01014114,UF1,Urban: Further\n"))
    assert changed["changed"] == 1
    row = Classification.objects.get()
    assert (row.code, row.name, row.data_import.kind) == ("UF1", "Urban: Further", "classification")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E01014114,UN1,Urban\nE01014114,UF1,Urban\n", "each area once"),
        ("E01014114,,Urban\n", "1 to 20 characters"),
    ],
)
def test_an_area_without_a_class_or_with_two_is_refused(tmp_path, text, said):
    AreaFactory(code="E01014114")
    with pytest.raises(BadInput, match=said):
        take(table(tmp_path, text))
    assert not Classification.objects.exists()
