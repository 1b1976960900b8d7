"""Import of a million real street rows from one archive against hand-written SQL, in the same run.

The peer is what a person would write by hand: COPY each file into an unlogged staging table, then
one INSERT … SELECT into a table with the same columns and indexes. It checks nothing, derives no
identity and compares nothing with what is held. Ours is the import behind
`bin/manage import_street_crime`. Both run in a process of their own, in one transaction that is
rolled back (the database is as before), from empty tables, by turns. The archive is made anew in a
temporary folder (benchmarks/street_files.py). Besides, ours takes in a fifth of it, one force's
220,231 rows, to show that memory does not grow with the rows.

    DATABASE_URL=… .venv/bin/python benchmarks/import_street.py [rounds]

Prints one line of JSON: medians in seconds, their ratio (limit 2), the spread, the greatest peak
memory of our process (limit 512 MB) and how many times that of a fifth of the rows it is (limit
1.1). Exit code 1 over a limit.
"""

from __future__ import annotations

import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from street_files import FORCES, HOUSE, ROWS, build_archive

LIMIT, MEMORY_MB, GROWTH = 2.0, 512, 1.1

INSERT = """
    INSERT INTO bench_incident (id, force_month_id, month, category_id, occurrence, crime_id,
        reported_by, falls_within, point, street, lsoa_code, lsoa_name, last_outcome, context)
    SELECT gen_random_uuid(), %s, to_date(month, 'YYYY-MM'), c.id, 1, crime_id, reported_by,
        falls_within, CASE WHEN longitude <> '' THEN
        ST_SetSRID(ST_MakePoint(longitude::float8, latitude::float8), 4326) END,
        location, lsoa_code, lsoa_name, last_outcome, context
      FROM bench_staging s JOIN incidents_category c ON c.name = s.crime_type
"""


def by_hand(cursor: Any, path: Path) -> int:
    """COPY and INSERT, file by file of the archive; return the number of rows."""
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
    with zipfile.ZipFile(path) as archive:
        for number, entry in enumerate(archive.namelist()):
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


def ours(path: Path) -> int:
    """Run the product's import; return the number of rows."""
    from incidents.ingest import import_street_crime

    return import_street_crime([path]).inserted


def child(which: str, path: Path) -> None:
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
            rows = by_hand(cursor, path) if which == "hand" else ours(path)
            seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_mb": peak}))


def run(which: str, path: Path, rows: int) -> dict[str, float]:
    """Start a child and return what it measured."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", which, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(io.StringIO(done.stdout).readlines()[-1])
    print(which, path.stem, found, file=sys.stderr)
    assert found["rows"] == rows, found
    return found


def main(rounds: int) -> int:
    """Measure by turns; return 0 if all limits hold."""
    found: dict[str, list[dict[str, float]]] = {"hand": [], "ours": [], "fifth": []}
    with tempfile.TemporaryDirectory() as folder:
        million, fifth = Path(folder) / "million.zip", Path(folder) / "fifth.zip"
        rows = build_archive(million, forces=len(FORCES))
        build_archive(fifth, forces=1)
        for __ in range(rounds):
            found["hand"].append(run("hand", million, rows))
            found["ours"].append(run("ours", million, rows))
            found["fifth"].append(run("ours", fifth, ROWS))
    seconds = {which: [one["seconds"] for one in results] for which, results in found.items()}
    medians = {which: statistics.median(values) for which, values in seconds.items()}
    peaks = {which: max(one["peak_mb"] for one in results) for which, results in found.items()}
    ratio = medians["ours"] / medians["hand"]
    growth = peaks["ours"] / peaks["fifth"]
    print(
        json.dumps(
            {
                "rows": rows,
                "rounds": rounds,
                "hand_seconds": round(medians["hand"], 2),
                "ours_seconds": round(medians["ours"], 2),
                "ratio": round(ratio, 2),
                "fifth_seconds": round(medians["fifth"], 2),
                "spread": {
                    which: [round(min(v), 2), round(max(v), 2)] for which, v in seconds.items()
                },
                "peak_mb": round(peaks["ours"]),
                "fifth_peak_mb": round(peaks["fifth"]),
                "growth": round(growth, 3),
                "limits": {"ratio": LIMIT, "peak_mb": MEMORY_MB, "growth": GROWTH},
            }
        )
    )
    return 0 if ratio <= LIMIT and peaks["ours"] < MEMORY_MB and growth <= GROWTH else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], Path(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
