"""Reads of the ground floor: what changed on a record, when, by whom and why."""

from __future__ import annotations

import datetime as dt
import json
import operator
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.functions import Lag
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import screen
from core.together import together

# Kept by the machine, of no interest to a reader.
UNTOLD = frozenset({"id", "version", "created_at", "updated_at", "is_demonstration"})


# What a model's history leaves out: (reader, events) → names of fields by the record's id.
Veil = Callable[[Any, Sequence[Any]], Mapping[Any, frozenset[str]]]
_veils: dict[type[models.Model], Veil] = {}


def register_veil(model: type[models.Model], veil: Veil) -> None:
    """Let an app say which fields of a model's history are withheld from whom."""
    if model in _veils:
        raise ImproperlyConfigured(f"{model.__name__} has a veil already.")
    _veils[model] = veil


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after, as words."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry in a record's history.

    ``what`` is insert, update or delete; ``subject`` the kind of record in words and ``name`` which
    one (empty where its kind says it all); ``who`` the person's name (or that the system did it);
    ``why`` the reason given, empty where none is asked. ``fields`` holds what an update altered,
    empty for the others.
    """

    at: dt.datetime
    what: str
    subject: str
    name: str
    who: str
    why: str
    fields: tuple[FieldChange, ...]

    @property
    def title(self) -> str:
        """The entry in words: "Evidence added: Site visit"."""
        words = {
            "insert": _("%(subject)s added"),
            "update": _("%(subject)s changed"),
            "delete": _("%(subject)s deleted"),
        }
        title = words[self.what] % {"subject": capfirst(self.subject)}
        return f"{title}: {self.name}" if self.name else title


def history_of(
    *parts: models.Model | models.QuerySet[Any], limit: int = 100, reader: Any = None
) -> list[Change]:
    """Return the latest changes of these records, newest first.

    ``parts`` are saved objects, or querysets already scoped to the reader. Fields that are withheld
    from ``reader`` are told without their words; without a reader, all that can be withheld is.
    Queries do not grow with the number of changes: one that finds them, one for each kind of
    record, one for the people, one for each other kind of record that a changed field names.

    Raises TypeError for a model without history.
    """
    found = _latest(parts, limit)
    names = _names(found)
    veiled = _veiled(found, reader)
    return [
        _change(event, before, names, veiled.get((event.pgh_tracked_model, event.pgh_obj_id)))
        for event, before in found
    ]


def _veiled(
    pairs: Sequence[tuple[Any, Any]], reader: Any
) -> dict[tuple[type[models.Model], Any], frozenset[str]]:
    """Return the fields that are withheld, by kind of record and its id."""
    events: dict[type[models.Model], list[Any]] = {}
    for event, before in pairs:
        if event.pgh_tracked_model in _veils:
            told = [event] if before is None else [event, before]
            events.setdefault(event.pgh_tracked_model, []).extend(told)
    with together():
        return {
            (model, key): fields
            for model, told in events.items()
            for key, fields in _veils[model](reader, told).items()
        }


def makers_of(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, str]:
    """Return who made each of these records, by name; those the system made are left out.

    Two queries, whatever their number. Raises TypeError for a model without history.
    """
    event_model = _event_model(model)
    if event_model is None:
        raise TypeError(f"{model.__name__} keeps no history.")
    made = event_model.objects.filter(pgh_obj_id__in=list(keys), pgh_label="insert")
    people = {
        event.pgh_obj_id: person
        for event in made.select_related("pgh_context")
        if (person := _person_of(event)) is not None
    }
    names = get_user_model()._base_manager.in_bulk(list(set(people.values())))
    return {key: str(names[person]) for key, person in people.items() if person in names}


def keeps_history(model: type[models.Model]) -> bool:
    """Say whether a model's changes are recorded."""
    return _event_model(model) is not None


@cache
def _event_model(model: Any) -> Any:
    for candidate in apps.get_models():
        if getattr(candidate, "pgh_tracked_model", None) is model:
            return candidate
    return None


def _latest(
    parts: Sequence[models.Model | models.QuerySet[Any]], limit: int
) -> list[tuple[Any, Any]]:
    """Pair the latest events, newest first, with the event before each (None for the first)."""
    kinds = [_events_of(part) for part in parts]
    ids = [
        events.order_by()
        .annotate(pgh_part=models.Value(number), pgh_before=BEFORE)
        .values_list("pgh_created_at", "pgh_id", "pgh_part", "pgh_before")
        for number, events in enumerate(kinds)
    ]
    # Events of one transaction share their time, so among them the order is that of their ids.
    ordered = ids[0].union(*ids[1:], all=True).order_by("-pgh_created_at", "-pgh_id")
    wanted = [row[1:] for row in ordered[:limit]]
    events: dict[tuple[int, Any], Any] = {}
    for number, rows in enumerate(kinds):
        keys = {key for event, kind, before in wanted if kind == number for key in (event, before)}
        if keys - {None}:
            read = rows.model.objects.select_related("pgh_context").in_bulk(list(keys - {None}))
            events.update({(number, key): event for key, event in read.items()})
    return [(events[kind, event], events.get((kind, before))) for event, kind, before in wanted]


# The id of the event before, of the same record.
BEFORE = models.Window(
    Lag("pgh_id"), partition_by=models.F("pgh_obj_id"), order_by=models.F("pgh_id").asc()
)


def _events_of(part: models.Model | models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return all events of a record or of the records of a queryset."""
    model: Any = part.model if isinstance(part, models.QuerySet) else type(part)
    event_model = _event_model(model)
    if event_model is None:
        raise TypeError(f"{model.__name__} keeps no history.")
    keys: Any = part.values("pk") if isinstance(part, models.QuerySet) else [part.pk]
    events: models.QuerySet[Any] = event_model.objects.filter(pgh_obj_id__in=keys)
    return events


def _told_fields(event: Any) -> Iterable[models.Field[Any, Any]]:
    kept = {field.name for field in type(event)._meta.concrete_fields}
    for field in event.pgh_tracked_model._meta.concrete_fields:
        if field.name in kept and field.name not in UNTOLD:
            yield field


def _altered(event: Any, before: Any) -> list[models.Field[Any, Any]]:
    if event.pgh_label != "update" or before is None:
        return []
    return [
        field
        for field in _told_fields(event)
        if getattr(event, field.attname) != getattr(before, field.attname)
    ]


def _person_of(event: Any) -> uuid.UUID | None:
    found = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
    return uuid.UUID(found) if found else None


def _name_bearer(event: Any) -> Any:
    """Return the foreign key by whose record a change is named, if the model says one."""
    named_by = getattr(event.pgh_tracked_model, "named_by", None)
    return event.pgh_tracked_model._meta.get_field(named_by) if named_by else None


def _name(event: Any, names: dict[tuple[type[models.Model], Any], str]) -> str:
    """Return which record a change is about: its own title or name, or what it is named by."""
    bearer = _name_bearer(event)
    if bearer is not None:
        return names.get((bearer.related_model, getattr(event, bearer.attname)), "")
    return str(getattr(event, "title", "") or getattr(event, "name", ""))


def _names(pairs: Sequence[tuple[Any, Any]]) -> dict[tuple[type[models.Model], Any], str]:
    """Return the words for every record that the changes name, people among them."""
    person = get_user_model()
    wanted: dict[type[models.Model], set[Any]] = {person: set()}
    for event, before in pairs:
        wanted[person].add(_person_of(event))
        bearer = _name_bearer(event)
        if bearer is not None:
            wanted.setdefault(bearer.related_model, set()).add(getattr(event, bearer.attname))
        for field in _altered(event, before):
            if isinstance(field, models.ForeignKey):
                target: Any = field.related_model
                keys = {getattr(event, field.attname), getattr(before, field.attname)}
                wanted.setdefault(target, set()).update(keys)
    names: dict[tuple[type[models.Model], Any], str] = {}
    for model, keys in wanted.items():
        keys.discard(None)
        if keys:
            needs = getattr(model, "name_needs", ())
            rows = model._base_manager.select_related(*needs).in_bulk(list(keys))
            names.update({(model, key): str(row) for key, row in rows.items()})
    return names


def _change(
    event: Any,
    before: Any,
    names: dict[tuple[type[models.Model], Any], str],
    veiled: frozenset[str] | None,
) -> Change:
    hidden = veiled or frozenset()
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    person = _person_of(event)
    who = _("the system")
    if person is not None:
        who = names.get((get_user_model(), person), _("a person no longer held"))
    fields = tuple(
        FieldChange(
            name=field.name,
            label=capfirst(str(field.verbose_name)),
            old=_("withheld")
            if field.name in hidden
            else _words(field, getattr(before, field.attname), names),
            new=_("withheld")
            if field.name in hidden
            else _words(field, getattr(event, field.attname), names),
        )
        for field in sorted(_altered(event, before), key=operator.attrgetter("creation_counter"))
    )
    return Change(
        at=event.pgh_created_at,
        what=event.pgh_label,
        subject=str(event.pgh_tracked_model._meta.verbose_name),
        name=_("withheld") if hidden & {"title", "name"} else _name(event, names),
        who=_("withheld") if "recorded_by" in hidden else who,
        why=_("withheld") if hidden and metadata.get("reason") else metadata.get("reason", ""),
        fields=fields,
    )


def _words(
    field: models.Field[Any, Any],
    value: Any,
    names: dict[tuple[type[models.Model], Any], str],
) -> str:
    """Return a stored value as a reader wants it."""
    if value is None or value in ("", [], {}):
        return _("nothing")
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        return names.get((target, value), _("a record no longer held"))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain_words(value)


def _plain_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return screen.moment(value)
    if isinstance(value, dt.date):
        return screen.day(value)
    if isinstance(value, GEOSGeometry):
        return _("a boundary of %(count)s points") % {"count": value.num_coords}
    return _several_words(value) if isinstance(value, (dict, list)) else str(value)


def _several_words(value: dict[str, Any] | list[Any]) -> str:
    if isinstance(value, list) and value and all(isinstance(one, uuid.UUID) for one in value):
        return ngettext("%(count)d record", "%(count)d records", len(value)) % {"count": len(value)}
    return json.dumps(value, ensure_ascii=False, default=str)
