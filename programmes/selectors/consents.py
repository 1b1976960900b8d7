"""Who has consented to what: the list of a location, and the question later areas ask."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from core import clock
from programmes.models import Consent, Location


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list, with their consents there, by purpose.

    ``contacts`` are the ways to reach them, as given with their consents.
    """

    name: str
    contacts: tuple[str, ...]
    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The people of a location: consents that stand, and those that do not any more."""

    on: dt.date
    standing: tuple[PersonLine, ...]
    past: tuple[PersonLine, ...]


def people_of(*, location: Location, user: Any) -> People:
    """Return the consents at a location that ``user`` may see, by person; one query."""
    on = clock.today()
    rows = (
        Consent.objects.filter(location=location)
        .visible_to(user)
        .select_related("agency", "location", "withdrawn_by")
        .order_by("name", "purpose", "given_on")
    )
    standing: dict[tuple[Any, ...], list[Consent]] = defaultdict(list)
    past: dict[tuple[Any, ...], list[Consent]] = defaultdict(list)
    for row in rows:
        # Two people may share a name: an account tells them apart, else how to reach them does.
        key = (row.name.casefold(), row.user_id or row.contact.casefold())
        (standing if row.stands_on(on) else past)[key].append(row)
    return People(on=on, standing=_lines(standing, on), past=_lines(past, on))


def _lines(found: dict[tuple[Any, ...], list[Consent]], on: dt.date) -> tuple[PersonLine, ...]:
    return tuple(
        PersonLine(
            name=rows[0].name,
            contacts=tuple(
                dict.fromkeys(row.contact for row in rows if row.contact and row.stands_on(on))
            ),
            consents=tuple(rows),
        )
        for rows in found.values()
    )


def has_consented(person: Any, purpose: str, location: Location, on: dt.date | None = None) -> bool:
    """Say whether a person's consent to a purpose at a location stands on a day (default: today).

    ``person`` is a user, or the name under which a person without an account is kept. It asks for
    the house, not for a reader: nobody's scope limits the answer.
    """
    rows = Consent.objects.filter(location=location, purpose=purpose)
    rows = (
        rows.filter(name__iexact=person.strip())
        if isinstance(person, str)
        else rows.filter(user=person)
    )
    return bool(rows.standing(on or clock.today()).exists())
