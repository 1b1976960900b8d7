"""The lists that people may take with them; each app registers its own in ``AppConfig.ready()``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from core.personal import Personal


class ColumnType(StrEnum):
    """What a column's cells are; empty cells stand for "not known" in all of them."""

    TEXT = "text"
    INTEGER = "whole number"
    DECIMAL = "number"
    DATE = "date"
    MOMENT = "date and time"
    YES_NO = "yes or no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a list, as the data dictionary describes it.

    ``value`` is a function of the row, or a dotted attribute name (by default ``key``).
    ``personal`` says what kind of personal data it holds (core.personal): it is left out for
    people who read depersonalised data only. ``category`` names a category of information whose
    cells are withheld row by row where the reader is not covered (``Export.withheld``).
    """

    key: str
    title: Any
    description: Any
    type: ColumnType = ColumnType.TEXT
    value: Callable[[Any], Any] | str = ""
    choices: Sequence[tuple[Any, Any]] = ()
    personal: Personal | None = None
    category: str | None = None

    def of(self, row: Any) -> Any:
        """Return the column's value in a row; None where an attribute on the way is None."""
        if callable(self.value):
            return self.value(row)
        found = row
        for name in (self.value or self.key).split("."):
            found = getattr(found, name)
            if callable(found) and not isinstance(found, models.Model):
                found = found()
            if found is None:
                return None
        return found


# (user, scope) -> (row -> keys of the columns that this person must not have in this row)
Withheld = Callable[[Any, Any], Callable[[Any], Collection[str]]]
# (user, scope) -> (row -> whether this person may have this sensitive row)
MaySensitive = Callable[[Any, Any], Callable[[Any], bool]]
# (scope, when it was made) -> why a finished list must not be fetched any more; empty: it may
Outdated = Callable[[Any, dt.datetime], str]


class Chained:
    """Several querysets one after the other, where one list is made of several models."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = list(parts)

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(part.count() for part in self.parts)

    def filter(self, **where: Any) -> Chained:
        """Narrow every part."""
        return Chained([part.filter(**where) for part in self.parts])

    def iterator(self, chunk_size: int) -> Iterator[Any]:
        """Yield the rows without holding them."""
        for part in self.parts:
            yield from part.iterator(chunk_size=chunk_size)


def by_date(queryset: Any, lookup: str, first: Any, last: Any) -> Any:
    """Narrow a queryset to the days from ``first`` to ``last`` (included; None: no limit)."""
    if first is not None:
        queryset = queryset.filter(**{f"{lookup}__gte": first})
    if last is not None:
        queryset = queryset.filter(**{f"{lookup}__lte": last})
    return queryset


@dataclass(frozen=True, kw_only=True)
class Export:
    """One list.

    ``key`` is "<app>.<plural>". ``scopes`` are the models under which it is offered (programme,
    location); the reader needs every one of ``permissions`` on the scope. ``queryset(user, scope)``
    returns the rows in a fixed order, already narrowed by ``visible_to(user, …)``: the scope alone
    is not enough. ``model`` is what the ledger names.

    ``date`` is the lookup by which the list may be narrowed to a period. ``prepare`` turns a chunk
    of rows into the objects that columns read (for what is computed for many rows at once).
    ``marking`` returns a row's marking; rows marked sensitive go to the annex for those whom
    ``may_sensitive`` allows it, and to nobody else. ``withheld`` says which columns are withheld
    in which rows; a column with a category is withheld from everybody if there is none.
    ``outdated`` says why a list that was made earlier must not be handed out any more (somebody in
    it has withdrawn their consent). ``sources`` are texts of attribution for open data in it.
    """

    key: str
    title: Any
    description: Any
    model: type[models.Model]
    scopes: tuple[type[models.Model], ...]
    permissions: tuple[str, ...]
    queryset: Callable[[Any, Any], Any]
    columns: tuple[Column, ...]
    date: str = ""
    date_label: Any = ""
    prepare: Callable[[list[Any]], Iterable[Any]] = lambda rows: rows
    marking: Callable[[Any], str] = lambda row: getattr(row, "marking", "")
    withheld: Withheld | None = None
    may_sensitive: MaySensitive | None = None
    outdated: Outdated | None = None
    sources: tuple[Any, ...] = ()
    chunk: int = 2000
    order: int = 50

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}

    def scope_in_reach(self, user: Any, kind: type[models.Model], **where: Any) -> Any:
        """Return the one scope that matches and on which the person holds all that is needed."""
        rows: Any = kind._default_manager.all()
        for permission in self.permissions:
            rows = rows.visible_to(user, permission)
        return rows.filter(**where).first()


_exports: dict[str, Export] = {}


def register(export: Export) -> None:
    """Make a list known. Raises ImproperlyConfigured for a key twice, or a column key twice."""
    if export.key in _exports:
        raise ImproperlyConfigured(f"The export {export.key!r} is registered twice.")
    keys = [column.key for column in export.columns]
    if len(keys) != len(set(keys)) or "withheld" in keys:
        raise ImproperlyConfigured(f"The columns of {export.key!r} need keys of their own.")
    if not export.permissions:
        raise ImproperlyConfigured(f"The export {export.key!r} needs a permission.")
    _exports[export.key] = export


def find_export(key: str) -> Export | None:
    """Return the list of that key; None if no app has it."""
    return _exports.get(key)


def exports_for(user: Any, scope: models.Model) -> list[Export]:
    """Return the lists that a person may take of a scope, in their order.

    Many lists ask for the same rights: each set of them is asked once.
    """
    reached: dict[tuple[str, ...], bool] = {}
    offered = []
    for export in _exports.values():
        if type(scope) not in export.scopes:
            continue
        rights = tuple(sorted(export.permissions))
        if rights not in reached:
            reached[rights] = export.scope_in_reach(user, type(scope), pk=scope.pk) is not None
        if reached[rights]:
            offered.append(export)
    return sorted(offered, key=attrgetter("order", "key"))
