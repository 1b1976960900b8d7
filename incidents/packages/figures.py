"""The figures of a package: frozen, without a trace of the database or the hour they came from."""

from __future__ import annotations

from dataclasses import dataclass

from core.records import digest
from incidents.feeds.figures import FeedFigures
from incidents.feeds.publishing import PublicFeed
from incidents.packages.patterns import Ambient, MixRow, Season
from incidents.packages.recipe import Recipe

ASB = "Anti-social behaviour"


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Reports of one category in one area and month; ``count`` is None where missing.

    ``area`` is the location's name, or an LSOA's code.
    """

    month: str
    area: str
    category: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """Reports of ASB at one published map point, ranked; shares are of all located reports."""

    rank: int
    street: str
    longitude: float
    latitude: float
    lsoa_code: str
    count: int
    share_percent: float
    cumulative_percent: float


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A hexagon of 200 m edge with reports of ASB and its Gi* score, the highest first.

    ``hexagon`` is its place in the grid ("1500,2000"); ``clear`` where chance would not give the
    score among so many; ``ring`` are its corners (longitude, latitude).
    """

    rank: int
    hexagon: str
    street: str
    count: int
    score: float | None
    clear: bool
    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One published row, as the source gives it. There is no day and no time."""

    month: str
    category: str
    street: str
    longitude: float | None
    latitude: float | None
    lsoa_code: str
    lsoa_name: str
    crime_id: str
    last_outcome: str
    reported_by: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """Reports of ASB in one area over the months counted, with the rate per 1,000 residents.

    ``kind`` is location, similar, rest_of_district, district, csp or force. ``count`` and the rate
    are None where no month or no base is held; ``low`` and ``high`` are the 95% Byar interval.
    """

    kind: str
    area: str
    code: str
    months_counted: int
    months_asked: int
    count: int | None
    residents: int | None
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """An LSOA like those of the location; ``distance`` in standard deviations, nearest first.

    ``deprivation`` is the score of the index, higher for more deprived.
    """

    rank: int
    lsoa_code: str
    lsoa_name: str
    deprivation: float
    residents: int
    distance: float


@dataclass(frozen=True, slots=True)
class QualityRow:
    """What is held for one force and month, and the sha-256 of the file it came from."""

    force: str
    month: str
    status: str
    rows_read: int | None
    rows_stored: int | None
    rows_without_location: int | None
    located_percent: float | None
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """Like months of two years side by side; counts are None where no like months are held.

    ``months`` are those of the recipe that are compared, ``earlier`` the same of the earlier year.
    """

    status: str
    months: tuple[str, ...]
    earlier: tuple[str, ...]
    now: int | None
    before: int | None
    z: float | None
    percent: float | None


@dataclass(frozen=True, slots=True)
class YearBack:
    """A month beside the same month a year before; ``clear`` where Poisson z reaches 3."""

    month: str
    count: int
    before: int
    z: float
    clear: bool


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: the limits within which a month varies by chance (XmR), in reports.

    ``months`` are those they were judged by; with fewer than eight there are no limits.
    ``outside`` and ``shifted`` are months of the recipe beyond a limit, and in a run of eight or
    more on one side of the centre.
    """

    months: tuple[str, ...]
    centre: float | None
    low: float | None
    high: float | None
    outside: tuple[str, ...]
    shifted: tuple[str, ...]
    years: tuple[YearBack, ...]


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source of data with licence and attribution."""

    title: str
    licence: str
    attribution: str
    url: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a package says."""

    recipe: Recipe
    location: str
    programme: str
    is_demonstration: bool
    marking: str
    handling: str
    area_kind: str
    area_words: str
    lsoa_codes: tuple[str, ...]
    vintage: int | None
    residents: int | None
    residents_source: str
    force: str
    categories: tuple[str, ...]
    counts: tuple[MonthCount, ...]
    places: tuple[PlaceCount, ...]
    clusters: tuple[ClusterRow, ...]
    incidents: tuple[IncidentRow, ...]
    comparison: tuple[ComparisonRow, ...]
    similar: tuple[SimilarRow, ...]
    similar_words: str
    quality: tuple[QualityRow, ...]
    change: Change
    usual: Usual
    season: Season
    mix: tuple[MixRow, ...]
    ambient: Ambient | None
    sources: tuple[SourceNote, ...]
    caveats: tuple[str, ...]
    boundary: str
    supplied: tuple[FeedFigures, ...] = ()
    supplied_public: tuple[PublicFeed, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return the sha-256 of the recipe and of everything that was read."""
        return digest(self)

    @property
    def monthly(self) -> tuple[MonthCount, ...]:
        """Return the location's ASB by month: one entry for every month of the recipe."""
        return tuple(
            row for row in self.counts if row.area == self.location and row.category == ASB
        )

    @property
    def held(self) -> tuple[MonthCount, ...]:
        """Return the months of which something is held."""
        return tuple(row for row in self.monthly if row.count is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the months of which nothing is held."""
        return tuple(row.month for row in self.monthly if row.count is None)

    @property
    def partial(self) -> tuple[str, ...]:
        """Return the months that are held but look incomplete."""
        return tuple(row.month for row in self.monthly if row.status == "partial")

    @property
    def clear_clusters(self) -> tuple[ClusterRow, ...]:
        """Return the hexagons in which more reports cluster than chance would give."""
        return tuple(row for row in self.clusters if row.clear and (row.score or 0) > 0)

    @property
    def total(self) -> int:
        """Return the reports of ASB in the months held."""
        return sum(row.count or 0 for row in self.held)
