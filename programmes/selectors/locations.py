"""A location's page and the pages of its target places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.sharing import Category
from core import clock
from programmes import registry
from programmes.models import Location, TargetPlace
from programmes.selectors.areas import AreaFacts, area_facts, bounds_of, feature, map_layers
from programmes.selectors.board import next_of
from programmes.selectors.facts import StepFacts, WantedEvidence, facts_for
from programmes.selectors.people import coordinators_of
from programmes.sharing import Shared, veil_area, withheld_words


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A target place in its location's list."""

    id: UUID
    slug: str
    name: str
    summary: str
    url: str
    is_demonstration: bool
    area_label: str
    residents: int | None


@dataclass(frozen=True, slots=True)
class LocationOverview:
    """A location on a day: its steps, what is owed, who coordinates."""

    on: dt.date
    steps: tuple[StepFacts, ...]
    next_step: StepFacts | None
    coordinators: tuple[str, ...]

    @property
    def owed(self) -> tuple[tuple[StepFacts, tuple[WantedEvidence, ...]], ...]:
        """Evidence missing on steps that are late, begun or due, step by step."""
        return tuple(
            (step, step.missing)
            for step in self.steps
            if step.missing and step.look in ("late", "in_progress", "due_soon")
        )

    @property
    def recorded(self) -> tuple[WantedEvidence, ...]:
        """The few counts that say what is there, in the order of the steps, each kind once."""
        found: dict[str, WantedEvidence] = {}
        for step in self.steps:
            for kind in step.evidence:
                provider = registry.evidence_provider(kind.provider)
                if kind.words and getattr(provider, "at_a_glance", False):
                    found.setdefault(kind.provider, kind)
        return tuple(found.values())

    @property
    def late(self) -> int:
        """How many steps are past their planned end."""
        return sum(step.is_late for step in self.steps)

    @property
    def plan_is_demonstration(self) -> bool:
        """Whether planned dates shown here are invented."""
        return any(step.is_demonstration for step in self.steps)

    @property
    def signed_off(self) -> int:
        """How many steps stand signed off."""
        return sum(step.is_signed_off for step in self.steps)


@dataclass(frozen=True, slots=True)
class LocationGround:
    """What a location covers: its area, as counted, with its target places on a map.

    ``withheld`` says why the area's boundary is not shown (empty: it is, if there is one).
    """

    area: AreaFacts | None
    places: tuple[PlaceLine, ...]
    layers: list[dict[str, Any]]
    withheld: str


@dataclass(frozen=True, slots=True)
class TargetPlaceDetail:
    """A target place with its area, on a map with its location's boundary.

    ``withheld`` says why its own boundary is not shown (empty: it is, if there is one).
    """

    id: UUID
    name: str
    summary: str
    is_demonstration: bool
    area: AreaFacts | None
    layers: list[dict[str, Any]]
    bounds: tuple[float, float, float, float] | None
    withheld: str


def location_overview(*, location: Location, on: dt.date | None = None) -> LocationOverview:
    """Return everything a location's page shows; the caller has checked the scope."""
    on = on or clock.today()
    steps = facts_for([location], on=on)[location.pk]
    return LocationOverview(
        on=on,
        steps=tuple(steps),
        next_step=next_of(steps),
        coordinators=coordinators_of([location], on).get(location.pk, ()),
    )


def _places(location: Location, shared: Shared) -> list[TargetPlace]:
    rows = location.target_places.select_related("area", "location")
    return [veil_area(shared, place) for place in rows]


def location_ground(*, location: Location, shared: Shared) -> LocationGround:
    """Return what a location covers; the caller has checked the scope.

    ``shared`` is what the reader is covered for: drawn boundaries that are not are left out.
    """
    location = veil_area(shared, location)
    places = _places(location, shared)
    shown = [feature(place.area, place.name) for place in places]
    return LocationGround(
        area=area_facts(location.area),
        places=place_lines(places),
        layers=map_layers(
            boundary=feature(location.area, location.name),
            places=[found for found in shown if found is not None],
        ),
        withheld=_withheld(location.area, location),
    )


def _withheld(area: Any, location: Location) -> str:
    """State why a boundary is not shown; empty where it is."""
    if not getattr(area, "is_withheld", False):
        return ""
    return withheld_words(Category.EXACT_COORDINATES, location.programme.lead_agency)


def place_lines(places: list[TargetPlace]) -> tuple[PlaceLine, ...]:
    """Return the lines of a list; rows come with ``area`` and ``location`` fetched, veiled."""
    return tuple(
        PlaceLine(
            id=place.pk,
            slug=place.slug,
            name=place.name,
            summary=place.summary,
            url=place.get_absolute_url(),
            is_demonstration=place.is_demonstration,
            area_label=str(place.area.get_kind_display()) if place.area else "",
            residents=place.area.residents if place.area else None,
        )
        for place in places
    )


def target_place_detail(place: TargetPlace, *, shared: Shared) -> TargetPlaceDetail:
    """Return everything a target place's page shows, without boundaries that are withheld."""
    place = veil_area(shared, place)
    place.location = veil_area(shared, place.location)
    own = feature(place.area, place.name)
    return TargetPlaceDetail(
        id=place.pk,
        name=place.name,
        summary=place.summary,
        is_demonstration=place.is_demonstration,
        area=area_facts(place.area),
        layers=map_layers(
            boundary=feature(place.location.area, place.location.name),
            places=[own] if own else [],
        ),
        bounds=bounds_of(place.area),
        withheld=_withheld(place.area, place.location),
    )
