"""What happened lately: evidence recorded, steps signed off and opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from programmes.models import Evidence, Location, SignOff
from programmes.sharing import Shared, opens_evidence, opens_sign_off


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, in the words and shape of the timeline."""

    title: str
    at: dt.date
    by: str
    text: str
    href: str
    link_text: str


def happenings(
    locations: Iterable[Location],
    *,
    shared: Mapping[UUID, Shared],
    until: dt.date,
    limit: int,
    not_by: Any = None,
    since: dt.date | None = None,
) -> tuple[Happening, ...]:
    """Return the newest happenings at some locations, by the day they were done. Three queries.

    ``shared`` is what the reader is covered for in each programme: of what is withheld, only that
    it happened is told. ``not_by`` leaves one person's own doings out.
    """
    places = list(locations)
    evidence = Evidence.objects.filter(
        step_record__location__in=places, done_on__lte=until, withdrawn_on__isnull=True
    ).select_related("step_record__definition", "step_record__location", "recorded_by", "wanted")
    signed = SignOff.objects.filter(
        step_record__location__in=places, signed_on__lte=until
    ).select_related("step_record__definition", "step_record__location", "signed_by")
    opened = SignOff.objects.filter(
        step_record__location__in=places, reopened_on__lte=until
    ).select_related("step_record__definition", "step_record__location", "reopened_by")
    if since is not None:
        evidence = evidence.filter(done_on__gte=since)
        signed = signed.filter(signed_on__gte=since)
        opened = opened.filter(reopened_on__gte=since)
    if not_by is not None:
        evidence = evidence.exclude(recorded_by=not_by)
        signed = signed.exclude(signed_by=not_by)
        opened = opened.exclude(reopened_by=not_by)
    found = [
        *(
            _recorded(row, shared[row.step_record.location.programme_id])
            for row in evidence.order_by("-done_on", "-created_at")[:limit]
        ),
        *(
            _told(
                _("Signed off"),
                row.signed_on,
                row.signed_by,
                _text(row, row.statement, shared),
                row.step_record,
            )
            for row in signed.order_by("-signed_on", "-created_at")[:limit]
        ),
        *(
            _told(
                _("Opened again"),
                row.reopened_on,
                row.reopened_by,
                _text(row, row.reopened_reason, shared),
                row.step_record,
            )
            for row in opened.order_by("-reopened_on", "-created_at")[:limit]
        ),
    ]
    return tuple(sorted(found, key=lambda item: item.at, reverse=True)[:limit])


def _recorded(row: Any, shared: Shared) -> Happening:
    if opens_evidence(shared, row):
        return _told(row.title, row.done_on, row.recorded_by, "", row.step_record)
    title = row.wanted.label if row.wanted else _("Other evidence")
    return _told(title, row.done_on, "", _("Its content is withheld."), row.step_record)


def _text(row: Any, text: str, shared: Mapping[UUID, Shared]) -> str:
    return text if opens_sign_off(shared[row.step_record.location.programme_id], row) else ""


def _told(title: str, at: Any, by: Any, text: str, record: Any) -> Happening:
    return Happening(
        title=title,
        at=at,
        by=str(by),
        text=text,
        href=record.get_absolute_url(),
        link_text=_("%(place)s, step %(number)d: %(name)s")
        % {
            "place": record.location.name,
            "number": record.definition.number,
            "name": record.definition.name,
        },
    )
