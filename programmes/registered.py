"""The kinds of things that ``programmes.registry`` holds; import them from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.gis.geos import GEOSGeometry
    from django.http import HttpRequest

    from accounts.models import User
    from programmes.models import Location


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """How many records stand for one kind of evidence at one location.

    ``latest`` is the business date of the newest; ``url`` leads to the records; ``words`` says in
    plain words what was counted ("2 data packages").
    """

    count: int
    latest: dt.date | None = None
    url: str = ""
    words: str = ""


class EvidenceProvider(Protocol):
    """Counts one kind of evidence from an app's own records.

    ``key`` is what ``EvidenceWanted.provider`` names. ``counts`` answers for all locations in a
    fixed number of queries, keyed by the location's id; a location left out counts as none.

    Make it of ``programmes.counting.CountedRows`` wherever its evidence is rows of one model: all
    of those are counted together in one query, and a page has room for few others.

    A provider may also say where the next such record is made, which the step's page offers where
    it is missing: ``make_url_name`` (an address taking the location's slug), ``make_label`` ("Plan
    a training session") and ``make_permission`` (who may). ``see_permission`` is what opening the
    records takes, where that is more than seeing the location. ``at_a_glance = True`` puts its
    count on the overview of the location, among the few that say what is there.
    """

    @property
    def key(self) -> str:
        """The key under which step templates name it."""
        ...

    def counts(self, locations: Sequence[Location]) -> Mapping[UUID, EvidenceCount]:
        """Return what stands for this evidence at each location."""
        ...


@dataclass(frozen=True, slots=True)
class NextRecord:
    """Where the next record of one kind of evidence is made, and what the link says."""

    url: str
    label: Any
    permission: Permission


@dataclass(frozen=True, slots=True)
class StepHold:
    """What holds one step up: how many things are overdue, the longest by how many days."""

    count: int
    days: int


StepHolds = Callable[[Sequence["Location"], dt.date], Mapping[UUID, StepHold]]
"""Returns what holds steps up at some locations on a day, keyed by the step record's id."""


class PageGroup(TextChoices):
    """Under which heading a page stands in a location's navigation, in this order.

    ``TOP`` has no heading: its pages are always in sight, so it holds few.
    """

    TOP = "top", ""
    WORK = "work", _("Work")
    PEOPLE = "people", _("People")
    RESIDENTS = "residents", _("Residents")
    PLACE = "place", _("Place and data")
    REPORTS = "reports", _("Reports and records")


@dataclass(frozen=True, slots=True)
class RegisteredPage:
    """An entry of a location's or programme's navigation, or a link of a target place.

    ``url_name`` takes the slug of what it belongs to, a target place's that of its location first.
    """

    key: str
    label: Any
    url_name: str
    permission: Permission
    order: int
    group: PageGroup = PageGroup.TOP


@dataclass(frozen=True, slots=True)
class Panel:
    """A passage that another app adds to a page.

    ``context(request, subject)`` returns the template's context, or None to show nothing.
    """

    key: str
    template_name: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    permission: Permission
    order: int


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """One thing a successor must know or keep; ``url`` opens it, ``due`` is a business date.

    ``who`` is whoever promised it or waits for it, in words: leave it empty where the reader may
    not know.
    """

    title: Any
    text: str = ""
    who: str = ""
    due: dt.date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class HandoverChapter:
    """A chapter of a location's handover pack, already narrowed to what its reader may see.

    With no rows it says so: ``intro`` then tells what is missing. ``promises`` marks the chapters
    whose rows were promised to somebody: the successor has to keep them.
    """

    title: Any
    intro: Any = ""
    rows: list[HandoverLine] = field(default_factory=list)
    promises: bool = False


@dataclass(frozen=True, slots=True)
class RegisteredChapter:
    """How an app writes its chapter of the pack; ``build`` answers None to leave it out."""

    key: str
    title: Any
    order: int
    build: Callable[[Location, User], HandoverChapter | None]
    promises: bool = False


@dataclass(frozen=True, slots=True)
class PublicPassage:
    """A passage of a location's public page, open to all.

    ``context(location)`` returns the template's context, or None to show nothing. It takes no
    person: what it returns must be fit for anybody to read.
    """

    key: str
    template_name: str
    context: Callable[[Location], dict[str, Any] | None]
    order: int


@dataclass(frozen=True, slots=True)
class WeekPanel:
    """A passage of My week: what one part of the product asks of the signed-in person.

    ``context(request)`` returns the template's context, or None to show nothing; it narrows to the
    person by itself. ``limited`` says that a session opened by a mail's link may see it, too.
    """

    key: str
    template_name: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int
    limited: bool


@dataclass(frozen=True, slots=True)
class MapFeature:
    """One thing on a location's map, and one row of the table beneath.

    ``geometry`` is WGS 84 (4326), or None where there is none or it is withheld from the reader:
    the row then stands in the table alone, with ``text`` saying why. ``kind`` is what the layer is
    filtered by, in words; ``on`` is its business date.
    """

    geometry: GEOSGeometry | None
    title: str
    text: str = ""
    url: str = ""
    kind: str = ""
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer of every location's map; ``features`` narrows to what the reader may see.

    ``symbol`` is how it is drawn: boundary, place, point, area, other (docs/components.md).
    """

    key: str
    label: Any
    order: int
    features: Callable[[Location, User], list[MapFeature]]
    permission: Permission
    symbol: str
