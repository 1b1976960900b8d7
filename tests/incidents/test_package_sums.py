"""In any package the parts add up: over months, LSOAs, categories, places, clusters, seasons."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.models import Incident
from incidents.packages.build import tables
from incidents.packages.figures import ASB
from incidents.packages.gather import gather
from incidents.packages.recipe import Recipe
from programmes.models import Location
from tests.incidents.streets import CODES, hold_month, make_areas

pytestmark = pytest.mark.django_db
A, B, REST = CODES
MONTHS = ("2022-11", "2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06", "2024-01")
held = st.fixed_dictionaries(
    {},
    optional={
        month: st.tuples(*[st.integers(0, 6)] * 5) for month in MONTHS
    },  # ASB in A, in B, in the rest; burglaries in A; ASB without a location
)
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


class UndoError(Exception):
    """Ends an example without a trace."""


def rows_of(figures, name):
    return list(csv.DictReader(io.StringIO(tables(figures)[f"{name}.csv"].decode())))


def whole(rows, column="count"):
    return sum(int(row[column]) for row in rows if row[column])


@few
@given(held=held, unplaced=st.integers(0, 3))
def test_the_parts_of_every_table_add_up(people, held, unplaced):
    try:
        with transaction.atomic():
            make_areas(people.location)
            for month, (a, b, rest, other, without) in held.items():
                hold_month(month, {A: a, B: b, REST: rest}, other=other, without=without)
            # A few rows carry a code and no point: they count by code and rank at no place.
            asb = Incident.objects.filter(category__name=ASB, lsoa_code=A).order_by("pk")
            bare = list(asb.values_list("pk", flat=True)[:unplaced])
            Incident.objects.filter(pk__in=bare).update(point=None)
            location = Location.objects.select_related("programme", "area").get(slug="leominster")
            check(gather(Recipe("leominster", "2023-01", "2024-01"), location), held)
            raise UndoError
    except UndoError:
        pass


def check(figures, held):
    in_package = {month: counts for month, counts in held.items() if month >= "2023-01"}
    counts = rows_of(figures, "monthly_counts")
    own = [row for row in counts if row["area"] == "Leominster"]
    lsoas = [row for row in counts if row["area"] != "Leominster"]
    total = sum(a + b for a, b, *__ in in_package.values())
    assert figures.total == total == whole(row for row in own if row["category"] == ASB)
    for row in own:
        parts = [
            part
            for part in lsoas
            if (part["month"], part["category"]) == (row["month"], row["category"])
        ]
        assert (row["status"] == "missing") == (row["month"] not in in_package)
        if row["status"] == "missing":
            assert row["count"] == ""
            assert {part["count"] for part in parts} <= {""}
        else:
            assert int(row["count"]) == whole(parts)

    incidents = rows_of(figures, "incidents")
    assert len(incidents) == whole(own)
    mix = rows_of(figures, "category_mix")
    for row in mix:
        assert int(row["count"]) == whole(o for o in own if o["category"] == row["category"])
    assert whole(mix) == len(incidents)
    assert whole(mix, "others_count") == sum(rest for __, __, rest, *__ in in_package.values())
    for share, base in (("share_percent", "count"), ("others_share_percent", "others_count")):
        said = [float(row[share]) for row in mix if row[share]]
        assert bool(said) == bool(whole(mix, base))
        assert not said or sum(said) == pytest.approx(100, abs=0.1)

    pointless = sum(row["category"] == ASB and not row["longitude"] for row in incidents)
    places = rows_of(figures, "places")
    assert whole(places) + pointless == total
    assert whole(rows_of(figures, "clusters")) <= total
    if places:
        assert float(places[-1]["cumulative_percent"]) == pytest.approx(100, abs=0.01)

    location = next(r for r in rows_of(figures, "comparison") if r["kind"] == "location")
    assert int(location["months_counted"]) == len(in_package)
    assert (int(location["count"]) if in_package else location["count"]) == (
        total if in_package else ""
    )

    used = {one.month: one.count for one in figures.season.months}
    assert all(count == sum(held[month][:2]) for month, count in used.items())
    assert whole(rows_of(figures, "season"), "years") == len(used)
    assert sum(row.count for row in figures.season.months if row.month >= "2023-01") <= total
    if figures.ambient is not None:
        of = figures.ambient.lsoa_code
        assert figures.ambient.count == whole(
            row for row in lsoas if (row["area"], row["category"]) == (of, ASB)
        )
