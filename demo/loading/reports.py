"""The words of quarters, and the approved ones frozen with their figures."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from core import clock
from core.jobs import run_now
from core.models import JobRun
from demo.content import STORY
from demo.loading.part import Part
from demo.loading.programmes import identity, user_of
from programmes.models import Location, Programme
from reports.models import ProgressReport, QuarterNarrative
from reports.models.narrative import SECTIONS
from reports.quarters import Quarter
from reports.services import KIND, approve_quarter, release_key, write_narrative

Entry = Mapping[str, Any]


def parts(*, brief: bool) -> Iterator[Part]:
    """Yield the words of each quarter, then what was frozen; ``brief`` freezes nothing."""
    entries = tomllib.loads((STORY / "reports.toml").read_text(encoding="utf-8"))["quarters"]
    for entry in entries:
        name = f"{entry.get('location') or entry['programme']}-{entry['quarter']}"
        yield Part(
            f"words-{name}",
            f"Words of {name}",
            partial(_words_are_there, entry),
            partial(_write, entry),
        )
        if "approved_by" in entry and not brief:
            yield Part(
                f"frozen-{name}",
                f"Approved report of {name}",
                partial(_is_frozen, entry),
                partial(_freeze, entry),
            )


def _key(entry: Entry) -> Any:
    return identity("quarter", f"{entry.get('location') or entry['programme']}-{entry['quarter']}")


def _subject(entry: Entry) -> Location | Programme:
    if "location" in entry:
        return Location.objects.select_related("programme").get(slug=entry["location"])
    return Programme.objects.get(slug=entry["programme"])


def _words_are_there(entry: Entry) -> bool:
    return QuarterNarrative.objects.filter(pk=_key(entry)).exists()


def _write(entry: Entry) -> None:
    with _on(entry["written_on"]):
        write_narrative(
            id=_key(entry),
            subject=_subject(entry),
            quarter=Quarter.parse(entry["quarter"]),
            texts={key: entry[key] for key in SECTIONS if key in entry},
            by=user_of(entry["written_by"]),
            version=None,
        )


def _is_frozen(entry: Entry) -> bool:
    field = "location" if "location" in entry else "programme"
    return ProgressReport.objects.filter(
        **{f"{field}__slug": entry[field]}, quarter=entry["quarter"], edition=1
    ).exists()


def _freeze(entry: Entry) -> None:
    narrative, quarter = QuarterNarrative.objects.get(pk=_key(entry)), entry["quarter"]
    with _on(entry["approved_on"]):
        approve_quarter(
            narrative=narrative,
            by=user_of(entry["approved_by"]),
            version=narrative.version,
            deliver=False,
        )
        key = release_key(narrative.subject, Quarter.parse(quarter), 1)
        run_now(JobRun.objects.get(kind=KIND, key=key))


def _on(date: dt.date) -> Any:
    return clock.business_date(date)
