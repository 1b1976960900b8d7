"""The map points of the explore page against hand-written SQL that counts the same, in one run.

The peer is one statement over the same rows, its cursor read to the end: the same join, the same
codes, months and category, grouped by coordinates and street. Ours is the whole answer as the
browser gets it: the layer's queries, the columns, the JSON (the compression comes on top for both
and is not counted; its size is). By turns, the median of five.

    DATABASE_URL=… .venv/bin/python benchmarks/explore_map.py [points [reports a point]]

Makes synthetic reports (30,000 points, 20 reports each) in a transaction that is rolled back.
Prints one line of JSON: the ratio beside its limit (1.5), the size on the wire beside its limit
(300 kB); exit code 1 above either.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
LIMIT, WIRE_LIMIT, ROUNDS = 1.5, 300_000, 5

PEER = """
    SELECT ST_X(i.point), ST_Y(i.point), i.street, count(*)
      FROM incidents_incident i
      JOIN incidents_forcemonth m ON m.id = i.force_month_id
      JOIN incidents_category c ON c.id = i.category_id
     WHERE m.force_id = %(force)s AND c.name = 'Anti-social behaviour'
       AND i.month BETWEEN '2031-01-01' AND '2031-12-01' AND i.lsoa_code = ANY(%(codes)s)
       AND i.point IS NOT NULL
     GROUP BY 1, 2, 3
"""


def make(points: int, each: int) -> tuple[Any, list[str]]:
    """Store reports at so many points of one force, over twelve months; return force and codes."""
    from django.db import connection

    from core.models import DataImport
    from incidents.models import Category, Force, ForceMonth, Source

    source, _ = Source.objects.get_or_create(
        slug="data-police-uk",
        defaults={"title": "Street", "licence": "OGL", "attribution": "data.police.uk"},
    )
    category, _ = Category.objects.get_or_create(
        source=source,
        slug="anti-social-behaviour",
        defaults={"name": "Anti-social behaviour", "is_asb": True},
    )
    force = Force.objects.create(slug="bench", name="Bench Police")
    taken = DataImport.objects.create(
        kind="street", file_name="bench", sha256="0" * 64, imported_on="2031-12-31"
    )
    months = ForceMonth.objects.bulk_create(
        ForceMonth(
            source=source,
            force=force,
            month=f"2031-{number:02d}-01",
            sha256="0" * 64,
            rows_read=points * each // 12,
            rows_stored=points * each // 12,
            rows_without_location=0,
            rows_rejected=0,
            data_import=taken,
        )
        for number in range(1, 13)
    )
    # Codes of this run alone: rows that a run before rolled back stay in the index until a vacuum.
    own = f"E{force.pk % 100_000:05d}"
    codes = [f"{own}{number:03d}" for number in range(750)]
    with connection.cursor() as cursor:
        # Coordinates of six decimals, names as long and as often repeated as published ones.
        cursor.execute(
            """
            INSERT INTO incidents_incident (id, force_month_id, month, category_id, occurrence,
                   crime_id, reported_by, falls_within, point, street, lsoa_code, lsoa_name,
                   last_outcome, context)
            SELECT gen_random_uuid(), (%(months)s)[1 + (p + n) %% 12],
                   make_date(2031, 1 + (p + n) %% 12, 1), %(category)s, 1, '', '', '',
                   ST_SetSRID(ST_MakePoint(
                       -3.2 + (p * 7919 %% 1450007) / 1e6,
                       51.8 + (p::bigint * 104729 %% 1200007) / 1e6),
                       4326),
                   'On or near ' || initcap(substr(md5((p %% 12600)::text), 1, 8)) || ' Street',
                   %(own)s || lpad((p %% 750)::text, 3, '0'), '', '', ''
              FROM generate_series(1, %(points)s) p, generate_series(1, %(each)s) n
            """,
            {
                "months": [month.pk for month in months],
                "category": category.pk,
                "own": own,
                "points": points,
                "each": each,
            },
        )
        cursor.execute("ANALYZE incidents_incident")
    return force, codes


def seconds_of(work: Callable[[], Any]) -> float:
    """Return how long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(points: int, each: int) -> int:
    """Make the data, measure by turns, print the figures."""
    import datetime as dt

    from django.db import connection, transaction

    from incidents.explore.ground import Ground
    from incidents.explore.layers import Wanted
    from incidents.explore.street import StreetLayer
    from incidents.explore.views import answer
    from places.models import AreaDefinition

    with transaction.atomic():
        force, codes = make(points, each)
        ground = Ground(AreaDefinition(kind="lsoa_set"), (force,), tuple(codes), len(codes))
        wanted = Wanted(dt.date(2031, 1, 1), dt.date(2031, 12, 1), ("Anti-social behaviour",))

        def ours() -> str:
            content = answer(StreetLayer(), ground, wanted)
            return json.dumps(content, separators=(",", ":"), ensure_ascii=False)

        def peer() -> list[Any]:
            with connection.cursor() as cursor:
                cursor.execute(PEER, {"force": force.pk, "codes": codes})
                return list(cursor.fetchall())

        text, rows = ours(), peer()
        content = json.loads(text)
        assert len(content["n"]) == len(rows) == points, "both count the same points"
        assert sum(content["n"]) == sum(row[3] for row in rows) == points * each
        found: dict[Any, list[float]] = {ours: [], peer: []}
        for number in range(ROUNDS):
            for work in (ours, peer) if number % 2 else (peer, ours):
                found[work].append(seconds_of(work))
        transaction.set_rollback(True)
    own, other = (statistics.median(found[work]) for work in (ours, peer))
    wire = len(gzip.compress(text.encode(), 6))
    result = {
        "points": points,
        "reports": points * each,
        "ours_ms": round(own * 1000, 1),
        "sql_ms": round(other * 1000, 1),
        "ratio": round(own / other, 3),
        "limit": LIMIT,
        "wire_bytes": wire,
        "wire_limit": WIRE_LIMIT,
    }
    print(json.dumps(result))
    return 0 if own / other <= LIMIT and wire <= WIRE_LIMIT else 1


if __name__ == "__main__":
    sys.path.insert(0, str(HOUSE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    import django

    django.setup()
    numbers = [int(text) for text in sys.argv[1:3]]
    sys.exit(main(*(numbers + [30_000, 20][len(numbers) :])))
