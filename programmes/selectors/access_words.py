"""The account of who can see a record: its parts as frozen values, and a role in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.roles import CATALOGUE, Role
from accounts.sharing import Category
from core.screen import day

SHORT = {
    Category.PEOPLE: _lazy("contact details and consents of people"),
    Category.FORCE_EXTRACTS: _lazy("force extracts"),
    Category.SENSITIVE_NOTES: _lazy("sensitive notes and files"),
    Category.EXACT_COORDINATES: _lazy("exact coordinates"),
}


def kinds_words(categories: Iterable[Category]) -> str:
    """Write kinds of information as a list in a sentence."""
    return ", ".join(str(SHORT[category]) for category in categories)


@dataclass(frozen=True, slots=True)
class Through:
    """One role by which a person reaches a record, and its sentence."""

    words: str
    role: str
    anchor: str
    anchor_kind: str
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class PersonAccess:
    """A person who reaches a record.

    ``reads`` says whether they read what it says, or only see that it is there; ``may`` what else
    they may do with it; ``opened`` and ``withheld`` the kinds of information that their role would
    show and that their agency is, or is not, covered for.
    """

    id: UUID
    name: str
    agency_id: UUID | None
    agency: str
    through: tuple[Through, ...]
    reads: bool
    may: tuple[str, ...]
    opened: tuple[Category, ...]
    withheld: tuple[Category, ...]

    @property
    def opened_words(self) -> str:
        """Which kinds of information are open to them, in words."""
        return kinds_words(self.opened)

    @property
    def withheld_words(self) -> str:
        """Which kinds are withheld from them for their agency, in words."""
        return kinds_words(self.withheld)


@dataclass(frozen=True, slots=True)
class CategoryAccess:
    """Whether a kind of information is open to an agency: "own", "open" or "withheld".

    Where it is open: through which agreement, and the last day known.
    """

    category: Category
    label: str
    state: str
    agreement: str
    agreement_url: str
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class AgencyAccess:
    """An agency's people who reach a record, and what is open to them; no name: no agency."""

    id: UUID | None
    name: str
    is_owner: bool
    people: tuple[PersonAccess, ...]
    categories: tuple[CategoryAccess, ...]

    @property
    def lines(self) -> tuple[tuple[CategoryAccess, str], ...]:
        """What is open and withheld in as few lines as can be: one of them, and all kinds in it."""
        groups: dict[tuple[Any, ...], list[CategoryAccess]] = {}
        for one in self.categories:
            key = (one.state, one.agreement_url, one.until)
            groups.setdefault(key, []).append(one)
        ordered = sorted(groups.values(), key=lambda found: found[0].state)
        return tuple((found[0], kinds_words(one.category for one in found)) for found in ordered)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What a role may do, in plain words."""

    name: str
    description: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessAccount:
    """Everybody who can see a record on a day, and why.

    ``owner`` is the agency whose information it is. ``whole`` says that the record stands for all
    that lies below it (a location, a programme). ``invited`` have not joined yet, ``later`` are
    people whose role begins after the day; both would see it then. ``administrators`` manage
    accounts and read no content; ``everything`` holds superusers, who exist for repairs.
    """

    on: dt.date
    subject: str
    owner: str
    whole: bool
    agencies: tuple[AgencyAccess, ...]
    invited: tuple[PersonAccess, ...]
    later: tuple[PersonAccess, ...]
    administrators: tuple[str, ...]
    everything: tuple[str, ...]
    roles: tuple[RoleLine, ...]
    why: tuple[str, ...]

    @property
    def people(self) -> tuple[PersonAccess, ...]:
        """Everybody who sees it, agency by agency."""
        return tuple(person for agency in self.agencies for person in agency.people)

    @property
    def people_count(self) -> int:
        """How many people see it."""
        return len(self.people)

    @property
    def agency_count(self) -> int:
        """How many agencies they belong to."""
        return sum(agency.id is not None for agency in self.agencies)


def through_words(membership: Any, *, whole: bool, on: dt.date) -> str:
    """Write a role as a reason: "Coordinator of Leominster since 4 December 2023"."""
    name = CATALOGUE[Role(membership.role)].name
    words = {
        "role": name,
        "anchor": membership.anchor,
        "since": day(membership.starts_on),
        "until": day(membership.ends_on) if membership.ends_on else "",
    }
    if membership.starts_on > on:
        sentence = (
            _("%(role)s of the whole programme from %(since)s")
            if whole
            else _("%(role)s of %(anchor)s from %(since)s")
        )
    else:
        sentence = (
            _("%(role)s of the whole programme since %(since)s")
            if whole
            else _("%(role)s of %(anchor)s since %(since)s")
        )
    text = sentence % words
    return f"{text}, {_('until %(until)s') % words}" if membership.ends_on else text
