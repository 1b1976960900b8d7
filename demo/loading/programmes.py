"""Programmes, towns, target places and roles of the demonstration, through the services."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts.grants import give_role
from accounts.models import User
from accounts.roles import Role
from core import clock
from demo.content import DATA, LocationEntry, Person, ProgrammeEntry, Story
from demo.loading.people import REASON
from places.models import Area
from programmes import services
from programmes.models import (
    Location,
    LocationMembership,
    Programme,
    ProgrammeMembership,
    StepTemplate,
)

# Identities are derived from names, so that loading twice finds what is there.
NAMESPACE = uuid.UUID("6d1f3c1e-5f0e-5c0b-9a55-2f7a7b1d0c11")
TOWNS_LIST = DATA / "lookups" / "pilot_towns_lsoa21_by_ward.csv"
WARDS_LIST = DATA / "lookups" / "lsoa21_ward24_ltla24_west_mercia.csv"


def identity(*names: object) -> uuid.UUID:
    """Return the id of a record of the demonstration: the same names, the same id."""
    return uuid.uuid5(NAMESPACE, "/".join(str(name) for name in names))


def user_of(key: str) -> User:
    """Return a person of the demonstration."""
    return User.objects.get(email=f"{key}@demo.example")


def is_there(entry: ProgrammeEntry) -> bool:
    """Say whether a programme was loaded whole (it is made in one transaction)."""
    return Programme.objects.filter(pk=identity("programme", entry.slug)).exists()


@transaction.atomic
def load(story: Story, entry: ProgrammeEntry) -> None:
    """Make a programme with its towns and target places, on its first day.

    The programme itself is marked as invented although it exists: its first Monday and the plan
    of 40 weeks are ours. The towns are marked only where the programme itself is made up.
    """
    manager = next(
        user_of(person.key)
        for person in story.people
        for given in person.roles
        if given.role == Role.PROGRAMME_MANAGER and given.programme == entry.slug
    )
    template = StepTemplate.objects.filter(slug=entry.template).order_by("-edition")[0]
    with clock.business_date(entry.starts_on):
        programme = services.create_programme(
            id=identity("programme", entry.slug),
            slug=entry.slug,
            name=entry.name,
            template=template,
            starts_on=entry.starts_on,
            weeks=entry.weeks,
            summary=entry.summary,
            purpose=entry.purpose,
            grant_pounds=entry.grant_pounds,
            grant_note=entry.grant_note,
            source_note=entry.source_note,
            by=manager,
            demonstration=True,
        )
        for location in entry.locations:
            _location(programme, location, by=manager)


def roles_are_there(story: Story, entry: ProgrammeEntry) -> bool:
    """Say whether everybody holds their roles on a programme and in its towns."""
    return all(_held(user_of(person.key), *found) for person, *found in _roles(story, entry))


@transaction.atomic
def give_roles(story: Story, entry: ProgrammeEntry) -> None:
    """Give everybody the roles that they do not hold yet."""
    for person, role, anchor in _roles(story, entry):
        _role(person, role, anchor, entry)


def _roles(story: Story, entry: ProgrammeEntry) -> Iterator[tuple[Person, Role, Any]]:
    anchors: dict[str, Any] = {
        location.slug: location for location in Location.objects.filter(programme__slug=entry.slug)
    }
    anchors[entry.slug] = Programme.objects.get(slug=entry.slug)
    for person in story.people:
        for given in person.roles:
            anchor = anchors.get(given.programme or given.location)
            if anchor is not None:
                yield person, given.role, anchor


def _held(user: User, role: Role, anchor: Any) -> bool:
    kind = ProgrammeMembership if isinstance(anchor, Programme) else LocationMembership
    return bool(kind.objects.filter(user=user, anchor=anchor, role=role).exists())


def _location(programme: Programme, entry: LocationEntry, *, by: User) -> Location:
    location = services.create_location(
        id=identity("location", entry.slug),
        programme=programme,
        slug=entry.slug,
        name=entry.name,
        summary=entry.summary,
        by=by,
        demonstration=entry.is_demonstration,
    )
    services.set_lsoa_area(
        owner=location, areas=_areas(lsoas_of(entry)), note=entry.area_note, by=by
    )
    for place_entry in entry.places:
        place = services.create_target_place(
            id=identity("place", entry.slug, place_entry.slug),
            location=location,
            slug=place_entry.slug,
            name=place_entry.name,
            summary=place_entry.summary,
            by=by,
            demonstration=True,
        )
        services.set_lsoa_area(
            owner=place,
            areas=_areas(list(place_entry.lsoas)),
            by=by,
            note="Chosen for demonstration.",
        )
    return location


def _role(person: Person, role: Role, anchor: Any, entry: ProgrammeEntry) -> None:
    """Give one role of one person, unless it is held."""
    user = user_of(person.key)
    if _held(user, role, anchor):
        return  # whoever sets a programme up is its manager already
    give_role(
        membership_model=(
            ProgrammeMembership if isinstance(anchor, Programme) else LocationMembership
        ),
        user=user,
        anchor=anchor,
        role=role,
        starts_on=entry.starts_on,
        by=None,
        is_demonstration=True,
        reason=REASON,
    )


def lsoas_of(entry: LocationEntry) -> list[str]:
    """Return the 2021 codes of a town: those of its wards, or of the towns list."""
    if entry.wards:
        rows = _rows(WARDS_LIST)
        return [
            row["lsoa21_code"]
            for row in rows
            if row["ward24_name"] in entry.wards and row["ltla24_name"] == entry.name
        ]
    return [row["lsoa21_code"] for row in _rows(TOWNS_LIST) if row["town"] == entry.name]


def _rows(path: Any) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _areas(codes: list[str]) -> list[Area]:
    areas = list(Area.objects.filter(kind="lsoa", vintage=2021, code__in=codes))
    lacking = set(codes) - {area.code for area in areas}
    if lacking or not codes:
        raise LookupError(f"LSOAs of the story are not in the boundaries: {sorted(lacking)}")
    return areas
