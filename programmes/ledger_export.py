"""The ledger as a list to take away: the entries of a programme or a location, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.ledger import under_anchors
from accounts.permissions import Permission
from core import exports
from core.exports import Column, ColumnType, Export
from core.models import LedgerEntry
from core.personal import Personal
from programmes.models import Location, Programme
from programmes.selectors.ledger import Line, in_words


def entries_of(user: Any, scope: Programme | Location) -> Any:
    """Return the entries under a programme and its locations, or a location, that one may read."""
    places: Any = Location.objects.filter(
        **({"programme": scope} if isinstance(scope, Programme) else {"pk": scope.pk})
    )
    here = under_anchors(places)
    if isinstance(scope, Programme):
        here |= under_anchors(Programme.objects.filter(pk=scope.pk))
    return LedgerEntry.objects.visible_to(user).filter(here).order_by("id")


def _further(line: Line) -> str:
    return "; ".join(str(text) for text in (*line.touches, *line.notes))


LEDGER = Export(
    key="core.ledger",
    title=_("Ledger"),
    description=_("Who saw, exported, changed or was denied what, oldest first. Real time."),
    model=LedgerEntry,
    scopes=(Programme, Location),
    permissions=(Permission.LEDGER_READ, Permission.EXPORT),
    queryset=entries_of,
    prepare=in_words,
    marking=lambda row: "",  # identifiers and names of places; never what a record says
    date="at__date",
    date_label=_("when it happened"),
    order=90,
    columns=(
        Column(
            key="number",
            title=_("Number"),
            description=_("The entry's number; numbers may be missing where nothing was stored."),
            type=ColumnType.INTEGER,
            value="id",
        ),
        Column(
            key="at",
            title=_("When"),
            description=_("Real time in the United Kingdom."),
            type=ColumnType.MOMENT,
        ),
        Column(
            key="who",
            title=_("Who"),
            description=_("The person's name today; those no longer held are not named."),
            personal=Personal.IDENTITY,
        ),
        Column(key="agency", title=_("Agency"), description=_("The person's agency at the time.")),
        Column(key="way", title=_("By way of"), description=_("How the person was known.")),
        Column(key="action", title=_("What"), description=_("What was done.")),
        Column(
            key="subject",
            title=_("Kind of record"),
            description=_("The kind of record, and the person it was about where it names one."),
            personal=Personal.IDENTITY,
        ),
        Column(
            key="where",
            title=_("Where"),
            description=_("The programme, location or agency under which the record lies."),
        ),
        Column(
            key="rows",
            title=_("Rows"),
            description=_("How many rows a list or an export held."),
            type=ColumnType.INTEGER,
        ),
        Column(
            key="further",
            title=_("Further"),
            description=_("What kind of information it was, and what else is known."),
            value=_further,
        ),
        Column(
            key="reason",
            title=_("Why"),
            description=_("The reason given, where one was asked for."),
            personal=Personal.FREE_TEXT,
        ),
    ),
)


def register() -> None:
    """Make the list known."""
    exports.register(LEDGER)
