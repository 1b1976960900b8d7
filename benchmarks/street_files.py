"""A million street rows for benchmarks: the real ones, under the names of five forces.

The 220,231 rows of West Mercia in the demonstration's data are repeated, byte for byte but for the
force's name, as the files of four other forces of the same months: 1,101,155 rows in 115 files of
one archive, as data.police.uk would give them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
ARCHIVES = sorted((HOUSE / "demo" / "data" / "police").glob("west-mercia-*.zip"))
FORCES = {
    "west-mercia": "West Mercia Police",
    "warwickshire": "Warwickshire Police",
    "gloucestershire": "Gloucestershire Constabulary",
    "staffordshire": "Staffordshire Police",
    "dyfed-powys": "Dyfed-Powys Police",
}
ROWS = 220_231


def street_entries() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each real street file."""
    for path in ARCHIVES:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist():
                if entry.endswith("-street.csv"):
                    yield entry, archive.read(entry)


def build_archive(path: Path, *, forces: int) -> int:
    """Write the archive of so many forces; return the number of its rows."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, raw in street_entries():
            for slug, name in list(FORCES.items())[:forces]:
                archive.writestr(
                    entry.replace("west-mercia", slug),
                    raw.replace(FORCES["west-mercia"].encode(), name.encode()),
                )
    return forces * ROWS
