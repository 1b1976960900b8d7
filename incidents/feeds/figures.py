"""What one feed says of one location over some months: frozen, without names or addresses."""

from __future__ import annotations

from dataclasses import dataclass

WIDEST_HOURS = 24
"""A span of a day or more says nothing of the hour; such rows are left out of the hours."""

LEAST_TIMED = 30
"""With fewer rows that have a usable time, no hours are shown."""


@dataclass(frozen=True, slots=True)
class FeedMonthCount:
    """Incidents of ASB of a feed in a month; ``count`` is None exactly where it is missing."""

    month: str
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class FeedCategoryCount:
    """Incidents of one category over the months held, and what the category is in common words.

    ``theme`` and ``qualifier`` are values of incidents.choices, empty where nobody said.
    """

    category: str
    theme: str
    qualifier: str
    is_asb: bool
    count: int


@dataclass(frozen=True, slots=True)
class QualifierCount:
    """Incidents of ASB by qualifier; empty where it is not known."""

    qualifier: str
    count: int


@dataclass(frozen=True, slots=True)
class HourWeight:
    """The weight of incidents of ASB in one hour of the week (Monday 0; hour 0 to 23, local)."""

    weekday: int
    hour: int
    weight: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """How far incidents of ASB come from the same place, caller or victim within the months.

    ``kind`` is place, caller or victim. ``keyed`` are incidents of which it is known, ``units``
    the different ones among them, ``repeated`` the units with two or more, ``incidents`` theirs.
    ``flagged`` are the incidents that the agency itself marked, None where it marks none.
    """

    kind: str
    keyed: int
    units: int
    repeated: int
    incidents: int
    flagged: int | None


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place as the agency names it, with its incidents of ASB; never in a public version."""

    rank: int
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """Incidents of ASB of one theme in one calendar quarter ("2024-Q1"), all months of it held."""

    theme: str
    quarter: str
    count: int


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """Everything a partner version says of a feed.

    ``timed`` are the rows whose hour is known well enough for ``hours``, ``wide`` those whose span
    is a day or more, ``untimed`` those without a time. ``hours`` is empty with under 30 timed.
    """

    slug: str
    title: str
    agency: str
    kind: str
    terms: str
    published: bool
    public_figures: bool
    months: tuple[FeedMonthCount, ...]
    categories: tuple[FeedCategoryCount, ...]
    qualifiers: tuple[QualifierCount, ...]
    timed: int
    wide: int
    untimed: int
    hours: tuple[HourWeight, ...]
    repeats: tuple[Repeats, ...]
    places: tuple[PlaceName, ...]
    quarters: tuple[QuarterCount, ...]

    @property
    def total(self) -> int:
        """Return the incidents of ASB in the months held."""
        return sum(one.count or 0 for one in self.months)

    @property
    def held(self) -> tuple[FeedMonthCount, ...]:
        """Return the months of which something is held."""
        return tuple(one for one in self.months if one.count is not None)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the months that are not held."""
        return tuple(one.month for one in self.months if one.count is None)
