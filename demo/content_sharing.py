"""What the demonstration tells of sharing: agreements, consents, and what there is to protect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """An agency's place in an agreement: signed here by a person, on paper, or not yet."""

    agency: str
    signed_on: dt.date | None = None
    signed_by: str = ""
    paper_name: str = ""


@dataclass(frozen=True, slots=True)
class AgreementEntry:
    """A sharing agreement of a programme."""

    key: str
    programme: str
    responsible: str
    title: str
    purpose: str
    legal_basis: str
    categories: tuple[str, ...]
    starts_on: dt.date
    review_on: dt.date
    ends_on: dt.date
    parties: tuple[PartyEntry, ...]


@dataclass(frozen=True, slots=True)
class SensitiveEntry:
    """A piece of evidence marked OFFICIAL-SENSITIVE, recorded by a person for their agency."""

    location: str
    step: int
    by: str
    title: str
    note: str
    handling: str
    done_on: dt.date


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """A target place whose boundary is drawn: corners as longitude and latitude (WGS 84)."""

    location: str
    slug: str
    name: str
    summary: str
    note: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """What an invented person agreed to, and took back."""

    location: str
    key: str
    by: str
    name: str
    purpose: str
    given_on: dt.date
    given_how: str
    contact: str = ""
    ends_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    withdrawn_note: str = ""


@dataclass(frozen=True, slots=True)
class SharingStory:
    """All of it."""

    agreements: tuple[AgreementEntry, ...]
    sensitive: tuple[SensitiveEntry, ...]
    drawn: tuple[DrawnEntry, ...]
    consents: tuple[ConsentEntry, ...]


def read_sharing(entry: Mapping[str, Any]) -> SharingStory:
    """Return the story's part about sharing from what its file holds."""
    return SharingStory(
        agreements=tuple(_agreement(_stripped(one)) for one in entry["agreements"]),
        sensitive=tuple(SensitiveEntry(**_stripped(one)) for one in entry["sensitive"]),
        drawn=tuple(_drawn(_stripped(one)) for one in entry["drawn"]),
        consents=tuple(ConsentEntry(**_stripped(one)) for one in entry["consents"]),
    )


def _agreement(entry: dict[str, Any]) -> AgreementEntry:
    parties = tuple(PartyEntry(**party) for party in entry["parties"])
    values = {**entry, "categories": tuple(entry["categories"]), "parties": parties}
    return AgreementEntry(**values)


def _drawn(entry: dict[str, Any]) -> DrawnEntry:
    points = tuple((float(longitude), float(latitude)) for longitude, latitude in entry["points"])
    return DrawnEntry(**{**entry, "points": points})


def _stripped(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Take off the line ends that TOML's long texts carry at both ends."""
    return {key: value.strip() if isinstance(value, str) else value for key, value in entry.items()}
