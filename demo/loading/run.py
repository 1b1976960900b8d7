"""The order in which the demonstration is loaded.

Each part is one transaction and knows whether it is there: a second load does nothing, and one that
was killed half-way goes on with the part that is missing. One load runs at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection

from core import clock
from core.due import move_business_date
from core.errors import Refused
from core.models import BusinessDate
from demo.content import BUSINESS_DATE, Story, read_story
from demo.loading import areas, history, open_data, people, programmes, reports, results, sharing
from demo.loading.part import Part
from programmes.models import StepTemplate
from programmes.services import ensure_templates
from programmes.services.templates import shipped_templates

Say = Callable[[str], object]


@dataclass(slots=True)
class Loaded:
    """What a load did: names of parts made and of parts that were there, seconds in all."""

    made: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_summary(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "made": self.made,
            "already_there": self.there,
            "business_date": clock.today().isoformat(),
            "seconds": round(self.seconds, 1),
        }


def load(*, brief: bool = False, empty: bool = False, say: Say = lambda _line: None) -> Loaded:
    """Load what is missing of the demonstration.

    ``empty`` makes the step templates and two accounts (administrator and programme manager) and
    nothing else: an empty house to begin one's own programme in. ``brief`` leaves out the street
    data of other years than 2024 and the results built beforehand: for tests.

    Raises core.errors.Refused in production, where demonstration accounts would be a back door.
    """
    if settings.PRODUCTION:
        raise Refused("A demonstration cannot be loaded in production.")
    began = time.monotonic()
    result = Loaded()
    with _alone():
        for part in _parts(read_story(), brief=brief, empty=empty):
            if part.is_there():
                result.there.append(part.name)
                continue
            since = time.monotonic()
            part.make()
            result.made.append(part.name)
            say(f"  {part.title}: {time.monotonic() - since:.1f} s")
    result.seconds = time.monotonic() - began
    return result


def _parts(story: Story, *, brief: bool, empty: bool) -> Iterator[Part]:
    yield Part("templates", "Step templates", _templates_are_there, ensure_templates)
    someone = [person for person in story.people if person.key in ("admin", "manager")]
    crowd = someone if empty else list(story.people)
    if not empty:
        yield Part(
            "business-date",
            "Business date",
            BusinessDate.objects.exists,
            lambda: move_business_date(to=BUSINESS_DATE, by=None),
        )
    yield Part(
        "people",
        "People and their accounts",
        lambda: people.are_there(crowd),
        lambda: people.load(story, crowd),
    )
    if empty:
        return
    yield from open_data.parts(brief=brief)
    for programme in story.programmes:
        yield Part(
            f"programme-{programme.slug}",
            programme.name,
            partial(programmes.is_there, programme),
            partial(programmes.load, story, programme),
        )
        yield Part(
            f"roles-{programme.slug}",
            f"Roles in {programme.name}",
            partial(programmes.roles_are_there, story, programme),
            partial(programmes.give_roles, story, programme),
        )
        for location in programme.locations:
            yield Part(
                f"history-{location.slug}",
                f"What was done in {location.name}",
                partial(history.are_there, location),
                partial(history.load, programme, location),
            )
    yield Part(
        "sharing",
        "Agreements, consents and what they protect",
        partial(sharing.is_there, story),
        partial(sharing.load, story),
    )
    if not brief:
        yield from results.version_parts()
    for area in areas.AREAS:
        yield from area.parts()
    if not brief:
        yield from results.parts()
    yield from reports.parts(brief=brief)


def _templates_are_there() -> bool:
    """Say whether every template that comes with the product is stored."""
    stored = set(StepTemplate.objects.values_list("slug", "edition"))
    return all((data["slug"], data["edition"]) in stored for data in shipped_templates())


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other load runs, on any process of this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('demo.loading'))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('demo.loading'))")
