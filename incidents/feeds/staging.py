"""Rows of a feed on their way into the database: staged by COPY, placed, then put in by difference.

A row's id is the md5 of its feed and reference or, without one, of its content and its occurrence
among equal rows, so the same file again finds all its rows there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection

from incidents.choices import Grain
from incidents.feeds.rows import Row
from incidents.models import Feed
from places.choices import AreaKind

CHUNK = 5_000
COLUMNS = (
    "id",
    "line",
    "month",
    "category",
    "count",
    "reference",
    "opened_at",
    "from_at",
    "to_at",
    "qualifier",
    "x",
    "y",
    "srid",
    "place",
    "lsoa_code",
    "place_key",
    "caller_key",
    "victim_key",
    "repeat_caller",
    "repeat_victim",
    "repeat_place",
    "vulnerable",
    "outcome",
)
# What is stored as it is staged; with category and point all that makes a row what it is.
PLAIN = (
    "month",
    "count",
    "reference",
    "opened_at",
    "from_at",
    "to_at",
    "qualifier",
    "place",
    "lsoa_code",
    "place_key",
    "caller_key",
    "victim_key",
    "repeat_caller",
    "repeat_victim",
    "repeat_place",
    "vulnerable",
    "outcome",
)


class Identities:
    """Gives the rows of one file their ids, in the file's order."""

    def __init__(self, feed: Feed) -> None:
        self._feed = str(feed.pk)
        self._counts = feed.grain == Grain.COUNT
        self._seen: Counter[bytes] = Counter()

    def of(self, row: Row) -> uuid.UUID:
        """Return the id of the file's next row."""
        if self._counts:
            key = f"count\x1f{row.month}\x1f{row.lsoa_code}\x1f{row.category}"
        elif row.reference:
            key = f"reference\x1f{row.reference}"
        else:
            key = f"content\x1f{row.content()}"
            digest = hashlib.md5(key.encode(), usedforsecurity=False).digest()
            self._seen[digest] += 1
            key += f"\x1f{self._seen[digest]}"
        text = f"{self._feed}\x1f{key}"
        return uuid.UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def make_staging() -> None:
    """Make the table of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.feed_staging")
        cursor.execute(
            "CREATE TEMP TABLE feed_staging (id uuid, line integer, month date, category text,"
            " count integer, reference text, opened_at timestamptz, from_at timestamptz,"
            " to_at timestamptz, qualifier text, x float8, y float8, srid integer, place text,"
            " lsoa_code text, place_key text, caller_key text, victim_key text,"
            " repeat_caller boolean, repeat_victim boolean, repeat_place boolean,"
            " vulnerable boolean, outcome text, point geometry(Point, 4326),"
            " category_id uuid) ON COMMIT DROP"
        )


def stage(rows: Iterable[tuple[uuid.UUID, Row]]) -> None:
    """Copy a chunk of rows into the staging table."""
    buffer = io.StringIO()
    for key, row in rows:
        cells = [key, *(getattr(row, name) for name in COLUMNS[1:])]
        buffer.write(",".join(_quoted(cell) for cell in cells) + "\n")
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY feed_staging ({', '.join(COLUMNS)}) FROM STDIN"
            " WITH (FORMAT csv, NULL '\\N', ENCODING 'UTF8')",
            buffer,
        )


def _quoted(value: Any) -> str:
    """Return a cell of COPY; texts are always quoted, so that none is taken for NULL."""
    if value is None:
        return "\\N"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return '"' + str(value).replace('"', '""') + '"'


def settle_points() -> None:
    """Turn coordinates into points in WGS 84, and find the LSOA of those without a code.

    It is the one of the newest boundaries held that contains the point; on a border the first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feed_staging SET point = CASE srid WHEN 4326"
            " THEN ST_SetSRID(ST_MakePoint(x, y), 4326)"
            " ELSE ST_Transform(ST_SetSRID(ST_MakePoint(x, y), srid), 4326) END"
            " WHERE x IS NOT NULL"
        )
        cursor.execute("ANALYZE feed_staging")
        cursor.execute(
            "UPDATE feed_staging s SET lsoa_code = found.code FROM ("
            "  SELECT DISTINCT ON (t.id) t.id, a.code FROM feed_staging t"
            "    JOIN places_areapart p ON ST_Intersects(p.piece, t.point)"
            "    JOIN places_area a ON a.id = p.area_id"
            "   WHERE t.lsoa_code = '' AND t.point IS NOT NULL AND a.kind = %(kind)s"
            "     AND a.vintage = (SELECT max(n.vintage) FROM places_area n WHERE n.kind = %(kind)s"
            "                      AND n.boundary IS NOT NULL)"
            "   ORDER BY t.id, a.code) found"
            " WHERE found.id = s.id",
            {"kind": AreaKind.LSOA},
        )


def held_elsewhere(feed: Feed, first: dt.date, last: dt.date) -> list[tuple[int, dt.date]]:
    """Return staged lines whose record is held in a month outside of these, and that month."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.line, i.month FROM feed_staging s JOIN incidents_feedincident i"
            " ON i.id = s.id WHERE i.feed_id = %s AND NOT i.month BETWEEN %s AND %s ORDER BY 1",
            [feed.pk, first, last],
        )
        return list(cursor.fetchall())


def drop_lines(lines: list[int]) -> None:
    """Take lines out of the staging table."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM feed_staging WHERE line = ANY(%s)", [lines])


def category_names() -> list[str]:
    """Return the names of categories among the staged rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT category FROM feed_staging ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def write(feed: Feed, first: dt.date, last: dt.date) -> tuple[int, int]:
    """Make the rows of these months those of the staging table; return rows added and removed.

    A row that changed counts as removed and added.
    """
    # Names of columns are this module's own, never input.
    same = " AND ".join(f"i.{name} IS NOT DISTINCT FROM s.{name}" for name in PLAIN)
    names = ", ".join(PLAIN)
    given: dict[str, Any] = {"feed": feed.pk, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON feed_staging (id)")
        cursor.execute(
            "UPDATE feed_staging s SET category_id = c.id FROM incidents_feedcategory c"
            " WHERE c.feed_id = %(feed)s AND c.name = s.category",
            given,
        )
        cursor.execute("ANALYZE feed_staging")
        cursor.execute(
            "DELETE FROM incidents_feedincident i WHERE i.feed_id = %(feed)s"  # noqa: S608  # own names
            " AND i.month BETWEEN %(first)s AND %(last)s AND NOT EXISTS ("
            "  SELECT FROM feed_staging s WHERE s.id = i.id AND s.category_id = i.category_id"
            f"    AND i.point::bytea IS NOT DISTINCT FROM s.point::bytea AND {same})",
            given,
        )
        deleted = cursor.rowcount
        cursor.execute(
            f"INSERT INTO incidents_feedincident (id, feed_id, category_id, point, {names})"  # noqa: S608  # own names
            f" SELECT s.id, %(feed)s, s.category_id, s.point, {', '.join('s.' + n for n in PLAIN)}"
            "   FROM feed_staging s WHERE NOT EXISTS ("
            "     SELECT FROM incidents_feedincident i WHERE i.id = s.id) ORDER BY s.line",
            given,
        )
        return cursor.rowcount, deleted


def sums_by_month() -> dict[dt.date, tuple[int, int, int, int]]:
    """Return rows, incidents, located and timed rows of each month that is staged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, count(*), sum(count),"
            " count(*) FILTER (WHERE point IS NOT NULL OR lsoa_code <> ''),"
            " count(*) FILTER (WHERE from_at IS NOT NULL) FROM feed_staging GROUP BY month"
        )
        return {month: (rows, int(n), at, timed) for month, rows, n, at, timed in cursor.fetchall()}


def lsoas_of(points: list[tuple[float, float, int]]) -> list[tuple[float, float, str]]:
    """Return longitude, latitude and LSOA (empty for none held) of coordinates, in their order."""
    if not points:
        return []
    xs, ys, srids = zip(*points, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(at.point), ST_Y(at.point), coalesce((SELECT min(a.code)"
            "   FROM places_areapart p JOIN places_area a ON a.id = p.area_id"
            "  WHERE ST_Intersects(p.piece, at.point) AND a.kind = %(kind)s AND a.vintage ="
            "        (SELECT max(n.vintage) FROM places_area n WHERE n.kind = %(kind)s"
            "         AND n.boundary IS NOT NULL)), '')"
            " FROM (SELECT n, ST_Transform(ST_SetSRID(ST_MakePoint(x, y), srid), 4326) AS point"
            "   FROM unnest(%(xs)s::float8[], %(ys)s::float8[], %(srids)s::integer[])"
            "        WITH ORDINALITY AS given(x, y, srid, n)) at ORDER BY at.n",
            {"kind": AreaKind.LSOA, "xs": list(xs), "ys": list(ys), "srids": list(srids)},
        )
        return list(cursor.fetchall())
