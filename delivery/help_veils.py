"""What the history of asking for help leaves out for a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.choices import Marking
from delivery.models import HelpRequest
from delivery.selectors.help import opens
from programmes.sharing import Shared, shared_over

HELP = frozenset({"reason", "decision", "help_from", "withdrawn_reason", "handling"})
NOBODY = Shared(user_id=None, agency_id=None, lead_agency_id=None)


def of_help(reader: Any, events: Sequence[Any]) -> Mapping[UUID, frozenset[str]]:
    """Veil requests that are marked, or were, unless they are open to the reader."""
    ids = {one.pgh_obj_id for one in events}
    marked = {one.pgh_obj_id for one in events if one.marking == Marking.OFFICIAL_SENSITIVE}
    rows = HelpRequest.objects.filter(pk__in=ids).select_related("location__programme")
    found = {row.pk: row for row in rows}
    programmes = {row.location.programme for row in found.values()}
    shared = {} if reader is None else shared_over(reader, programmes)
    veiled = {}
    for key in ids:
        row = found.get(key)
        if row is not None and key in marked:
            row.marking = Marking.OFFICIAL_SENSITIVE
        is_open = (
            key not in marked
            if row is None
            else opens(shared.get(row.location.programme_id, NOBODY), row)
        )
        if not is_open:
            veiled[key] = HELP
    return veiled
