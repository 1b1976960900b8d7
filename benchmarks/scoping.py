"""Scoped lists against unscoped ones, with 4 and with 1,500 locations, in the same run.

The peer is the same list (the API's own, with what it joins) without scope: the same order, the
same number of rows (at most a page of 50), by the same ORM. Measured is the time until the rows are
in hand, building the query included; by turns, the median of many. Each list of what lies under a
location is tried for a person with one location, with 30 locations one by one, and with a whole
programme of 30. Besides, every list of
pages and API asks the database equally often at both sizes.

    DATABASE_URL=… .venv/bin/python benchmarks/scoping.py [rounds [locations]]

Makes its own synthetic data (demo.scale) in a transaction that is rolled back. Prints one line of
JSON: ratios beside their limit (1.3) and the pages' numbers of queries; exit code 1 above a limit.
"""

from __future__ import annotations

import gc
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
LIMIT = 1.3
PAGE = 50
SIZES = (4, 1_500)
PEOPLE = 2_000

MOST_QUERIES = 25
# Lists of what belongs to a person, an agency, a programme or everybody; a list without rows of its
# own (results are worked out, exports and jobs are one's own) has no unscoped peer.
NOT_AT_A_LOCATION = {
    "agencies",
    "agreements",
    "exports",
    "jobs",
    "ledger",
    "programmes",
    "questions",
    "results",
    "step-templates",
    "training-courses",
}


def pages() -> list[str]:
    """Return every page and list that its address alone opens, at one location and programme.

    Left out is what belongs to one account (sign-in and its settings) and what only takes orders.
    """
    from django.urls import URLPattern, URLResolver, get_resolver

    subjects = {
        "locations/<slug:slug>/": "locations/scale-location-00001/",
        "programmes/<slug:slug>/": "programmes/scale-programme-001/",
        "p/<slug:slug>/": "p/scale-location-00001/",
    }

    def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from routes(entry, route)
            elif isinstance(entry, URLPattern):
                yield route

    found = set()
    for route in routes(get_resolver()):
        plain = re.sub(r"^\^|\$$", "", route.replace("/^", "/"))
        for name, subject in subjects.items():
            plain = plain.replace(name, subject, 1) if plain.startswith(name) else plain
        if not re.search(r"[<(\\]", plain) and not plain.startswith(("accounts/", "static/")):
            found.add(f"/{plain}")
    return sorted(found)


def lists() -> dict[str, Any]:
    """Return the API's lists of what lies under a location: the queries of real lists."""
    from engagement.api import router

    return {
        name: viewset for name, viewset, _base in router.registry if name not in NOT_AT_A_LOCATION
    }


def seconds_of(work: Callable[[], Any]) -> float:
    """Return how long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(viewset: Any, user: Any, rounds: int) -> dict[str, Any]:
    """Return the ratio of a person's scoped list to the same number of rows without scope."""
    view = viewset(request=SimpleNamespace(user=user), action="list")
    model = viewset.queryset.model
    timed = any(field.name == "created_at" for field in model._meta.fields)
    order = ("-created_at", "pk") if timed else ("pk",)  # of core.api.pagination

    def scoped() -> list[Any]:
        return list(view.get_queryset().order_by(*order)[:PAGE])

    rows = len(scoped())
    assert rows, f"{user} sees nothing of {viewset.__name__}: nothing to compare"

    def unscoped() -> list[Any]:
        return list(viewset.queryset.all().order_by(*order)[:rows])

    found: dict[Any, list[float]] = {scoped: [], unscoped: []}
    for number in range(rounds + 3):
        turns = (scoped, unscoped) if number % 2 else (unscoped, scoped)
        for work in turns:
            spent = seconds_of(work)
            if number >= 3:  # the first few warm plans and caches
                found[work].append(spent)
    medians = {work: statistics.median(values) for work, values in found.items()}
    return {
        "rows": rows,
        "scoped_ms": round(medians[scoped] * 1000, 2),
        "unscoped_ms": round(medians[unscoped] * 1000, 2),
        "ratio": round(medians[scoped] / medians[unscoped], 2),
    }


def queries_of(user: Any) -> dict[str, int]:
    """Return how often each list asks the database for one person."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.signing import sign_in_fully

    client = Client(headers={"host": "localhost"})
    sign_in_fully(client, user)
    asked = {}
    for page in pages():
        first = client.get(page)  # content types and the like are read once in a process
        if first.status_code != HTTPStatus.OK or first.streaming:
            continue
        counts = []
        for _time in range(2):  # once a minute a session is noted as in use, by queries of its own
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        asked[page] = min(counts)
    return asked


def at_size(locations: int, rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Seed, analyse and measure one size; everything is rolled back."""
    from django.db import connection, transaction

    from accounts.models import User
    from core import clock
    from demo.scale import seed

    # As every request: the business date is read once, not for each rule that asks for it.
    with transaction.atomic(), clock.business_date():
        people = 12 if locations < 100 else PEOPLE
        made = seed(locations=locations, users=people)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        who = {
            "one location": User.objects.get(email=made.one_location),
            "30 locations": User.objects.get(email=made.thirty_locations),
            "whole programme": User.objects.get(email=made.whole_programme),
        }
        asked = {name: queries_of(user) for name, user in who.items() if name != "30 locations"}
        gc.disable()
        ratios = {
            f"{name}, {title}": measure(viewset, user, rounds)
            for name, viewset in lists().items()
            for title, user in who.items()
        }
        gc.enable()
        transaction.set_rollback(True)
    return asked, ratios


def main(rounds: int, sizes: tuple[int, int] = SIZES) -> int:
    """Measure both sizes; return 0 if every limit holds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "engagement.settings")
    os.environ.setdefault("ENGAGEMENT_MODE", "demo")
    sys.path.insert(0, str(HOUSE))
    import django

    django.setup()
    (few, _), (many, ratios) = (at_size(size, rounds) for size in sizes)
    differ = {
        f"{page} as {name}": [few[name].get(page), asked]
        for name, pages in many.items()
        for page, asked in pages.items()
        if few[name].get(page) != asked
    }
    dear = {
        f"{page} as {name}": asked
        for name, pages in many.items()
        for page, asked in pages.items()
        if asked > MOST_QUERIES
    }
    above = [name for name, found in ratios.items() if found["ratio"] > LIMIT]
    for name, found in ratios.items():
        print(f"{found['ratio']:5.2f} (limit {LIMIT})  {name}: {found}", file=sys.stderr)
    print(
        json.dumps(
            {
                "locations": list(sizes),
                "rounds": rounds,
                "limit": LIMIT,
                "highest": max(found["ratio"] for found in ratios.values()),
                "ratios": ratios,
                "above": above,
                "queries": many,
                "pages": len(many["whole programme"]),
                "most_queries": MOST_QUERIES,
                "too_many_queries": dear,
                "queries_differ": differ,
            }
        )
    )
    return 1 if above or differ or dear else 0


if __name__ == "__main__":
    rounds_asked = int(sys.argv[1]) if len(sys.argv) > 1 else 101
    many_asked = int(sys.argv[2]) if len(sys.argv) > 2 else SIZES[1]
    sys.exit(main(rounds_asked, (SIZES[0], many_asked)))
