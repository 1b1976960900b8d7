"""Population and deprivation, in the layouts they are published in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core.errors import BadInput, Refused
from places.ingest import (
    About,
    import_deprivation,
    import_population,
)
from places.ingest.facts import FactFile, PopulationLayout
from places.models import Deprivation, Population
from tests.factories.places import AreaFactory

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data" / "places"


CENSUS = DATA / "census2021_ethnic_group_two_lsoa21.csv"
ETHNIC = PopulationLayout("Census 2021", dt.date(2021, 3, 21), group="ethnic_group", value="n")


def test_a_long_census_table_repeats_its_total_once(tmp_path):
    for code in ("E01013986", "E01013987"):
        AreaFactory(code=code)
    account = import_population(
        FactFile(CENSUS, "lsoa", 2021, "lsoa21_code"), ETHNIC, about=About()
    )
    assert (account["read"], account["areas"], account["added"]) == (10, 2, 12)
    total = Population.objects.get(area__code="E01013986", group="all")
    assert total.residents == 1625
    groups = Population.objects.filter(area__code="E01013986").exclude(group="all")
    assert groups.count() == 5
    other = tmp_path / "other.csv"
    lines = CENSUS.read_text().splitlines()
    other.write_text("\n".join([*lines[:2], lines[2].replace("1625", "1626"), *lines[3:]]))
    with pytest.raises(BadInput, match="1625, as in the rows before"):
        import_population(FactFile(other, "lsoa", 2021, "lsoa21_code"), ETHNIC, about=About())


def test_single_years_of_age_are_kept_and_changes_applied(tmp_path):
    AreaFactory(code="E01013986", vintage=2011)
    path = tmp_path / "mid2020.csv"
    layout = PopulationLayout("Mid-2020 estimates", dt.date(2020, 6, 30))
    file = FactFile(path, "lsoa", 2011, "code")
    path.write_text("code,total_population,0,1,90+\nE01013986,30,5,10,15\nE01999999,1,1,0,0\n")
    account = import_population(file, layout, about=About())
    assert (account["added"], account["unknown_areas"]) == (4, 1)
    assert Population.objects.get(group="age 90+").residents == 15
    path.write_text("code,total_population,0,1\nE01013986,31,6,10\n")
    account = import_population(file, layout, about=About())
    assert (account["added"], account["changed"], account["removed"]) == (0, 2, 1)
    assert import_population(file, layout, about=About())["changed"] == 0


def test_the_ons_layout_by_sex_gives_persons_and_the_date():
    path = DATA / "trafford_mid2022_population_three_lsoa21.csv"
    AreaFactory(code="E01006074")
    import_population(
        FactFile(path, "lsoa", 2021, "area_code"),
        PopulationLayout("Mid-2022 estimates"),
        about=About(),
    )
    rows = Population.objects.filter(area__code="E01006074")
    found = dict(rows.values_list("group", "residents"))
    assert found["all"] == found["females"] + found["males"] == 857 + 803
    assert found["age 0"] == 10
    assert Population.objects.first().reference_date == dt.date(2022, 6, 30)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("code,total_population\nE01013986,many\n", "total_population"),
        ("code,total_population\nE01013986,-1\n", "total_population"),
        ("code,total_population\nE01013986,1\nE01013986,1\n", "code"),
    ],
)
def test_a_bad_figure_is_named(tmp_path, text, column):
    AreaFactory(code="E01013986", vintage=2011)
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        import_population(
            FactFile(path, "lsoa", 2011, "code"),
            PopulationLayout("X", dt.date(2020, 6, 30)),
            about=About(),
        )
    assert caught.value.errors[0].column == column
    assert not Population.objects.exists()


def test_a_table_of_households_is_no_population(tmp_path):
    path = tmp_path / "tenure.csv"
    path.write_text("lsoa21_code,total_households,tenure,n\nE01013986,735,Owned,151\n")
    with pytest.raises(Refused, match="column of all residents"):
        import_population(FactFile(path, "lsoa", 2021, "lsoa21_code"), ETHNIC, about=About())


def test_figures_of_areas_that_nobody_holds_are_refused():
    with pytest.raises(Refused, match="Import the areas first"):
        import_population(FactFile(CENSUS, "lsoa", 2021, "lsoa21_code"), ETHNIC, about=About())


def test_deprivation_reads_wide_columns_and_keeps_blanks(tmp_path):
    AreaFactory(code="E01013986")
    path = tmp_path / "imd.csv"
    path.write_text(
        "lsoa21_code,IMD_decile,IMD_rank,IMD_score,Housing_and_Services_rank\n"
        "E01013986,4,11448,24.475,\n"
    )
    account = import_deprivation(
        FactFile(path, "lsoa", 2021, "lsoa21_code"), year=2025, about=About()
    )
    assert account["added"] == 2
    imd = Deprivation.objects.get(domain="IMD")
    assert (imd.rank, imd.decile, imd.score) == (11448, 4, 24.475)
    assert Deprivation.objects.get(domain="Housing and Services").rank is None
    path.write_text(path.read_text().replace(",4,", ",11,"))
    with pytest.raises(BadInput, match="1 to 10"):
        import_deprivation(FactFile(path, "lsoa", 2021, "lsoa21_code"), year=2025, about=About())


def test_a_table_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(b"code,total_population\n\xff\xfe,1\n")
    with pytest.raises(BadInput, match="UTF-8"):
        import_population(
            FactFile(path, "lsoa", 2011, "code"),
            PopulationLayout("X", dt.date(2020, 6, 30)),
            about=About(),
        )
