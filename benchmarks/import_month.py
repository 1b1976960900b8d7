"""One month into a full store against the same month into an empty one, in the same run.

The full store holds 1,092,183 real street rows (benchmarks/street_files.py): all of the archive
but the last month of one force, 8,972 rows, which is then added; after that the same file comes
again. By turns, in one transaction that is rolled back, each try on its own savepoint, so that
every try finds the same store.

    DATABASE_URL=… .venv/bin/python benchmarks/import_month.py [rounds]

Prints one line of JSON: medians in seconds; how many times the empty store's seconds the full one
takes (limits 0.5 and 1.5) and the replay takes of the full one's (limit 0.5), and how many rows
the replay changed (limit 0). Exit code 1 over a limit.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from street_files import FORCES, HOUSE, build_archive

LAST = "2025-06-west-mercia-street.csv"
LEAST, MOST, REPLAY = 0.5, 1.5, 0.5


def split(archive: Path, folder: Path) -> tuple[Path, Path]:
    """Return the archive without the last month of one force, and that month's file."""
    rest, last = folder / "rest.zip", folder / LAST
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(rest, "w") as target:
        for entry in source.namelist():
            if entry.endswith(LAST):
                last.write_bytes(source.read(entry))
            else:
                target.writestr(entry, source.read(entry))
    return rest, last


def main(rounds: int) -> int:
    """Measure by turns; return 0 if all limits hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    sys.path.insert(0, str(HOUSE))
    import django

    django.setup()
    from django.db import connection, transaction

    from incidents.ingest import StreetImport, import_street_crime

    def timed(path: Path) -> tuple[float, StreetImport]:
        start = time.perf_counter()
        result = import_street_crime([path])
        return time.perf_counter() - start, result

    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE incidents_incident, incidents_outcome")
            cursor.execute("DELETE FROM incidents_forcemonth")

    seconds: dict[str, list[float]] = {"empty": [], "full": [], "replay": []}
    replayed = 0
    with tempfile.TemporaryDirectory() as name, transaction.atomic():
        folder = Path(name)
        build_archive(folder / "million.zip", forces=len(FORCES))
        rest, last = split(folder / "million.zip", folder)
        empty()
        held = import_street_crime([rest]).inserted
        for __ in range(rounds):
            with transaction.atomic():
                empty()
                took, result = timed(last)
                seconds["empty"].append(took)
                added = result.inserted
                transaction.set_rollback(True)
            with transaction.atomic():
                took, result = timed(last)
                seconds["full"].append(took)
                assert result.inserted == added > 0, result
                took, result = timed(last)
                seconds["replay"].append(took)
                replayed += result.inserted + result.deleted + len(result.written)
                transaction.set_rollback(True)
            print({which: values[-1] for which, values in seconds.items()}, file=sys.stderr)
        transaction.set_rollback(True)
    medians = {which: statistics.median(values) for which, values in seconds.items()}
    ratio = medians["full"] / medians["empty"]
    again = medians["replay"] / medians["full"]
    print(
        json.dumps(
            {
                "held": held,
                "added": added,
                "rounds": rounds,
                **{f"{which}_seconds": round(value, 3) for which, value in medians.items()},
                "ratio": round(ratio, 2),
                "replay_ratio": round(again, 2),
                "replay_changed": replayed,
                "spread": {
                    which: [round(min(v), 3), round(max(v), 3)] for which, v in seconds.items()
                },
                "limits": {"ratio": [LEAST, MOST], "replay_ratio": REPLAY, "replay_changed": 0},
            }
        )
    )
    return 0 if LEAST <= ratio <= MOST and again <= REPLAY and not replayed else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
