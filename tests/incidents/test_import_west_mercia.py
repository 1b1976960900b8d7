"""The 23 real months of West Mercia against sums counted independently of this product."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count, Q

from core.errors import Refused
from incidents import selectors
from incidents.ingest import import_street_crime
from incidents.models import ForceMonth, Incident
from places.ingest import About, Level, import_area_lookup, import_areas, import_population
from places.ingest.areas import AreaFile
from places.ingest.facts import FactFile, PopulationLayout
from places.models import Area
from places.services import define_drawn, define_lsoa_set

DATA = Path(settings.BASE_DIR) / "demo" / "data"
EXPECTED = Path(__file__).parents[1] / "data" / "west_mercia_months.csv"
ARCHIVES = [
    DATA / "police" / name
    for name in (
        "west-mercia-2021-03_2022-03.zip",
        "west-mercia-2024-01_2024-04.zip",
        "west-mercia-2025-01_2025-06.zip",
    )
]
ASB = ["Anti-social behaviour"]
FIRST, LAST = dt.date(2021, 3, 1), dt.date(2025, 6, 1)


def load_places():
    """Take in the LSOAs of both vintages, the lookups and the residents."""
    for year in (11, 21):
        import_areas(
            AreaFile(
                DATA / "boundaries" / f"lsoa{year}_west_mercia.geojson",
                "lsoa",
                2000 + year,
                f"lsoa{year}_code",
                f"lsoa{year}_name",
            ),
            about=About(),
        )
    for name, levels, change in (
        (
            "lsoa11_lsoa21_ltla22_west_mercia.csv",
            ["lsoa:2011:lsoa11_code:lsoa11_name", "lsoa:2021:lsoa21_code:lsoa21_name"],
            "change_code",
        ),
        (
            "lsoa21_ward24_ltla24_west_mercia.csv",
            [
                "lsoa:2021:lsoa21_code:lsoa21_name",
                "ward:2024:ward24_code:ward24_name",
                "district:2024:ltla24_code:ltla24_name",
            ],
            None,
        ),
        (
            "ltla24_csp24_pfa24_england_wales.csv",
            [
                "district:2024:ltla24_code:ltla24_name",
                "csp:2024:csp24_code:csp24_name",
                "force:2024:pfa24_code:pfa24_name",
            ],
            None,
        ),
    ):
        import_area_lookup(
            DATA / "lookups" / name,
            levels=[Level.parse(text) for text in levels],
            change=change,
            about=About(),
        )
    import_population(
        FactFile(
            DATA / "population" / "census2021_ethnic_group_lsoa21_west_mercia.csv",
            "lsoa",
            2021,
            "lsoa21_code",
        ),
        PopulationLayout(
            "Census 2021", dt.date(2021, 3, 21), group="ethnic_group", value="n", totals_only=True
        ),
        about=About(),
    )


def define_towns():
    """Return the four towns as sets of LSOAs."""
    codes = defaultdict(list)
    with (DATA / "lookups" / "pilot_towns_lsoa21_by_ward.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            codes[line["town"].lower()].append(line["lsoa21_code"])
    return {
        town: define_lsoa_set(
            areas=Area.objects.filter(kind="lsoa", vintage=2021, code__in=of_town),
            by=None,
            note="LSOAs best-fitted to the wards of the town.",
        )
        for town, of_town in codes.items()
    }


def expected():
    with EXPECTED.open(newline="") as file:
        return {dt.date.fromisoformat(f"{line['month']}-01"): line for line in csv.DictReader(file)}


@pytest.mark.django_db
def test_the_three_archives_give_the_published_sums(tmp_path, django_assert_max_num_queries):
    load_places()
    result = import_street_crime(ARCHIVES)
    table = expected()
    summary = result.as_summary()

    # All rows, all types, none left out; outcomes apart.
    assert summary["totals"] == {
        "read": 220_231,
        "stored": 220_231,
        "without_location": 3_234,
        "rejected": 0,
    }
    assert summary["outcomes"]["read"] == 89_169
    assert Incident.objects.filter(category__is_asb=True).count() == 53_873
    assert Incident.objects.filter(category__is_asb=True, point=None).count() == 51
    assert {one.month: one.read for one in result.files} == {
        f"{month:%Y-%m}": int(line["rows"]) for month, line in table.items()
    }

    # Month by month.
    stored = {
        one["month"]: one
        for one in Incident.objects.values("month").annotate(
            rows=Count("*"),
            asb=Count("pk", filter=Q(category__is_asb=True)),
            lsoas=Count("lsoa_code", distinct=True, filter=~Q(lsoa_code="")),
            located=Count("point"),
            again=Count("pk", filter=Q(occurrence__gt=1)),
        )
    }
    for month, line in table.items():
        one = stored[month]
        assert (one["rows"], one["asb"], one["lsoas"], one["again"]) == tuple(
            int(line[name]) for name in ("rows", "asb_rows", "distinct_lsoas", "identical_rows")
        )
        assert 100 * one["located"] / one["rows"] == pytest.approx(
            float(line["with_coordinates_percent"]), abs=0.06
        )

    # The four towns, counted by code over both vintages; months not held are missing.
    towns = define_towns()
    assert {town: area.residents for town, area in towns.items()} == {
        "leominster": 13_477,
        "evesham": 27_690,
        "shrewsbury": 82_017,
        "oswestry": 17_504,
    }
    for town, area in towns.items():
        with django_assert_max_num_queries(20):
            counts = selectors.monthly_counts(area, FIRST, LAST, categories=ASB)
        assert len(counts) == 52
        for one in counts:
            wanted = int(table[one.month][town]) if one.month in table else None
            assert (one.count, one.status) == (
                wanted,
                "missing" if wanted is None else "observed",
            ), (town, one.month)
        by_area = selectors.counts_by_area(area, FIRST, LAST, categories=ASB)
        for month, line in table.items():
            assert sum(one.count for one in by_area if one.month == month) == int(line[town])

    # Split LSOAs stand under the older code where older months are in the period.
    evesham = towns["evesham"]
    assert "E01032343" in {one.code for one in selectors.counts_by_area(evesham, FIRST, LAST)}
    assert "E01032343" not in {
        one.code for one in selectors.counts_by_area(evesham, dt.date(2024, 1, 1), LAST)
    }

    # The points were redrawn between March 2022 and January 2024.
    force = selectors.forces_of(evesham)[0]
    assert [(one.first_month, one.last_month) for one in selectors.snap_periods(force)] == [
        (FIRST, dt.date(2022, 3, 1)),
        (dt.date(2024, 1, 1), LAST),
    ]
    drawn = define_drawn(boundary=towns["leominster"].boundary, by=None, note="By hand.")
    with pytest.raises(Refused, match="redrawn between March 2022 and January 2024"):
        selectors.monthly_counts(drawn, FIRST, LAST)
    assert [
        one.count
        for one in selectors.monthly_counts(
            drawn, dt.date(2024, 1, 1), dt.date(2024, 5, 1), categories=ASB
        )
    ] == [20, 11, 21, 21, None]
    ranking = selectors.places_ranked(
        towns["leominster"], FIRST, dt.date(2024, 4, 1), categories=ASB
    )
    assert ranking.narrowed
    assert (ranking.first_month, ranking.reports) == (dt.date(2024, 1, 1), 20 + 11 + 21 + 21)

    # Again: no change at all. One row more in one file: just that row.
    ids = set(ForceMonth.objects.values_list("pk", "data_import", "sha256"))
    again = import_street_crime(ARCHIVES)
    assert (again.inserted, again.deleted, again.files) == (0, 0, result.files)
    assert set(ForceMonth.objects.values_list("pk", "data_import", "sha256")) == ids
    name = "2024-01/2024-01-west-mercia-street.csv"
    with zipfile.ZipFile(ARCHIVES[1]) as archive:
        raw = archive.read(name)
    longer = tmp_path / "2024-01-west-mercia-street.csv"
    longer.write_bytes(raw + raw.splitlines(keepends=True)[1])
    one_more = import_street_crime([longer])
    assert (one_more.inserted, one_more.deleted) == (1, 0)
    assert Incident.objects.count() == 220_232
