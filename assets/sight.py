"""What a reader is shown of a record of this app: the one rule for pages, lists, maps and the API.

Contact details need the right to see people and, across agencies, an agreement that covers people;
exact points one that covers exact coordinates; photos and what is marked sensitive one that covers
sensitive notes. Whether a local contributor is seen at all is the scope's question (querysets.py);
one's own entry is shown whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.sharing import Category
from assets.models import Asset, Connection, NetworkLink, Observation, Stakeholder, VisualAudit
from core.errors import NotAllowed
from programmes.models import Location
from programmes.sharing import Shared, is_sensitive, owner_of, shared_over, withheld_words

# What a kind of record may withhold, and as what.
FIELDS: dict[type[Any], dict[Category, tuple[str, ...]]] = {
    Asset: {
        Category.PEOPLE: ("contact",),
        Category.EXACT_COORDINATES: ("address", "point"),
        Category.SENSITIVE_NOTES: ("name", "offers", "role", "contact", "website"),
    },
    Connection: {},
    Stakeholder: {
        Category.PEOPLE: ("contact",),
        Category.SENSITIVE_NOTES: ("name", "does", "contact", "why_not"),
    },
    NetworkLink: {},
    VisualAudit: {},
    Observation: {
        Category.EXACT_COORDINATES: ("place", "point"),
        Category.SENSITIVE_NOTES: ("text", "place", "photo", "photo_shows"),
    },
}
# Withheld from another agency whether the record is marked or not: a photo may show anybody.
ALWAYS = frozenset({"photo", "photo_shows"})

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader is covered for, by programme, and where they may see people.

    ``everything`` is the house itself.
    """

    shared: Mapping[UUID, Shared]
    people: frozenset[UUID]
    user_id: UUID | None

    def reasons(self, record: Any) -> dict[str, Category]:
        """Return the fields that are withheld, each with the category that does not cover it."""
        location = location_of(record)
        shared = self.shared[location.programme_id]
        if shared.everything or self._is_own(record):
            return {}
        found: dict[str, Category] = {}
        for category, names in FIELDS[type(record)].items():
            covered = shared.covers(category, record.agency_id, record.recorded_by_id)
            if category is Category.PEOPLE:
                covered = covered and location.pk in self.people
            if covered:
                continue
            whole = category is not Category.SENSITIVE_NOTES or is_sensitive(record)
            found.update({name: category for name in names if whole or name in ALWAYS})
        return found

    def withheld(self, record: Any) -> frozenset[str]:
        """Return the names of the fields that are withheld."""
        return frozenset(self.reasons(record))

    def veil(self, record: Row) -> Row:
        """Return a copy that holds what is open to the reader, no more.

        ``withheld`` on it names the emptied fields, ``withheld_words`` says why, once each.
        """
        shown: Any = copy(record)
        reasons = self.reasons(record)
        for name in reasons:
            blank = None if name in ("point", "photo") else ""
            setattr(shown, name, blank)
        if "name" in reasons:
            shown.name = _("Withheld")
        if "photo" in reasons:
            shown.photo_id = None
        shown.withheld = frozenset(reasons)
        owner = owner_of(record, location_of(record).programme)
        shown.withheld_words = [
            self._words(category, owner, record) for category in dict.fromkeys(reasons.values())
        ]
        return shown

    def _words(self, category: Category, owner: Any, record: Any) -> str:
        location = location_of(record)
        shared = self.shared[location.programme_id]
        if category is Category.PEOPLE and shared.covers(
            category, record.agency_id, record.recorded_by_id
        ):
            return _("Withheld: your role does not see how people are reached.")
        return withheld_words(category, owner)

    def _is_own(self, record: Any) -> bool:
        consent = record.consent if isinstance(record, Asset) else None
        return consent is not None and self.user_id is not None and consent.user_id == self.user_id


def location_of(record: Any) -> Location:
    """Return the location a record of this app lies at."""
    anchor: Any = record.audit if isinstance(record, Observation) else record
    return anchor.location


def sight_of(user: Any, locations: Iterable[Location]) -> Sight:
    """Return what a reader is covered for at some locations, in two queries."""
    found = {one.pk: one for one in locations}
    programmes = {one.programme_id: one.programme for one in found.values()}
    people = Location.objects.visible_to(user, Permission.PEOPLE_READ).filter(pk__in=found)
    return Sight(
        shared=shared_over(user, programmes.values()),
        people=frozenset(people.order_by().values_list("pk", flat=True)) if user else frozenset(),
        user_id=user.pk if user is not None and user.is_authenticated else None,
    )


def require_open(by: Any, record: Any) -> None:
    """Raise core.errors.NotAllowed where something of a record is withheld from a person.

    Who does not see all of it cannot change it: they would overwrite what they do not see.
    """
    if by is None:
        return
    reasons = sight_of(by, [location_of(record)]).reasons(record)
    if reasons:
        category = next(iter(reasons.values()))
        raise NotAllowed(withheld_words(category, owner_of(record, location_of(record).programme)))
