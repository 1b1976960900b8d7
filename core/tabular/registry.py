"""The kinds of tables that people may send; each app registers its own in ``AppConfig.ready()``."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from core.errors import Refused

Key = tuple[str, ...]


class Find(Protocol):
    """Looks up what is there already, for all rows in few queries."""

    def __call__(self, *, target: Any, keys: Collection[Key], by: Any) -> Mapping[Key, Any]:
        """Return the record of each key that has one (keys as ``Table.key_of`` makes them).

        ``AMBIGUOUS`` stands for a key that several records share; see ``match``.
        """
        ...


class Apply(Protocol):
    """Stores one row through the app's own services; the caller holds the transaction."""

    def __call__(
        self,
        *,
        target: Any,
        found: Any,
        cleaned: dict[str, Any],
        by: Any,
        id: uuid.UUID,  # noqa: A002  # the field's own name
    ) -> models.Model:
        """Make the record (``found`` None; ``id`` is the same on every try) or change it.

        Raises Refused, BadInput or Conflict for a row that cannot be stored, NotAllowed to stop
        the whole table.
        """
        ...


class Undo(Protocol):
    """Takes one row back."""

    def __call__(self, *, target: Any, record: Any, before: dict[str, Any] | None, by: Any) -> None:
        """Take away what was made (``before`` None), or put the former values back.

        Called only if nobody has changed the record since. ``before`` holds values as a cleaned
        form does. Raises Refused, with the reason, if the record must stay.
        """
        ...


class Check(Protocol):
    """Looks at a valid row before anything is stored, as far as the form cannot."""

    def __call__(self, *, target: Any, found: Any, cleaned: dict[str, Any], by: Any) -> None:
        """Raise Refused, or ValidationError naming fields, for a row that could not be stored."""
        ...


AMBIGUOUS = object()
"""What ``find`` returns for a key that several records share: the row is refused."""


def folded(*texts: Any) -> Key:
    """Return texts as a key: without regard to case and to doubled spaces."""
    return tuple(" ".join(str(text or "").split()).casefold() for text in texts)


def casefolded(table: Table, cleaned: Mapping[str, Any]) -> Key:
    """Return the key of a row: its key columns, folded."""
    return folded(*(cleaned.get(name) for name in table.key_columns))


def match(
    records: Iterable[Any], keys: Collection[Key], key: Callable[[Any], Key]
) -> dict[Key, Any]:
    """Return the record of each key, AMBIGUOUS where several have it; for ``find``."""
    found: dict[Key, Any] = {}
    for record in records:
        one = key(record)
        if one in keys:
            found[one] = AMBIGUOUS if one in found else record
    return found


def form_without_arguments(target: Any, by: Any) -> dict[str, Any]:
    """Give the form nothing beyond its data."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One kind of table.

    Columns are the visible fields of ``form_class`` (a plain or model form without instance): its
    labels are the headings, its help texts, limits and choices go into the template. A column
    that a file leaves out takes the field's ``initial`` in a new row and stays as it is in a
    changed one.

    ``key`` is "<app>.<plural>"; ``key_columns`` name the form's fields that say which record a row
    means. ``target()`` returns the queryset (with ``visible_to``) of the record under which rows
    go, ``permission`` what sending needs on it. ``values(record)`` returns a record's present
    values by field name, as a cleaned form holds them: what is compared, shown, and put back.
    ``bare`` names the column (and, if given, the column of display names) into which lines without
    any heading go, as in a pasted list of addresses. ``undo`` None: it cannot be taken back.
    ``back(target)`` is the page from which one comes.
    """

    key: str
    title: Any
    form_class: type[forms.BaseForm]
    key_columns: tuple[str, ...]
    target: Callable[[], Any]
    permission: str
    find: Find
    values: Callable[[Any], dict[str, Any]]
    apply: Apply
    back: Callable[[Any], str]
    undo: Undo | None = None
    check: Check | None = None
    intro: Any = ""
    form_kwargs: Callable[[Any, Any], dict[str, Any]] = form_without_arguments
    key_of: Callable[[Table, Mapping[str, Any]], Key] = casefolded
    bare: tuple[str, ...] = ()


_tables: dict[str, Table] = {}


def register(table: Table) -> None:
    """Make a kind of table known. Raises ImproperlyConfigured if its key is taken."""
    if table.key in _tables:
        raise ImproperlyConfigured(f"The table {table.key!r} is registered twice.")
    _tables[table.key] = table


def find_table(key: str) -> Table | None:
    """Return the table of that key; None if no app has it."""
    return _tables.get(key)


def table_of(key: str) -> Table:
    """Return the table of that key. Raises Refused if no app offers it any more."""
    table = _tables.get(key)
    if table is None:
        from django.utils.translation import gettext as _

        raise Refused(_("Tables of this kind are no longer taken."))
    return table
