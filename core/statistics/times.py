"""When something happened if only the span is known in which it did."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

HOUR = dt.timedelta(hours=1)


def aoristic_weights(
    earliest: dt.datetime, latest: dt.datetime, zone: ZoneInfo
) -> dict[tuple[int, int], float]:
    """Return the share of a span that lies in each hour of the week; together they are 1.

    Keys are (weekday, hour) in ``zone``, Monday 0, hour 0 to 23; from eight to four each of eight
    hours has 0.125. A single moment has 1 in its hour. Time that passes is what counts: a night in
    which the clock skips an hour is shorter, and the hour that comes twice weighs double. A span
    of a week or more says nothing of the hour; whether to use it is the caller's. Source: Ratcliffe
    (2000), Aoristic analysis, International Journal of GIS 14:669.

    Raises ValueError for times without a zone of their own, or a span that ends before it begins.
    """
    if earliest.tzinfo is None or latest.tzinfo is None:
        raise ValueError("Times must say their offset from UTC.")
    at, end = earliest.astimezone(dt.UTC), latest.astimezone(dt.UTC)
    if end < at:
        raise ValueError(f"The span ends before it begins: {earliest} to {latest}")
    if at == end:
        return {_cell(at, zone): 1.0}
    whole = end - at
    found: dict[tuple[int, int], float] = {}
    while at < end:
        local = at.astimezone(zone)
        past = dt.timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        until = min(end, at + HOUR - past)
        cell = (local.weekday(), local.hour)
        found[cell] = found.get(cell, 0.0) + (until - at) / whole
        at = until
    return found


def _cell(at: dt.datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.weekday(), local.hour
