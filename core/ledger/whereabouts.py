"""Under which programme, location or agency a record lies, and what kind of information it holds.

Found from the declarations that scoping uses (``scope_paths``), from what is loaded where it is,
else by one query for all records together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import models

from core.choices import Marking
from core.personal import touches_people

PERSONAL, SENSITIVE = "personal", "sensitive"

Place = tuple[str, uuid.UUID]

_anchors: set[type[models.Model]] = set()


def register_anchor(model: type[models.Model]) -> None:
    """Say that roles are held on ``model``: entries name it as the place of what lies below."""
    _anchors.add(model)
    ways.cache_clear()


@cache
def ways(model: Any) -> tuple[tuple[str, str], ...]:
    """Return the paths from a model to its anchors, each with the anchor's label."""
    if model in _anchors:
        return (("", model._meta.label),)
    rows: Any = model._default_manager.all()
    found: list[tuple[str, str]] = []
    for path in getattr(rows, "scope_paths", ()):
        end: Any = model
        for part in path.split("__"):
            end = end._meta.get_field(part).related_model
        above = ways(end)
        found.extend((f"{path}__{more}" if more else path, label) for more, label in above)
    return tuple(found)


def places_of(records: Sequence[models.Model]) -> list[Place]:
    """Return the anchors of records of one model, each once, in the order of the records."""
    if not records:
        return []
    model = type(records[0])
    known: list[Place | None] = []
    unknown: list[Any] = []
    for record in records:
        place, sure = _loaded(record)
        known.append(place)
        if not sure:
            unknown.append(record.pk)
    if unknown:
        known.extend(_asked(model._base_manager.filter(pk__in=unknown), model))
    return list(dict.fromkeys(place for place in known if place is not None))


def find(rows: models.QuerySet[Any]) -> tuple[str, Place | None]:
    """Return the key and anchor of the first of ``rows``, by one query; nothing if there is none.

    For what a person may not see: only identifiers are read.
    """
    model: Any = rows.model
    paths = ways(model)
    first = rows.order_by().values_list("pk", *_columns(paths)).first()
    if first is None:
        return "", None
    return str(first[0]), _first(paths, first[1:])


def owner_of(record: Any) -> uuid.UUID | None:
    """Return the agency whose information a record is, where it says so."""
    owner: uuid.UUID | None = getattr(record, "agency_id", None)
    return owner


def touched(
    shown: Iterable[type[models.Model]], records: Iterable[Any] = (), named: Iterable[str] = ()
) -> set[str]:
    """Return what kinds of information lie in models and records; ``named`` are added."""
    kinds = set(named)
    if any(touches_people(model) for model in shown):
        kinds.add(PERSONAL)
    if any(getattr(one, "marking", "") == Marking.OFFICIAL_SENSITIVE for one in records):
        kinds.add(SENSITIVE)
    return kinds


def _loaded(record: models.Model) -> tuple[Place | None, bool]:
    """Return the anchor as far as it is in memory, and whether that is the whole answer."""
    sure = True
    for path, label in ways(record.__class__):
        if not path:
            return (label, record.pk), True
        *before, last = path.split("__")
        at: Any = record
        for part in before:
            if at is not None and not type(at)._meta.get_field(part).is_cached(at):
                sure = False
                break
            at = getattr(at, part) if at is not None else None
        else:
            name = type(at)._meta.get_field(last).attname if at is not None else ""
            if name and name in at.get_deferred_fields():
                sure = False
            elif name and getattr(at, name) is not None:
                return (label, getattr(at, name)), True
    return None, sure


def _asked(rows: models.QuerySet[Any], model: type[models.Model]) -> list[Place | None]:
    paths = ways(model)
    found = rows.order_by().values_list(*_columns(paths)).distinct()
    return [_first(paths, row) for row in found]


def _columns(paths: Sequence[tuple[str, str]]) -> list[str]:
    return [path or "pk" for path, _label in paths]


def _first(paths: Sequence[tuple[str, str]], values: Sequence[Any]) -> Place | None:
    for (_path, label), value in zip(paths, values, strict=True):
        if value is not None:
            return label, value
    return None
