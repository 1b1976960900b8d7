"""What sharing agreements open to whom: the one rule, for rows, fields, files and coordinates.

Whoever belongs to the agency that owns information sees it by role alone. Somebody of another
agency sees it only while an agreement of the same programme counts on the business date, names the
category, and both agencies stand in it as parties that have signed and not withdrawn. Information
without an owner is the lead agency's; where that is missing too, only the person who recorded it
sees it. Somebody without an agency is covered by nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, Value
from django.utils.translation import gettext as _

from accounts.scoping import Ids
from accounts.sharing import Category
from core import clock
from core.choices import Marking
from core.errors import NotAllowed
from core.together import kept
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models.agreement import AgreementParty, SharingAgreement
from programmes.models.programme import Programme


@dataclass(frozen=True, slots=True)
class Shared:
    """What one person is covered for in one programme on one day.

    ``everything`` is the house itself and superusers. ``agency_id`` is the person's own,
    ``lead_agency_id`` whose information it is where a record does not say. ``by_category`` holds
    the other agencies whose information of a category an agreement opens.
    """

    user_id: UUID | None
    agency_id: UUID | None
    lead_agency_id: UUID | None
    everything: bool = False
    by_category: dict[str, frozenset[UUID]] = field(default_factory=dict)

    def covers(
        self, category: Category, owner_agency_id: UUID | None, recorded_by_id: UUID | None = None
    ) -> bool:
        """Say whether information of a category is open, given whose it is.

        ``recorded_by_id`` counts only where neither the record nor the programme names an agency.
        """
        if self.everything:
            return True
        owner = owner_agency_id or self.lead_agency_id
        if owner is None:
            return recorded_by_id is not None and recorded_by_id == self.user_id
        return owner in self.agencies(category)

    def agencies(self, category: Category) -> frozenset[UUID]:
        """Return the agencies whose information of a category is open, one's own among them.

        For ``everything`` this is not the whole truth: ask ``covers``.
        """
        if self.agency_id is None:
            return frozenset()
        return self.by_category.get(category, frozenset()) | {self.agency_id}


EVERYTHING = Shared(user_id=None, agency_id=None, lead_agency_id=None, everything=True)
"""What the house itself may read; never what it shows to people."""


def standing(on: dt.date, prefix: str = "") -> Q:
    """Return the condition that a party has signed by a day and not withdrawn."""
    stays = Q(**{f"{prefix}withdrew_on__isnull": True}) | Q(**{f"{prefix}withdrew_on__gt": on})
    return Q(**{f"{prefix}signed_on__lte": on}) & stays


def shared_with(user: Any, programme: Programme, on: dt.date | None = None) -> Shared:
    """Return what a person is covered for in a programme on a day (one query).

    ``user`` None is the house itself: what it shows to people must be decided where it shows it.
    """
    return shared_over(user, [programme], on)[programme.pk]


def shared_over(
    user: Any, programmes: Iterable[Programme], on: dt.date | None = None
) -> dict[UUID, Shared]:
    """Return what a person is covered for in each of several programmes, in one query.

    Within ``core.together`` each programme is read once.
    """
    known, who = kept(), "system" if user is None else user.pk
    asked = {(shared_over, who, one.pk, on): one for one in programmes}
    missing = {key: one for key, one in asked.items() if key not in known}
    read = _read_shared(user, missing.values(), on)
    known.update({key: read[one.pk] for key, one in missing.items()})
    return {one.pk: known[key] for key, one in asked.items()}


def _read_shared(
    user: Any, programmes: Iterable[Programme], on: dt.date | None
) -> dict[UUID, Shared]:
    found = {one.pk: one for one in programmes}
    everything = user is None or (user.is_active and user.is_superuser)
    known = user is not None and user.is_authenticated and user.is_active
    agency = user.agency_id if known else None
    opened: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    if agency is not None and not everything and found:
        on = on or clock.today()
        mine = AgreementParty.objects.filter(standing(on), agency=agency).values("agreement")
        others = AgreementParty.objects.filter(
            standing(on),
            SharingAgreement.in_force(on, "agreement__"),
            agreement__programme__in=list(found),
            agreement__in=mine,
        ).order_by()
        rows = others.values_list("agreement__programme", "agency", "agreement__categories")
        for programme_id, other, categories in rows:
            for category in categories:
                opened[programme_id][category].add(other)
    return {
        pk: Shared(
            user_id=user.pk if known else None,
            agency_id=agency,
            lead_agency_id=one.lead_agency_id,
            everything=everything,
            by_category={key: frozenset(ids) for key, ids in opened[pk].items()},
        )
        for pk, one in found.items()
    }


def shared_for(request: Any, programme: Programme) -> Shared:
    """Return what the person of a request is covered for, read once a request and programme."""
    return share_all(request, [programme])[programme.pk]


def share_all(request: Any, programmes: Iterable[Programme]) -> dict[UUID, Shared]:
    """Return the same for several programmes, in one query for those not read yet."""
    known: dict[UUID, Shared] = request.__dict__.setdefault("_shared", {})
    missing = {one.pk: one for one in programmes if one.pk not in known}
    if missing:
        known.update(shared_over(request.user, missing.values()))
    return known


def covered_rows(
    user: Any,
    category: Category,
    *,
    owner_path: str = "",
    programme_path: str,
    recorder_path: str = "",
    on: dt.date | None = None,
) -> Q:
    """Return the condition under which a row's information of a category is open to a person.

    The rule of ``Shared.covers`` within a query, for a model's ``granted``. Paths are lookups from
    the row: to the agency that owns it (empty: always the lead agency), to its programme, and to
    the person who recorded it (who counts where no agency is named).
    """
    if user is None or (user.is_active and user.is_superuser):
        return Q()
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    on = on or clock.today()
    if not owner_path and not recorder_path:
        return Q(**{f"{programme_path}__in": _open_programmes(user.agency_id, category, on)})
    paths = [f"{programme_path}_id", f"{programme_path}__lead_agency_id"]
    paths += [f"{path}_id" if path else "" for path in (owner_path, recorder_path)]
    return Q(CoveredRow(*paths, user=user, category=category, on=on))


class CoveredRow(Func):
    """The rule of ``Shared.covers`` over columns: programme, lead agency, owner, recorder."""

    output_field: Any = BooleanField()

    def __init__(self, *paths: str, user: Any, category: Category, on: dt.date) -> None:
        """Take the lookups to the columns (empty: there is none), for whom, what and when."""
        super().__init__(*(F(path) if path else Value(None) for path in paths))
        self.user, self.category, self.on = user, category, on

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # Django's own signature is looser
        """Return the condition; without an agency only what nobody owns and one recorded."""
        columns = [compiler.compile(one)[0] for one in self.get_source_expressions()]
        programme, lead, owner, recorder = (
            "NULL::uuid" if isinstance(one, Value) else column
            for one, column in zip(self.get_source_expressions(), columns, strict=True)
        )
        owned = f"COALESCE({owner}, {lead})"
        sql, params = f"({owned} IS NULL AND {recorder} = %s)", [self.user.pk]
        if self.user.agency_id is not None:
            opened, wanted = _opened(self.user.agency_id, self.category, self.on)
            sql += f" OR {owned} = %s OR ({programme}, {owned}) IN ({opened})"
            params += [self.user.agency_id, *wanted]
        return f"COALESCE({sql}, FALSE)", params


def covered_for_all(user: Any, category: Category, *, owners_path: str, programme_path: str) -> Q:
    """Return the condition under which information that several agencies own is open to a person.

    ``owners_path`` is an array of their ids; of an empty one it is the lead agency's. Every one of
    them has to be the person's own or open to it by an agreement.
    """
    lead = covered_rows(user, category, programme_path=programme_path)
    if user is None or not user.is_authenticated or not user.is_active or user.is_superuser:
        return lead
    several = CoveredForAll(
        f"{programme_path}_id", owners_path, user=user, category=category, on=clock.today()
    )
    none = Q(**{owners_path: []})
    return (none & lead) | (~none & Q(several))


class CoveredForAll(Func):
    """Whether every agency of an array is one's own or opened to it in the row's programme."""

    output_field: Any = BooleanField()

    def __init__(
        self, programme: str, owners: str, *, user: Any, category: Category, on: dt.date
    ) -> None:
        """Take the lookups to the programme and the array, for whom, what and when."""
        super().__init__(F(programme), F(owners))
        self.user, self.category, self.on = user, category, on

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # Django's own signature is looser
        """Return the condition; somebody without an agency is covered by nothing."""
        programme, owners = (compiler.compile(one)[0] for one in self.get_source_expressions())
        if self.user.agency_id is None:
            return "FALSE", []
        opened, wanted = _opened(self.user.agency_id, self.category, self.on)
        sql = (
            f"NOT EXISTS (SELECT FROM unnest({owners}) AS owner(id) WHERE owner.id <> %s "
            f"AND ({programme}, owner.id) NOT IN ({opened}))"
        )
        return sql, [self.user.agency_id, *wanted]


def _open_programmes(agency: UUID | None, category: Category, on: dt.date) -> Ids:
    """Return the programmes in which the lead agency's information is open to an agency."""
    table = Programme._meta.db_table
    opened, wanted = _opened(agency or _NO_AGENCY, category, on)
    return Ids(
        f'SELECT "id" FROM "{table}" WHERE "lead_agency_id" = %s '  # noqa: S608  # a table's name
        f'OR ("id", "lead_agency_id") IN ({opened})',
        (agency, *wanted),
    )


def _opened(agency: UUID, category: Category, on: dt.date) -> tuple[str, list[Any]]:
    """Return a SELECT of (programme, agency) whose information of a category is open to an agency.

    Put together once in a process (that took longer than running it) and filled in each time.
    """
    sql, places = _opened_sql()
    given = {_ON: on, _AGENCY: agency, _CATEGORY: str(category)}
    return sql, [given[place] for place in places]


_NO_AGENCY = UUID(int=0)
_ON, _AGENCY, _CATEGORY = dt.date(1, 1, 1), UUID(int=1), "-"


@cache
def _opened_sql() -> tuple[str, tuple[Any, ...]]:
    mine = AgreementParty.objects.filter(standing(_ON), agency=_AGENCY).values("agreement")
    others = AgreementParty.objects.filter(
        standing(_ON),
        SharingAgreement.in_force(_ON, "agreement__"),
        agreement__in=mine,
        agreement__categories__contains=[_CATEGORY],
    )
    rows = others.order_by().values("agreement__programme", "agency")
    sql, params = rows.query.sql_with_params()
    return sql, tuple(params)


# --- What is withheld from whom --------------------------------------------------------------


def is_sensitive(record: Any) -> bool:
    """Say whether a record is marked OFFICIAL-SENSITIVE."""
    return bool(record.marking == Marking.OFFICIAL_SENSITIVE)


def opens_evidence(shared: Shared, evidence: Any) -> bool:
    """Say whether what a piece of evidence says is open: its title, note, link, file, handling."""
    return not is_sensitive(evidence) or shared.covers(
        Category.SENSITIVE_NOTES, evidence.agency_id, evidence.recorded_by_id
    )


def opens_step(shared: Shared, record: Any) -> bool:
    """Say whether the notes and statements of a step are open; they are the lead agency's."""
    return not is_sensitive(record) or shared.covers(Category.SENSITIVE_NOTES, None)


def opens_sign_off(shared: Shared, sign_off: Any) -> bool:
    """Say whether a sign-off's statement is open: as its step, and by its own marking."""
    return opens_step(shared, sign_off.step_record) and opens_step(shared, sign_off)


def opens_area(shared: Shared, definition: AreaDefinition | None) -> bool:
    """Say whether an area's boundary is open: drawn ones are the lead agency's, LSOAs public."""
    if definition is None or definition.kind != DefinitionKind.DRAWN:
        return True
    return shared.covers(Category.EXACT_COORDINATES, None)


def veil_area(shared: Shared, owner: Any) -> Any:
    """Return a location or target place whose area holds what is open to the reader, no more.

    The boundary and the note of a drawn area are emptied, on a copy that ``is_withheld``; the
    stored row is not touched. Whatever is made of the area afterwards cannot show them.
    """
    if opens_area(shared, owner.area):
        return owner
    veiled = copy(owner.area)
    veiled.boundary, veiled.note, veiled.is_withheld = None, "", True
    owner.area = veiled
    return owner


def withheld_words(category: Category, owner: Any) -> str:
    """State why something is withheld; ``owner`` is the agency whose it is, None if unknown."""
    if owner is None:
        return _("Withheld: no agency is named that could share it.")
    words = {
        Category.SENSITIVE_NOTES: _(
            "Withheld: no sharing agreement with %(agency)s covers sensitive notes."
        ),
        Category.EXACT_COORDINATES: _(
            "Withheld: no sharing agreement with %(agency)s covers exact coordinates."
        ),
        Category.FORCE_EXTRACTS: _(
            "Withheld: no sharing agreement with %(agency)s covers force extracts."
        ),
        Category.PEOPLE: _("Withheld: no sharing agreement with %(agency)s covers people."),
    }
    return words[category] % {"agency": owner}


def owner_of(record: Any, programme: Programme) -> Any:
    """Return the agency whose information a record is: its own, else the lead agency."""
    return getattr(record, "agency", None) or programme.lead_agency


def require_open_evidence(by: Any, evidence: Any) -> None:
    """Raise core.errors.NotAllowed for evidence that is withheld from a person."""
    programme = evidence.step_record.location.programme
    if not opens_evidence(shared_with(by, programme), evidence):
        raise NotAllowed(withheld_words(Category.SENSITIVE_NOTES, owner_of(evidence, programme)))


def require_open_area(by: Any, owner: Any, programme: Programme) -> None:
    """Raise core.errors.NotAllowed for a drawn area that is withheld from a person."""
    if not opens_area(shared_with(by, programme), owner.area):
        raise NotAllowed(withheld_words(Category.EXACT_COORDINATES, programme.lead_agency))


def require_open_step(by: Any, record: Any) -> None:
    """Raise core.errors.NotAllowed for a step whose notes are withheld from a person."""
    programme = record.location.programme
    if not opens_step(shared_with(by, programme), record):
        raise NotAllowed(withheld_words(Category.SENSITIVE_NOTES, programme.lead_agency))
