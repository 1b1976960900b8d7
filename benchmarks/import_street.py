"""Import of 220,231 real street rows against hand-written SQL, in the same run.

The peer is what a person would write by hand: COPY each file into an unlogged staging table, then
one INSERT … SELECT into a table with the same columns and indexes. It checks nothing, derives no
identity and compares nothing with what is held. Ours is the import behind
`bin/manage import_street_crime`. Both run in a process of their own, in one transaction that is
rolled back (the database is as before), from empty tables, by turns.

    DATABASE_URL=… .venv/bin/python benchmarks/import_street.py [rounds]

Prints one line of JSON: medians in seconds, their ratio (limit 3, aim 1.5), the spread, and the
greatest peak memory of our process (limit 512 MB).
"""

from __future__ import annotations

import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
ARCHIVES = sorted((HOUSE / "demo" / "data" / "police").glob("west-mercia-*.zip"))
LIMIT, MEMORY_MB = 3.0, 512

INSERT = """
    INSERT INTO bench_incident (id, force_month_id, month, category_id, occurrence, crime_id,
        reported_by, falls_within, point, street, lsoa_code, lsoa_name, last_outcome, context)
    SELECT gen_random_uuid(), %s, to_date(month, 'YYYY-MM'), c.id, 1, crime_id, reported_by,
        falls_within, CASE WHEN longitude <> '' THEN
        ST_SetSRID(ST_MakePoint(longitude::float8, latitude::float8), 4326) END,
        location, lsoa_code, lsoa_name, last_outcome, context
      FROM bench_staging s JOIN incidents_category c ON c.name = s.crime_type
"""


def by_hand(cursor: Any) -> int:
    """COPY and INSERT, file by file; return the number of rows."""
    names = [
        "crime_id",
        "month",
        "reported_by",
        "falls_within",
        "longitude",
        "latitude",
        "location",
        "lsoa_code",
        "lsoa_name",
        "crime_type",
        "last_outcome",
        "context",
    ]
    cursor.execute("CREATE TABLE bench_incident (LIKE incidents_incident INCLUDING ALL)")
    cursor.execute(
        f"CREATE UNLOGGED TABLE bench_staging ({', '.join(f'{name} text' for name in names)})"
    )
    rows = 0
    for number, path in enumerate(ARCHIVES):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist():
                if not entry.endswith("-street.csv"):
                    continue
                cursor.execute("TRUNCATE bench_staging")
                with archive.open(entry) as stream:
                    cursor.copy_expert(
                        "COPY bench_staging FROM STDIN WITH (FORMAT csv, HEADER,"
                        f" FORCE_NOT_NULL ({', '.join(names)}))",
                        stream,
                        256 * 1024,
                    )
                cursor.execute(INSERT, [number])
                rows += cursor.rowcount
    return rows


def ours() -> int:
    """Run the product's import; return the number of rows."""
    from incidents.ingest import import_street_crime

    return import_street_crime(ARCHIVES).inserted


def child(which: str) -> None:
    """Run one of the two in this process and print seconds, rows and peak memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    sys.path.insert(0, str(HOUSE))
    import django

    django.setup()
    from django.db import connection, transaction

    from incidents.ingest.street import street_source

    with transaction.atomic():
        street_source()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE incidents_incident")
            cursor.execute("DELETE FROM incidents_forcemonth")
            start = time.perf_counter()
            rows = by_hand(cursor) if which == "hand" else ours()
            seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_mb": peak}))


def run(which: str) -> dict:
    """Start a child and return what it measured."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", which], capture_output=True, text=True, check=True
    )
    return json.loads(io.StringIO(done.stdout).readlines()[-1])


def main(rounds: int) -> int:
    """Measure by turns; return 0 if both limits hold."""
    found: dict[str, list[dict]] = {"hand": [], "ours": []}
    for __ in range(rounds):
        for which, results in found.items():
            results.append(run(which))
            print(which, results[-1], file=sys.stderr)
    assert {one["rows"] for results in found.values() for one in results} == {220_231}
    seconds = {which: [one["seconds"] for one in results] for which, results in found.items()}
    medians = {which: statistics.median(values) for which, values in seconds.items()}
    peak = max(one["peak_mb"] for one in found["ours"])
    ratio = medians["ours"] / medians["hand"]
    print(
        json.dumps(
            {
                "rows": 220_231,
                "rounds": rounds,
                "hand_seconds": round(medians["hand"], 2),
                "ours_seconds": round(medians["ours"], 2),
                "ratio": round(ratio, 2),
                "spread": {
                    which: [round(min(v), 2), round(max(v), 2)] for which, v in seconds.items()
                },
                "peak_mb": round(peak),
                "limits": {"ratio": LIMIT, "peak_mb": MEMORY_MB},
            }
        )
    )
    return 0 if ratio <= LIMIT and peak < MEMORY_MB else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2])
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
