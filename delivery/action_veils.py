"""What the history of actions leaves out for a reader: the words of what is withheld now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from core.choices import Marking
from delivery.models import Action, ActionComment
from delivery.selectors.actions import opens_action, opens_comment
from programmes.sharing import Shared, shared_over

ACTION = frozenset(
    {
        "details",
        "proposed_why",
        "blocked_reason",
        "closing_note",
        "dropped_reason",
        "photo",
        "handling",
    }
)
COMMENT = frozenset({"text", "handling"})
NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)


def of_actions(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil actions that are marked, or were, unless they are open to the reader."""
    rows = Action.objects.filter(pk__in=_ids(events)).prefetch_related("helpers")
    found = {row.pk: row for row in rows.select_related("location__programme")}
    marked = _marked(events)
    shared = _shared(reader, {row.location.programme for row in found.values()})
    veiled = {}
    for key in _ids(events):
        row = found.get(key)
        if row is not None and key in marked:
            row.marking = Marking.OFFICIAL_SENSITIVE
        is_open = (
            key not in marked
            if row is None
            else opens_action(shared.get(row.location.programme_id, NOBODY), row, reader)
        )
        if not is_open:
            veiled[key] = ACTION
    return veiled


def of_comments(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil comments that are marked, or stand on a marked action."""
    rows = ActionComment.objects.filter(pk__in=_ids(events)).select_related(
        "action__location__programme"
    )
    found = {row.pk: row for row in rows.prefetch_related("action__helpers")}
    marked = _marked(events)
    shared = _shared(reader, {row.action.location.programme for row in found.values()})
    veiled = {}
    for key in _ids(events):
        row = found.get(key)
        if row is not None and key in marked:
            row.marking = Marking.OFFICIAL_SENSITIVE
        is_open = (
            key not in marked
            if row is None
            else opens_comment(
                shared.get(row.action.location.programme_id, NOBODY), row, row.action, reader
            )
        )
        if not is_open:
            veiled[key] = COMMENT
    return veiled


def _ids(events: Iterable[Any]) -> set[UUID]:
    return {one.pgh_obj_id for one in events}


def _marked(events: Iterable[Any]) -> set[UUID]:
    return {one.pgh_obj_id for one in events if one.marking == Marking.OFFICIAL_SENSITIVE}


def _shared(reader: Any, programmes: Iterable[Any]) -> dict[UUID, Shared]:
    return {} if reader is None else shared_over(reader, programmes)
