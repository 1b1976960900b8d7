"""The ledger as people read it: who did what where, in words, a page at a time.

Entries hold identifiers only; names are looked up when they are read, all of a page together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, Max, Q, Value
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.ledger import under_anchors
from accounts.models import Agency, AgencyUserPermission, User
from accounts.permissions import Permission
from accounts.sharing import Category
from core.choices import LedgerAction
from core.ledger.seals import unsealed
from core.models import LedgerEntry
from programmes.models import (
    Location,
    LocationUserPermission,
    Programme,
    ProgrammeUserPermission,
)
from programmes.selectors.ledger_words import notes

PAGE = 50
STRETCH = 50_000  # entries read one by one before the indexes are asked

Text = str | Promise

COLOURS = {
    LedgerAction.DENIED: "red",
    LedgerAction.SIGN_IN_FAILED: "red",
    LedgerAction.EXPORT: "orange",
    LedgerAction.DISCLOSE: "orange",
    LedgerAction.DOWNLOAD: "yellow",
    LedgerAction.CHANGE: "blue",
    LedgerAction.ACCOUNT: "purple",
    LedgerAction.PERMISSION: "purple",
    LedgerAction.AGREEMENT: "purple",
}

WAYS = {
    "session": _l("signed in"),
    "link": _l("by a link in a mail"),
    "token": _l("by a token"),
    "job": _l("by a job"),
    "command": _l("by a command"),
}

TOUCHES = {
    "personal": _l("data about people"),
    "sensitive": _l("OFFICIAL-SENSITIVE"),
    **{category.value: category.label for category in Category},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. ``rows`` counts what a list held; ``notes`` are further facts.

    ``path`` is given for denials only, which may speak of no record.
    """

    id: int
    at: dt.datetime
    who: Text
    agency: Text
    action: Text
    colour: str
    subject: Text
    where: Text
    rows: int | None
    touches: tuple[Text, ...]
    way: Text
    reason: str
    notes: tuple[Text, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """How far the ledger is sealed: when last, and how many entries are not yet."""

    at: dt.datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the ledger, newest first; ``older`` and ``newer`` are ids to go on from."""

    lines: tuple[Line, ...]
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; what is empty narrows nothing. Days are included, real time."""

    person: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    location: Location | None = None
    since: dt.date | None = None
    until: dt.date | None = None


def readable_entries(user: Any) -> Q:
    """Return the condition under which an entry is ``user``'s to read by a programme or location.

    A right on a programme reaches its locations, as everywhere.
    """
    locations = Location.objects.visible_to(user, Permission.LEDGER_READ)
    programmes = Programme.objects.visible_to(user, Permission.LEDGER_READ)
    return under_anchors(locations) | under_anchors(programmes)


def may_read_ledger(user: Any) -> bool:
    """Say whether a person reads more of the ledger than their own doings; one query at most."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser or user.is_staff:
        return True
    tables: tuple[Any, ...] = (
        LocationUserPermission,
        ProgrammeUserPermission,
        AgencyUserPermission,
    )
    first, *others = (
        table.objects.filter(user=user, permission__codename=Permission.LEDGER_READ).values_list(
            Value(1)
        )
        for table in tables
    )
    return bool(first.union(*others)[:1])


def narrowed(entries: Any, wanted: Wanted) -> Any:
    """Return the entries that somebody looks for."""
    if wanted.person:
        people = User.objects.filter(
            Q(name__icontains=wanted.person) | Q(email__iexact=wanted.person)
        )
        entries = entries.filter(actor__in=people.order_by().values("pk"))
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.subject:
        entries = entries.filter(subject=wanted.subject)
    if wanted.subject_id:
        entries = entries.filter(subject_id=wanted.subject_id)
    if wanted.location:
        here = wanted.location.pk
        entries = entries.filter(Q(anchor_id=here) | Q(anchors__contains=[here]))
    if wanted.since:
        entries = entries.filter(at__date__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__date__lte=wanted.until)
    return entries


def ledger_page(
    entries: Any, wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> LedgerPage:
    """Return a page of scoped ``entries``: those older than ``before``, or newer than ``after``."""
    entries = narrowed(entries, wanted)
    last = LedgerEntry.objects.aggregate(last=Max("id"))["last"] or 0
    if after is not None:
        found = _next(entries, after, last)
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        has_newer, has_older = more, True
    else:
        found = _before(entries, min(before or last + 1, last + 1))
        more, found = len(found) > PAGE, found[:PAGE]
        has_newer, has_older = before is not None, more
    return LedgerPage(
        lines=tuple(in_words(found)),
        newer=found[0].pk if found and has_newer else None,
        older=found[-1].pk if found and has_older else None,
    )


def _before(entries: Any, end: int) -> list[LedgerEntry]:
    """Return a page of entries older than ``end``, newest first, and one more if there is one.

    First the stretch just before is read backwards: enough for whoever may read much. Where it
    holds too few, the rest is rare and is found by the indexes of what one may read; ordering by a
    sum keeps PostgreSQL from reading the whole ledger backwards for it.
    """
    start = end - STRETCH
    found = list(entries.filter(id__lt=end, id__gte=start).order_by("-id")[: PAGE + 1])
    lacking = PAGE + 1 - len(found)
    if lacking and start > 1:
        found += entries.filter(id__lt=start).order_by((F("id") + 0).desc())[:lacking]
    return found


def _next(entries: Any, begin: int, last: int) -> list[LedgerEntry]:
    """Return a page of entries newer than ``begin``, oldest first, and one more; as above."""
    stop = begin + STRETCH
    found = list(entries.filter(id__gt=begin, id__lte=stop).order_by("id")[: PAGE + 1])
    lacking = PAGE + 1 - len(found)
    if lacking and stop < last:
        found += entries.filter(id__gt=stop).order_by(F("id") + 0)[:lacking]
    return found


def how_far_sealed() -> Sealed:
    """Return when the ledger was sealed last, and how many entries wait for it."""
    last, waiting, _oldest = unsealed()
    return Sealed(at=last.sealed_at if last else None, waiting=waiting)


def kinds_of_records() -> list[tuple[str, str]]:
    """Return the models that entries may speak of, as choices by name."""
    own = [
        model
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to") or model is User
    ]
    return sorted(
        ((model._meta.label, str(capfirst(model._meta.verbose_name))) for model in own),
        key=lambda choice: choice[1],
    )


def in_words(entries: Sequence[LedgerEntry]) -> Iterable[Line]:
    """Return entries with the names of today; what is no longer held says so."""
    people = _people(entries)
    agencies = _names(Agency, (entry.actor_agency for entry in entries))
    places = _places(entries)
    return [
        Line(
            id=entry.pk,
            at=entry.at,
            who=_actor(entry, people),
            agency=agencies.get(str(entry.actor_agency), "") if entry.actor_agency else "",
            action=entry.get_action_display(),
            colour=COLOURS.get(LedgerAction(entry.action), "grey"),
            subject=_subject(entry, people),
            where=_where(entry, places),
            rows=entry.rows,
            touches=tuple(TOUCHES.get(kind, kind) for kind in entry.touches),
            way=WAYS.get(entry.by_way_of, ""),
            reason=entry.reason,
            notes=tuple(notes(entry.detail)),
            path=entry.path if entry.action == LedgerAction.DENIED else "",
        )
        for entry in entries
    ]


def _people(entries: Sequence[LedgerEntry]) -> Mapping[str, str]:
    """Return the names of those who acted and of those to whom something was done."""
    keys = {str(entry.actor) for entry in entries if entry.actor}
    keys |= {entry.subject_id for entry in entries if entry.subject == "accounts.User"}
    keys |= {str(entry.detail["person"]) for entry in entries if entry.detail.get("person")}
    return _names(User, keys)


def _places(entries: Sequence[LedgerEntry]) -> Mapping[str, str]:
    keys: dict[str, set[Any]] = {}
    for entry in entries:
        if entry.anchor_id:
            keys.setdefault(entry.anchor, set()).add(entry.anchor_id)
        elif entry.anchors:
            keys.setdefault("", set()).update(entry.anchors)
    several = keys.pop("", set())
    named: dict[str, str] = {}
    for model in (Location, Programme, Agency):
        named |= _names(model, keys.get(model._meta.label, set()) | several)
    return named


def _names(model: Any, keys: Iterable[Any]) -> dict[str, str]:
    wanted = {str(key) for key in keys if key}
    found = model._base_manager.filter(pk__in=wanted).values_list("pk", "name")
    return {str(key): name for key, name in found}


def _actor(entry: LedgerEntry, people: Mapping[str, str]) -> str:
    if entry.actor is None:
        return _("nobody known") if entry.path else _("the system")
    return _who(entry.actor, people)


def _who(key: Any, people: Mapping[str, str]) -> str:
    return people.get(str(key)) or _("a person no longer held")


def _subject(entry: LedgerEntry, people: Mapping[str, str]) -> Text:
    if not entry.subject:
        return ""
    try:
        name = capfirst(apps.get_model(entry.subject)._meta.verbose_name)
    except LookupError:
        return entry.subject
    whom = entry.subject_id if entry.subject == "accounts.User" else entry.detail.get("person")
    if whom and str(whom) != str(entry.actor):
        return f"{name}: {_who(whom, people)}"
    return "" if whom and entry.subject == "accounts.User" else name  # one's own account


def _where(entry: LedgerEntry, places: Mapping[str, str]) -> str:
    if entry.anchor_id:
        return places.get(str(entry.anchor_id)) or _("a place no longer held")
    named = sorted(filter(None, (places.get(str(key)) for key in entry.anchors)))
    if len(named) > 3:
        return _("%(names)s and %(more)d more") % {
            "names": ", ".join(named[:2]),
            "more": len(named) - 2,
        }
    return ", ".join(named)
