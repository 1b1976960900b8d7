"""What is OFFICIAL-SENSITIVE in a quarter: gathered apart, printed as a document of its own.

The report itself counts it and stays as it is marked; the annex goes to those only who read
evidence and whose agency is covered for the sensitive notes of every agency named in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.choices import Marking
from core.marking import SENSITIVE, handling_of
from core.pdf import render_pdf
from core.records import digest
from core.screen import day
from programmes.models import Evidence, Location, Programme, StepRecord
from reports.quarters import Quarter

NOBODY = UUID(int=0)
"""Stands among the owners for information that no agency is named for: nobody is covered."""


@dataclass(frozen=True, slots=True)
class SensitivePiece:
    """A piece of sensitive evidence of the quarter, as it stood on the report's day."""

    done_on: dt.date
    step: int
    kind: str
    title: str
    note: str
    link: str
    file_name: str
    handling: str
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class SensitiveStep:
    """A step whose notes are sensitive, as they stood when the report was built."""

    number: int
    name: str
    notes: str
    out_of_order_reason: str
    handling: str


@dataclass(frozen=True, slots=True)
class AnnexPart:
    """One location's part of an annex."""

    name: str
    pieces: tuple[SensitivePiece, ...]
    steps: tuple[SensitiveStep, ...]


@dataclass(frozen=True, slots=True)
class AnnexFigures:
    """Everything an annex says, and whose information it is."""

    slug: str
    name: str
    quarter: str
    as_at: dt.date
    handling: str
    locations: tuple[AnnexPart, ...]
    owners: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Return the sha-256 of all it says."""
        return digest(self)


def gather_annex(
    *,
    subject: Location | Programme,
    quarter: Quarter,
    as_at: dt.date,
    locations: Sequence[Location],
    evidence: Sequence[Evidence],
    records: Sequence[StepRecord],
) -> AnnexFigures | None:
    """Return what is sensitive in a quarter, None if nothing is.

    ``evidence`` are the pieces that stood on the day ``as_at`` (with step, kind and file fetched),
    ``records`` the steps of the locations; both may hold what is not sensitive.
    """
    programme = subject if isinstance(subject, Programme) else subject.programme
    pieces = [
        row for row in evidence if row.marking == SENSITIVE and row.done_on >= quarter.first_day
    ]
    steps = [
        row
        for row in records
        if row.marking == SENSITIVE and (row.notes or row.out_of_order_reason)
    ]
    parts = tuple(
        AnnexPart(
            name=location.name,
            pieces=tuple(
                _piece(row) for row in pieces if row.step_record.location_id == location.pk
            ),
            steps=tuple(
                _step(row, as_at)
                for row in sorted(steps, key=lambda r: r.definition.number)
                if row.location_id == location.pk
            ),
        )
        for location in locations
    )
    kept = tuple(part for part in parts if part.pieces or part.steps)
    if not kept:
        return None
    owners = {row.agency_id or programme.lead_agency_id for row in pieces}
    owners |= {programme.lead_agency_id} if steps else set()
    marked: list[Any] = [*pieces, *steps]
    return AnnexFigures(
        slug=subject.slug,
        name=subject.name,
        quarter=str(quarter),
        as_at=as_at,
        handling=handling_of((row.marking, row.handling) for row in marked),
        locations=kept,
        owners=tuple(sorted(str(owner or NOBODY) for owner in owners)),
    )


def _piece(row: Evidence) -> SensitivePiece:
    return SensitivePiece(
        done_on=row.done_on,
        step=row.step_record.definition.number,
        kind=row.wanted.label if row.wanted else "",
        title=row.title,
        note=row.note,
        link=row.link,
        file_name=row.file.name if row.file else "",
        handling=row.handling,
        is_demonstration=row.is_demonstration,
    )


def _step(row: StepRecord, as_at: dt.date) -> SensitiveStep:
    told = row.out_of_order_on is None or row.out_of_order_on <= as_at
    return SensitiveStep(
        number=row.definition.number,
        name=row.definition.name,
        notes=row.notes,
        out_of_order_reason=row.out_of_order_reason if told else "",
        handling=row.handling,
    )


def as_pdf(annex: AnnexFigures) -> bytes:
    """Return the annex as tagged PDF; the same content gives the same bytes."""
    quarter = Quarter.parse(annex.quarter)
    marking = str(Marking.OFFICIAL_SENSITIVE.label)
    html = render_to_string(
        "reports/annex_pdf.html",
        {
            "annex": annex,
            "title": _("%(marking)s annex: %(name)s") % {"marking": marking, "name": annex.name},
            "subtitle": _("To the progress report for %(quarter)s") % {"quarter": quarter.words},
            "marking": marking,
            "handling": annex.handling,
            "produced_line": _("As at %(date)s · fingerprint %(fingerprint)s")
            % {"date": day(annex.as_at), "fingerprint": annex.fingerprint[:12]},
            "single": len(annex.locations) == 1,
        },
    )
    return render_pdf(html, marking=marking)
