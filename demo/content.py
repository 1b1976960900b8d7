"""The demonstration's content, read from ``demo/story/*.toml`` into frozen records.

The files hold our own words: published facts paraphrased with their sources, and records invented
around them. Reading checks what the loader relies on, so a slip in a file is found by a test
and not by a half-finished first start.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accounts.roles import Role
from demo.content_sharing import SharingStory, read_sharing

STORY = Path(__file__).parent / "story"
DATA = Path(__file__).parent / "data"

# Tuesday of week 30, counting from Monday 4 December 2023.
BUSINESS_DATE = dt.date(2024, 6, 25)


@dataclass(frozen=True, slots=True)
class PublishedSource:
    """A published account that facts are paraphrased from."""

    key: str
    title: str
    publisher: str
    dated: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One published fact in our own words, with where it comes from."""

    key: str
    text: str
    sources: tuple[PublishedSource, ...]


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role on a programme or a location (by address name), or on an agency (by key)."""

    role: Role
    programme: str = ""
    location: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration, named after a role; ``may_sign_in`` has an account."""

    key: str
    name: str
    job_title: str
    agency: str = ""
    is_staff: bool = False
    may_sign_in: bool = True
    roles: tuple[RoleGiven, ...] = ()

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.key}@demo.example"


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """An invented body."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """An invented spot in a town: a subset of its LSOAs."""

    slug: str
    name: str
    summary: str
    lsoas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocationEntry:
    """A town; its LSOAs are those of ``wards``, or of the published list where none are named."""

    slug: str
    name: str
    summary: str
    area_note: str
    recorder: str
    is_demonstration: bool = False
    wards: tuple[str, ...] = ()
    places: tuple[PlaceEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One kind of evidence, with the day it was done in each town that has it.

    ``by`` names who recorded it, where that is not the town's own recorder.
    """

    step: int
    title: str
    note: str
    done_on: Mapping[str, dt.date]
    wanted: str = ""
    fact: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """What happened on one step, town by town."""

    number: int
    evidence: tuple[EvidenceEntry, ...]
    signed_off: Mapping[str, dt.date] = field(default_factory=dict)
    statement: str = ""
    out_of_order_reason: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """One programme with its towns, facts and what was done."""

    slug: str
    name: str
    template: str
    starts_on: dt.date
    weeks: int
    summary: str
    purpose: str
    grant_pounds: int | None
    grant_note: str
    source_note: str
    facts: tuple[Fact, ...]
    locations: tuple[LocationEntry, ...]
    steps: tuple[StepEntry, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the demonstration tells."""

    agencies: tuple[AgencyEntry, ...]
    people: tuple[Person, ...]
    programmes: tuple[ProgrammeEntry, ...]
    sharing: SharingStory

    @property
    def accounts(self) -> tuple[Person, ...]:
        """Those who can sign in."""
        return tuple(person for person in self.people if person.may_sign_in)

    def locations(self) -> Iterator[tuple[ProgrammeEntry, LocationEntry]]:
        """Every town with its programme."""
        for programme in self.programmes:
            for location in programme.locations:
                yield programme, location


@cache
def read_story(folder: Path = STORY) -> Story:
    """Read and check the whole story.

    Raises KeyError or ValueError, naming the entry, where something refers to what is not there.
    """
    people = _toml(folder / "people.toml")
    sources = {
        key: PublishedSource(key=key, **entry)
        for key, entry in _toml(folder / "sources.toml").items()
    }
    story = Story(
        agencies=tuple(AgencyEntry(**entry) for entry in people["agencies"]),
        people=tuple(
            [_person(entry) for entry in people["accounts"]]
            + [_person(entry, may_sign_in=False) for entry in people["others"]]
        ),
        programmes=tuple(_programme(folder, slug, sources) for slug in ("west-mercia", "redditch")),
        sharing=read_sharing(_toml(folder / "sharing.toml")),
    )
    _check(story)
    return story


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _person(entry: dict[str, Any], *, may_sign_in: bool = True) -> Person:
    roles = tuple(
        RoleGiven(
            role=Role(given["role"]),
            programme=given.get("programme", ""),
            location=given.get("location", ""),
            agency=given.get("agency", ""),
        )
        for given in entry.get("roles", ())
    )
    return Person(**{**entry, "roles": roles, "may_sign_in": may_sign_in})


def _programme(folder: Path, slug: str, sources: Mapping[str, PublishedSource]) -> ProgrammeEntry:
    entry = _toml(folder / f"{slug}.toml")
    steps = _toml(folder / f"{slug}-steps.toml")["steps"]
    values = {name: _text(value) for name, value in entry["programme"].items()}
    return ProgrammeEntry(
        **{"grant_pounds": None, **values},
        facts=tuple(
            Fact(
                key=fact["key"],
                text=_text(fact["text"]),
                sources=tuple(sources[key] for key in fact["sources"]),
            )
            for fact in entry.get("facts", ())
        ),
        locations=tuple(_location(location, entry["defaults"]) for location in entry["locations"]),
        steps=tuple(_step(step) for step in steps),
    )


def _location(entry: dict[str, Any], defaults: Mapping[str, str]) -> LocationEntry:
    places = tuple(
        PlaceEntry(
            slug=place["slug"],
            name=place["name"],
            lsoas=tuple(place["lsoas"]),
            summary=_text(defaults["place_summary"]),
        )
        for place in entry.get("places", ())
    )
    values = {
        **entry,
        "summary": _text(defaults["location_summary"]).format(name=entry["name"]),
        "area_note": _text(entry["area_note"]),
        "wards": tuple(entry.get("wards", ())),
        "places": places,
    }
    return LocationEntry(**values)


def _step(entry: dict[str, Any]) -> StepEntry:
    number = entry["number"]
    evidence = tuple(
        EvidenceEntry(**{**item, "note": _text(item["note"]), "step": number})
        for item in entry["evidence"]
    )
    values = {name: _text(value) for name, value in entry.items() if name != "evidence"}
    return StepEntry(**{**values, "evidence": evidence})


def _text(value: Any) -> Any:
    """Take off the line ends that TOML's long texts carry at both ends."""
    return value.strip() if isinstance(value, str) else value


def _check(story: Story) -> None:
    """Refuse a reference to a person, agency, fact or town that the story does not have."""
    people = {person.key for person in story.people}
    _check_people(story)
    _check_sharing(story, people)
    for programme in story.programmes:
        towns = {location.slug for location in programme.locations}
        facts = {fact.key for fact in programme.facts}
        _known("person", (location.recorder for location in programme.locations), people)
        for step in programme.steps:
            told = [step.fact, *(item.fact for item in step.evidence)]
            _known("fact", filter(None, told), facts)
            _known("person", (item.by for item in step.evidence if item.by), people)
            _known("location", step.signed_off, towns)
            for item in step.evidence:
                _known("location", item.done_on, towns)


def _check_people(story: Story) -> None:
    given = [given for person in story.people for given in person.roles]
    _known(
        "agency",
        [person.agency for person in story.people if person.agency]
        + [role.agency for role in given if role.agency],
        {agency.key for agency in story.agencies},
    )
    _known(
        "programme",
        (role.programme for role in given if role.programme),
        {programme.slug for programme in story.programmes},
    )
    _known(
        "location",
        (role.location for role in given if role.location),
        {location.slug for _programme, location in story.locations()},
    )


def _check_sharing(story: Story, people: set[str]) -> None:
    sharing = story.sharing
    agencies = {agency.key for agency in story.agencies}
    towns = {location.slug for _programme, location in story.locations()}
    parties = [party for agreement in sharing.agreements for party in agreement.parties]
    _known("agency", (party.agency for party in parties), agencies)
    _known("person", filter(None, (party.signed_by for party in parties)), people)
    _known("person", (agreement.responsible for agreement in sharing.agreements), people)
    recorded: list[Any] = [*sharing.sensitive, *sharing.consents]
    _known("person", (item.by for item in recorded), people)
    _known("location", (item.location for item in [*recorded, *sharing.drawn]), towns)


def _known(kind: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"The story has no {kind} {name!r}.")
