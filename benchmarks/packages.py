"""Figures of the packages of 1,500 locations against hand-written SQL and geopandas, in one run.

The store holds 220,231 real street rows. Counted are the reports of anti-social behaviour by month
for 1,500 sets of LSOAs (1 to 20 neighbouring codes each) over all 52 months, and for 1,500 drawn
polygons over the months since the points were redrawn. Ours is
incidents.selectors.monthly_counts_of: it finds the codes of other vintages, which files count and
the status of each month too. The peers are given those; ours is given each area's forces. What it
takes to find these as well is printed beside it, as ``…_alone``. By hand: the definitions' codes in
an indexed table joined to the reports, and polygons joined to points. geopandas: the
reports read from the store, as the others read them, then sjoin and groupby; without the reading it
is printed as ``drawn_in_memory``. All must find the same counts.

Besides, one location's counts, among the store's rows and among ten times as many, the others
the same rows nine times over, elsewhere: its own rows stay the same.

    DATABASE_URL=… .venv/bin/python benchmarks/packages.py [rounds]

Everything happens in one transaction that is rolled back, by turns. Prints one line of JSON:
medians in seconds, ratios with their limits (1.5 times by hand, 1 time geopandas for polygons, 2
times at ten times the store); exit code 1 over a limit.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from street_files import ARCHIVES, HOUSE, ROWS

LOCATIONS = 1_500
HAND, GEOPANDAS, TENFOLD = 1.5, 1.0, 2.0
ASB = "Anti-social behaviour"
FIRST, LAST = dt.date(2021, 3, 1), dt.date(2025, 6, 1)
REDRAWN = dt.date(2024, 1, 1)

Counts = dict[tuple[Any, dt.date], int]

HAND_SETS = """
    SELECT b.definition, i.month, count(*)
      FROM bench_codes b
      JOIN incidents_incident i ON i.lsoa_code = b.code
     WHERE i.category_id = %s AND i.month BETWEEN %s AND %s
     GROUP BY b.definition, i.month
"""
HAND_DRAWN = """
    SELECT d.id, i.month, count(*)
      FROM places_areadefinition d
      JOIN incidents_incident i ON ST_Intersects(i.point, d.boundary)
     WHERE d.id = ANY(%s) AND i.category_id = %s AND i.month BETWEEN %s AND %s
     GROUP BY d.id, i.month
"""
ELSEWHERE = """
    INSERT INTO incidents_incident (id, force_month_id, month, category_id, occurrence, crime_id,
        reported_by, falls_within, point, street, lsoa_code, lsoa_name, last_outcome, context)
    SELECT gen_random_uuid(), force_month_id + %(shift)s, month, category_id, occurrence, crime_id,
        reported_by, falls_within, ST_Translate(point, 0, %(north)s), street,
        CASE WHEN lsoa_code = '' THEN '' ELSE 'X' || %(n)s || substr(lsoa_code, 3) END, lsoa_name,
        last_outcome, context
      FROM incidents_incident WHERE lsoa_code !~ '^X'
"""


def make_definitions() -> tuple[list[Any], list[Any]]:
    """Make sets of LSOAs that lie together, and polygons of about a town around map points."""
    from django.contrib.gis.geos import MultiPolygon, Polygon
    from django.db import connection

    from places.choices import AreaKind, DefinitionKind
    from places.models import Area, AreaDefinition, AreaDefinitionMember

    chance = random.Random(1)
    areas = list(
        Area.objects.filter(kind=AreaKind.LSOA, vintage=2021, boundary__isnull=False).order_by(
            "code"
        )
    )
    sets, members = [], []
    for __ in range(LOCATIONS):
        one = AreaDefinition(kind=DefinitionKind.LSOA_SET, residents=5_000)
        start, size = chance.randrange(len(areas)), chance.randint(1, 20)
        sets.append(one)
        members += [
            AreaDefinitionMember(definition=one, area=area) for area in areas[start : start + size]
        ]
    AreaDefinition.objects.bulk_create(sets)
    AreaDefinitionMember.objects.bulk_create(members)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ST_X(point), ST_Y(point) FROM incidents_incident"
            " WHERE point IS NOT NULL AND month >= %s AND lsoa_code = ANY(%s) ORDER BY 1, 2",
            [REDRAWN, [area.code for area in areas]],
        )
        points = cursor.fetchall()
    drawn = []
    for __ in range(LOCATIONS):
        x, y = chance.choice(points)
        shape = Polygon.from_bbox((x - 0.01, y - 0.006, x + 0.011, y + 0.0065))
        drawn.append(
            AreaDefinition(
                kind=DefinitionKind.DRAWN, residents=5_000, boundary=MultiPolygon(shape, srid=4326)
            )
        )
    AreaDefinition.objects.bulk_create(drawn)
    return sets, drawn


def ours(definitions: list[Any], first: dt.date, forces: Any = None) -> Any:
    """Count by the product's selector."""
    from incidents.selectors import monthly_counts_of

    return monthly_counts_of(definitions, first, LAST, category=ASB, forces=forces)


def as_counts(found: Any) -> Counts:
    """Return what any of them found in one form, without zeros and what is missing; not timed."""
    if isinstance(found, list):
        return {(pk, month): count for pk, month, count in found}
    if not isinstance(found, dict):
        return dict(found)
    assert not any(one.refused for one in found.values())
    return {
        (pk, row.month): row.count for pk, one in found.items() for row in one.months if row.count
    }


def main(rounds: int) -> int:
    """Measure by turns; return 0 if all limits hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    sys.path.insert(0, str(HOUSE))
    import django

    django.setup()
    from django.db import connection, transaction

    from demo.loading.open_data import parts
    from incidents.ingest import import_street_crime
    from incidents.models import Category
    from incidents.selectors import forces_of_each
    from places.many import codes_of_many

    def sql(query: str, *values: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())

    def run(query: str, values: dict[str, Any] | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(query, values)

    with transaction.atomic():
        run("TRUNCATE incidents_incident, incidents_outcome")
        run("DELETE FROM incidents_forcemonth")
        for part in parts():
            if not part.name.startswith("west-mercia"):
                part.make()
        assert import_street_crime(ARCHIVES).inserted == ROWS
        sets, drawn = make_definitions()
        run("CREATE TABLE bench_codes (definition uuid, code text)")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench_codes VALUES (%s, %s)",
                [(pk, code) for pk, codes in codes_of_many(sets).items() for code in codes],
            )
        run("CREATE INDEX ON bench_codes (code)")
        for table in ("area", "areapart", "arealink", "areadefinition", "areadefinitionmember"):
            run(f"ANALYZE places_{table}")
        run("ANALYZE bench_codes")
        forces = forces_of_each([*sets, *drawn])
        category = Category.objects.get(name=ASB).pk
        pks = [one.pk for one in drawn]
        shapes, points = geopandas_shapes(drawn), geopandas_read(category)
        tasks: dict[str, Callable[[], Any]] = {
            "sets_hand": lambda: sql(HAND_SETS, category, FIRST, LAST),
            "sets_ours": lambda: ours(sets, FIRST, forces),
            "sets_alone": lambda: ours(sets, FIRST),
            "drawn_hand": lambda: sql(HAND_DRAWN, pks, category, REDRAWN, LAST),
            "drawn_ours": lambda: ours(drawn, REDRAWN, forces),
            "drawn_alone": lambda: ours(drawn, REDRAWN),
            "drawn_geopandas": lambda: geopandas_join(geopandas_read(category), shapes),
            "drawn_in_memory": lambda: geopandas_join(points, shapes),
        }
        seconds, counts = measure(tasks, rounds)
        assert counts["sets_hand"] == counts["sets_ours"] == counts["sets_alone"]
        assert counts["drawn_hand"] == counts["drawn_ours"] == counts["drawn_geopandas"]
        assert counts["drawn_alone"] == counts["drawn_ours"]
        one_set, one_drawn = sets[:1], drawn[:1]
        alone: dict[str, Callable[[], Any]] = {
            "one_set": lambda: ours(one_set, FIRST),
            "one_drawn": lambda: ours(one_drawn, REDRAWN),
        }
        many = max(rounds, 5) * 5
        before, counted = measure(alone, many)
        for n in range(9):
            run(ELSEWHERE, {"n": n, "shift": 1_000_000 * (n + 1), "north": 3.0 * (n + 1)})
        run("ANALYZE incidents_incident")
        after, again = measure(alone, many)
        assert counted == again
        transaction.set_rollback(True)
    ratios = {
        "sets_by_hand": (seconds["sets_ours"] / seconds["sets_hand"], HAND),
        "drawn_by_hand": (seconds["drawn_ours"] / seconds["drawn_hand"], HAND),
        "drawn_geopandas": (seconds["drawn_ours"] / seconds["drawn_geopandas"], GEOPANDAS),
        **{f"{name}_tenfold": (after[name] / before[name], TENFOLD) for name in alone},
    }
    print(
        json.dumps(
            {
                "locations": LOCATIONS,
                "rows": ROWS,
                "reports_counted": {
                    name: int(sum(found.values())) for name, found in counts.items()
                },
                "rounds": rounds,
                "seconds": {name: round(value, 4) for name, value in seconds.items()},
                "one": {name: [round(before[name], 5), round(after[name], 5)] for name in alone},
                "ratios": {name: round(ratio, 2) for name, (ratio, __) in ratios.items()},
                "limits": {name: limit for name, (__, limit) in ratios.items()},
            }
        )
    )
    return 0 if all(ratio <= limit for ratio, limit in ratios.values()) else 1


def geopandas_read(category: int) -> Any:
    """Read the reports of the months into geopandas."""
    import geopandas
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, ST_X(point), ST_Y(point) FROM incidents_incident"
            " WHERE point IS NOT NULL AND category_id = %s AND month BETWEEN %s AND %s",
            [category, REDRAWN, LAST],
        )
        months, xs, ys = zip(*cursor.fetchall(), strict=True)
    return geopandas.GeoDataFrame(
        {"month": months}, geometry=geopandas.points_from_xy(xs, ys), crs=4326
    )


def geopandas_shapes(drawn: list[Any]) -> Any:
    """Return the polygons as geopandas has them."""
    import geopandas
    import shapely

    return geopandas.GeoDataFrame(
        {"definition": [one.pk for one in drawn]},
        geometry=[shapely.from_wkb(bytes(one.boundary.wkb)) for one in drawn],
        crs=4326,
    )


def geopandas_join(points: Any, shapes: Any) -> Any:
    """Join reports to polygons and count."""
    found = points.sjoin(shapes, predicate="intersects")
    return found.groupby(["definition", "month"]).size()


def measure(
    tasks: dict[str, Callable[[], Any]], rounds: int
) -> tuple[dict[str, float], dict[str, Counts]]:
    """Run all by turns; return the median seconds and what each found."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    found: dict[str, Any] = {}
    for __ in range(rounds):
        for name, task in tasks.items():
            found.pop(name, None)
            gc.collect()  # what the others left behind is not this one's to clear away
            start = time.perf_counter()
            found[name] = task()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}, {
        name: as_counts(one) for name, one in found.items()
    }


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
