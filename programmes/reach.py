"""What each kind of record asks of those who see it, for the account of who can see it.

A ``Reach`` says in data what the scope says in queries. Kinds whose scope is only a path to their
location or programme need no entry; a kind with a rule of its own must register one, so that no
account is given that leaves its rule out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.scoping import ScopedQuerySet
from accounts.sharing import Category
from core import clock
from core.choices import Marking
from programmes import policy
from programmes.models import (
    AgreementParty,
    Consent,
    Evidence,
    Location,
    Programme,
    SharingAgreement,
    StepRecord,
    TargetPlace,
)

P = Permission

# Which rights show information of a category at all; the agreement is asked beyond these.
ROLE_OPENS: dict[Category, frozenset[Permission]] = {
    Category.PEOPLE: frozenset({P.PEOPLE_READ}),
    Category.FORCE_EXTRACTS: frozenset({P.DATA_READ}),
    Category.SENSITIVE_NOTES: frozenset(policy.EVIDENCE_READERS),
    Category.EXACT_COORDINATES: frozenset({P.VIEW}),
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets to a record.

    ``location`` None: it hangs below the programme itself; ``from_locations`` then lets roles at
    one of its locations see it too. ``sight`` are the rights of which a role must hold one to count
    as a way here, ``needs`` those that a person must hold altogether, ``reads`` those of which one
    opens what it says. ``matters`` are the rights worth naming beside it. ``categories`` are the
    kinds of information it may hold; ``read_as`` those that must be open to read what it says,
    ``withheld_as`` to see it at all. ``suppliers`` are agencies whose force extracts it holds: each
    of them has to share these.
    ``own_id`` is the person it is about, who sees it in any case; ``signed_for`` are agencies whose
    signatories see it without a role in the programme.
    """

    programme: Programme
    location: Location | None = None
    from_locations: bool = False
    sight: frozenset[Permission] = frozenset({P.VIEW})
    needs: frozenset[Permission] = frozenset()
    reads: frozenset[Permission] = frozenset({P.VIEW})
    matters: frozenset[Permission] = frozenset()
    categories: tuple[Category, ...] = ()
    read_as: tuple[Category, ...] = ()
    withheld_as: tuple[Category, ...] = ()
    owner: Agency | None = None
    suppliers: tuple[UUID, ...] = ()
    recorded_by_id: UUID | None = None
    own_id: UUID | None = None
    signed_for: tuple[UUID, ...] = ()
    whole: bool = False
    why: tuple[str, ...] = ()

    @property
    def owner_id(self) -> UUID | None:
        """The agency that the record itself names as its owner."""
        return self.owner.pk if self.owner else None


_reaches: dict[type[Any], Callable[[Any], Reach]] = {}


def register_reach(model: type[Any], reach: Callable[[Any], Reach]) -> None:
    """Say what a kind of record asks; the same kind twice replaces nothing and is an error."""
    if model in _reaches:
        raise ValueError(f"{model.__name__} has a reach already.")
    _reaches[model] = reach


def reach_of(obj: Any) -> Reach:
    """Return what a record asks of its readers.

    Raises LookupError for a kind with a rule of its own that nobody registered.
    """
    known = _reaches.get(type(obj))
    if known is not None:
        return known(obj)
    rows: Any = type(obj)._default_manager.all()
    plain = isinstance(rows, ScopedQuerySet) and type(rows).granted is ScopedQuerySet.granted
    if not plain or len(rows.scope_paths) != 1:
        raise LookupError(f"{type(obj).__name__} has a rule of its own: register its reach.")
    anchor = obj
    for part in rows.scope_paths[0].split("__"):
        anchor = getattr(anchor, part)
    if isinstance(anchor, Location):
        return at_location(anchor)
    if isinstance(anchor, Programme):
        return Reach(programme=anchor, from_locations=True, why=(from_locations_words(),))
    raise LookupError(f"{type(obj).__name__} hangs below no programme.")


def at_location(location: Location, **more: Any) -> Reach:
    """Return the reach of something at a location: roles there, and on its programme."""
    why = (
        _(
            "A role at %(location)s, or on the whole programme, opens what is recorded here. "
            "Nobody else finds it."
        )
        % {"location": location.name},
        *more.pop("why", ()),
    )
    return Reach(programme=location.programme, location=location, why=why, **more)


def from_locations_words() -> str:
    """Return why people of single locations see something of the programme."""
    return _(
        "A role on the programme opens all of it. A role at one of its locations shows the "
        "programme itself and that location, no other."
    )


def _location(location: Location) -> Reach:
    return at_location(
        location,
        whole=True,
        categories=tuple(Category),
        matters=frozenset(Permission) - {P.VIEW},
    )


def _programme(programme: Programme) -> Reach:
    return Reach(
        programme=programme,
        from_locations=True,
        whole=True,
        categories=tuple(Category),
        matters=frozenset(Permission) - {P.VIEW},
        why=(from_locations_words(),),
    )


def _place(place: TargetPlace) -> Reach:
    return at_location(
        place.location,
        categories=(Category.EXACT_COORDINATES,),
        matters=frozenset({P.LOCATION_MANAGE, P.HISTORY_READ}),
    )


def _step(record: StepRecord) -> Reach:
    return at_location(
        record.location,
        categories=(Category.SENSITIVE_NOTES,),
        matters=frozenset({P.STEP_RECORD, P.STEP_SIGN_OFF, P.STEP_VERIFY, P.HISTORY_READ}),
        why=(
            _(
                "Whoever records, signs off or verifies steps also reads what the evidence says. "
                "Others see that it is there."
            ),
        ),
    )


def _evidence(evidence: Evidence) -> Reach:
    readers = frozenset(policy.EVIDENCE_READERS)
    sensitive = evidence.marking == Marking.OFFICIAL_SENSITIVE
    why = [
        _(
            "Whoever records, signs off or verifies steps reads its note and its file. Others see "
            "that it is there, and its day."
        )
    ]
    if sensitive:
        why.append(
            _(
                "It is OFFICIAL-SENSITIVE: agencies other than the one whose information it is "
                "read it only while a sharing agreement opens sensitive notes to them."
            )
        )
    return at_location(
        evidence.step_record.location,
        reads=readers,
        matters=frozenset({P.STEP_RECORD, P.STEP_VERIFY, P.HISTORY_READ}),
        categories=(Category.SENSITIVE_NOTES,) if sensitive else (),
        read_as=(Category.SENSITIVE_NOTES,) if sensitive else (),
        owner=evidence.agency,
        recorded_by_id=evidence.recorded_by_id,
        why=tuple(why),
    )


def _agreement(agreement: SharingAgreement) -> Reach:
    return Reach(
        programme=agreement.programme,
        from_locations=True,
        matters=frozenset({P.AGREEMENT_MANAGE, P.AGREEMENT_SIGN}),
        signed_for=tuple(agreement.parties.values_list("agency", flat=True)),
        why=(
            _(
                "Whoever takes part in the programme may know what its agencies share, and whoever "
                "signs for one of the parties."
            ),
        ),
    )


def _party(party: AgreementParty) -> Reach:
    return _agreement(party.agreement)


def _consent(consent: Consent) -> Reach:
    past = not consent.stands_on(clock.today())
    why = [
        _(
            "Only those who work with people here see consents, and of another agency’s only while "
            "a sharing agreement opens contact details to them. The person themselves sees their "
            "own."
        )
    ]
    if past:
        why.append(_("It counts no more, so only those who read the history see it."))
    return at_location(
        consent.location,
        sight=frozenset({P.PEOPLE_READ}),
        reads=frozenset({P.PEOPLE_READ}),
        needs=frozenset({P.HISTORY_READ}) if past else frozenset(),
        matters=frozenset({P.PEOPLE_RECORD, P.HISTORY_READ}),
        categories=(Category.PEOPLE,),
        withheld_as=(Category.PEOPLE,),
        owner=consent.agency,
        recorded_by_id=consent.recorded_by_id,
        own_id=consent.user_id,
        why=tuple(why),
    )


register_reach(Location, _location)
register_reach(Programme, _programme)
register_reach(TargetPlace, _place)
register_reach(StepRecord, _step)
register_reach(Evidence, _evidence)
register_reach(Consent, _consent)
register_reach(SharingAgreement, _agreement)
register_reach(AgreementParty, _party)
