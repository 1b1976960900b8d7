"""The log of a location as a reader may see it: a timeline, narrowed by kind, place and days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.sharing import Category
from delivery.choices import LogKind
from delivery.models import LogEntry
from programmes.models import Location
from programmes.sharing import Shared, is_sensitive, withheld_words

ENTRIES = LogEntry.objects.select_related(
    "location__programme__lead_agency",
    "target_place",
    "step__definition",
    "step__location",
    "agency",
    "photo",
    "recorded_by",
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as a reader may see it.

    ``text`` is empty where it is withheld, ``withheld`` then says why. ``photo_withheld`` says why
    a photo that is there is not shown.
    """

    id: UUID
    kind: str
    kind_label: str
    done_on: dt.date
    text: str
    place_name: str
    where: str
    people: int | None
    by: str
    agency_name: str
    url: str
    has_photo: bool
    photo_withheld: str
    withheld: str
    is_sensitive: bool
    is_demonstration: bool

    @property
    def title(self) -> str:
        """What and where, in a line: "Site visit, Garage court"."""
        place = self.where or self.place_name
        return f"{self.kind_label}, {place}" if place else self.kind_label


def opens_text(shared: Shared, entry: LogEntry) -> bool:
    """Say whether what an entry says is open: what is marked goes to whom an agreement covers."""
    return not is_sensitive(entry) or shared.covers(
        Category.SENSITIVE_NOTES, entry.agency_id, entry.recorded_by_id
    )


def opens_photo(shared: Shared, entry: LogEntry) -> bool:
    """Say whether an entry's photo is open: it may show people, so an agreement covers people."""
    return opens_text(shared, entry) and shared.covers(
        Category.PEOPLE, entry.agency_id, entry.recorded_by_id
    )


def log_line(entry: LogEntry, shared: Shared) -> LogLine:
    """Return one entry as a reader may see it; the row comes from ``ENTRIES``."""
    is_open, photo = opens_text(shared, entry), opens_photo(shared, entry)
    owner = entry.agency or entry.location.programme.lead_agency
    return LogLine(
        id=entry.pk,
        kind=entry.kind,
        kind_label=str(LogKind(entry.kind).label),
        done_on=entry.done_on,
        text=entry.text if is_open else "",
        place_name=entry.target_place.name if entry.target_place else "",
        where=entry.where if is_open else "",
        people=entry.people if is_open else None,
        by=str(entry.recorded_by) if is_open else "",
        agency_name=owner.name if owner else "",
        url=entry.get_absolute_url(),
        has_photo=entry.photo_id is not None and photo,
        photo_withheld=withheld_words(Category.PEOPLE, owner)
        if is_open and entry.photo_id is not None and not photo
        else "",
        withheld="" if is_open else withheld_words(Category.SENSITIVE_NOTES, owner),
        is_sensitive=is_sensitive(entry),
        is_demonstration=entry.is_demonstration,
    )


def log_of(
    location: Location,
    *,
    kind: str = "",
    place: Any = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> Any:
    """Return the entries of a location, newest first, narrowed; the caller has checked the scope.

    Give each row to ``log_line``: the rows themselves know nothing of what is withheld.
    """
    rows = ENTRIES.filter(location=location)
    if kind:
        rows = rows.filter(kind=kind)
    if place is not None:
        rows = rows.filter(target_place=place)
    if first is not None:
        rows = rows.filter(done_on__gte=first)
    if last is not None:
        rows = rows.filter(done_on__lte=last)
    return rows.order_by("-done_on", "-created_at")
