"""Evidence counted from records: every kind of many locations in one query.

A provider made of ``CountedRows`` says which rows stand for its kind; ``counted`` asks all of them
together, so that a page costs the same however many kinds the steps want::

    register_evidence_provider(
        CountedRows(
            key="training-sessions",
            rows=lambda: TrainingSession.objects.filter(cancelled_on=None),
            location="location",
            date="held_on",
            words=lambda n: ngettext("%(count)d session", "%(count)d sessions", n) % {"count": n},
            url_name="delivery:training-list",
            make_url_name="delivery:training-new",
            make_label=_("Plan a training session"),
            make_permission=Permission.DELIVERY_RECORD,
        )
    )
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    F,
    Max,
    QuerySet,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.permissions import Permission
from programmes.models import Location
from programmes.registry import EvidenceCount

FEW = 100
"""Up to this many locations are named in the query; beyond, whole programmes are counted."""

PLACE = "location-address"


@dataclass(frozen=True, slots=True)
class CountedRows:
    """A provider whose evidence is rows of one model.

    ``rows()`` returns those that stand for it, ``location`` is the path from a row to its location,
    ``date`` the path to the business date on which it was done (newest shown), ``count`` what is
    counted (rows, unless e.g. ``Count("agency", distinct=True)``). ``words(n)`` says how many,
    or ``words(n, m)`` with a second whole number counted by ``also``;
    ``url_name`` (taking the location's slug) leads to them; the three ``make_…`` say where the next
    one is made; ``at_a_glance`` puts the count on the location's overview.
    Counts are the same for every reader, so ``rows`` must not depend on one.
    """

    key: str
    rows: Callable[[], QuerySet[Any]]
    words: Callable[..., str]
    url_name: str
    date: str
    location: str = "location"
    count: Any = None
    also: Any = None
    make_url_name: str = ""
    make_label: Any = ""
    make_permission: Permission = Permission.STEP_RECORD
    at_a_glance: bool = False
    see_permission: Permission = Permission.VIEW

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands at each location; one query."""
        return counted([self], locations)[self.key]

    def query(self, locations: Sequence[Location]) -> QuerySet[Any]:
        """Return rows of (key, location, count, newest day), for a union with other kinds."""
        return (
            self.rows()
            .filter(**_within(self.location, locations))
            .order_by()
            .annotate(
                evidence_key=Value(self.key, output_field=CharField()),
                evidence_location=Cast(F(_id_of(self.location)), UUIDField()),
            )
            .values("evidence_key", "evidence_location")
            .annotate(
                evidence_count=self.count or Count("pk"),
                evidence_also=self.also
                if self.also is not None
                else Value(0, output_field=BigIntegerField()),
                evidence_latest=Cast(Max(self.date), DateField()),
            )
            .values_list(
                "evidence_key",
                "evidence_location",
                "evidence_count",
                "evidence_also",
                "evidence_latest",
            )
        )

    def told(self, count: int, also: int | None, latest: dt.date | None, url: str) -> EvidenceCount:
        """Return a count with its words and its link."""
        words = self.words(count) if self.also is None else self.words(count, also or 0)
        return EvidenceCount(count, latest, url, words)


def counted(
    providers: Iterable[CountedRows], locations: Sequence[Location]
) -> dict[str, dict[UUID, EvidenceCount]]:
    """Return what stands for each provider's kind at each location, all in one query."""
    by_key = {provider.key: provider for provider in providers}
    found: dict[str, dict[UUID, EvidenceCount]] = {key: {} for key in by_key}
    if not by_key or not locations:
        return found
    slugs = {location.pk: location.slug for location in locations}
    addresses = {key: reverse(provider.url_name, args=[PLACE]) for key, provider in by_key.items()}
    first, *others = (provider.query(locations) for provider in by_key.values())
    rows = first.union(*others, all=True) if others else first
    for key, location, count, also, latest in rows:
        if location in slugs and count:
            url = addresses[key].replace(PLACE, slugs[location])
            found[key][location] = by_key[key].told(count, also, latest, url)
    return found


def _id_of(path: str) -> str:
    return "pk" if path == "pk" else f"{path}_id"


def _within(path: str, locations: Sequence[Location]) -> dict[str, Any]:
    if len(locations) <= FEW:
        return {f"{path}__in": [location.pk for location in locations]}
    programmes = {location.programme_id for location in locations}
    return {f"{path}__programme__in": programmes}
