"""The layers of reports that can be explored, one source each.

Counts of different sources are never added up: a person looks at one layer at a time. Another
module adds its own with ``add_layer`` when its app gets ready.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Sum

from incidents.explore.ground import Ground
from programmes.models import Location
from programmes.sharing import Shared


@dataclass(frozen=True, slots=True)
class Kind:
    """A category of a layer: its name in addresses and as published."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a layer: months (first days, both included), categories (None for all)."""

    first_month: dt.date
    last_month: dt.date
    categories: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """Reports of a month by category; ``total`` is None exactly where ``status`` is missing."""

    month: dt.date
    status: str
    total: int | None
    by_category: dict[str, int]


@dataclass(frozen=True)
class Points:
    """Reports by map point, over the months that use one list of points.

    ``rows`` is not read yet: values ``x``, ``y`` (degrees), ``at`` (its street) and ``n``, in no
    order; those without a place have no ``x``. ``narrowed`` says that earlier months were left out
    because the points were redrawn.
    """

    first_month: dt.date
    last_month: dt.date
    narrowed: bool
    rows: QuerySet[Any, Any]

    @property
    def located(self) -> QuerySet[Any, Any]:
        """Return the rows of map points, not read yet."""
        return self.rows.filter(x__isnull=False)

    def totals(self) -> PointTotals:
        """Return how many there are, counted in the database; ``ranking`` knows without a query."""
        found = self.rows.aggregate(
            points=Count("x"), reports=Sum("n", filter=Q(x__isnull=False)), every=Sum("n")
        )
        reports = found["reports"] or 0
        return PointTotals(found["points"], reports, (found["every"] or 0) - reports)


@dataclass(frozen=True, slots=True)
class PointTotals:
    """How many map points there are, how many reports at them, and how many without any."""

    points: int
    reports: int
    without_location: int


def degrees(function: str) -> Func:
    """Return a coordinate of the point, read in the database: a thousand geometries cost more."""
    return Func(F("point"), function=function, output_field=FloatField())


class Layer(ABC):
    """One source of reports."""

    slug: str
    label: Any
    point_words: Any
    """What a point on the map is, and is not."""
    touches: tuple[str, ...] = ()
    """The categories of sharing that it shows, for the ledger."""

    @abstractmethod
    def is_open(self, *, location: Location, shared: Callable[[], Shared]) -> bool:
        """Say whether these reports of a location are open to the reader.

        ``shared`` says what agreements cover, at the cost of a query: ask it only if needed.
        """

    @abstractmethod
    def kinds(self) -> Sequence[Kind]:
        """Return the categories, in the order to show."""

    @abstractmethod
    def usual(self) -> Sequence[str]:
        """Return the slugs of the categories that are shown unless others are chosen."""

    @abstractmethod
    def held(self, ground: Ground) -> list[dt.date]:
        """Return the months that are held (whole or in part) for all of the ground, in order."""

    @abstractmethod
    def attribution(self) -> str:
        """Return whom the figures are owed to, as it must stand beside them."""

    @abstractmethod
    def months(self, ground: Ground, wanted: Wanted) -> list[MonthTotal]:
        """Count by month. Raises core.errors.Refused where these data cannot serve the ground."""

    @abstractmethod
    def points(self, ground: Ground, wanted: Wanted) -> Points:
        """Count by map point. Raises core.errors.Refused where these data cannot serve it."""


_layers: dict[str, Layer] = {}
_providers: list[Callable[[Location, Any], Sequence[Layer]]] = []


def add_layer(layer: Layer) -> None:
    """Offer one more layer; the first one added is shown unless another is chosen."""
    if layer.slug in _layers:
        raise ValueError(f"There is a layer {layer.slug!r} already.")
    _layers[layer.slug] = layer


def add_layers(provider: Callable[[Location, Any], Sequence[Layer]]) -> None:
    """Offer layers that depend on location and reader; those returned are open to the reader."""
    _providers.append(provider)


def layers_for(*, location: Location, reader: Any, shared: Callable[[], Shared]) -> list[Layer]:
    """Return the layers that the reader may explore here."""
    own = [layer for layer in _layers.values() if layer.is_open(location=location, shared=shared)]
    return own + [layer for provider in _providers for layer in provider(location, reader)]
