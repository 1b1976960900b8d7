"""A step's page: its question, what it wants, what is there, who signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import clock
from programmes.models import StepRecord
from programmes.selectors.facts import StepFacts, facts_for
from programmes.steps import earlier_open


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence as shown; withdrawn pieces keep their reason."""

    id: UUID
    title: str
    note: str
    link: str
    file_name: str
    file_size: int | None
    wanted_id: UUID | None
    wanted_label: str
    done_on: dt.date
    recorded_by: str
    is_demonstration: bool
    withdrawn_on: dt.date | None
    withdrawn_by: str
    withdrawn_reason: str


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """One sign-off as shown, standing or opened again."""

    signed_on: dt.date
    signed_by: str
    statement: str
    by_own_hand: bool
    reopened_on: dt.date | None
    reopened_by: str
    reopened_reason: str


@dataclass(frozen=True, slots=True)
class StepDetail:
    """Everything a step's page shows.

    ``open_before`` are the numbers of earlier steps that are not signed off; while there are any
    and no reason is kept, new work needs one.
    """

    facts: StepFacts
    all_steps: tuple[StepFacts, ...]
    question: str
    guidance: str
    deliverables: tuple[str, ...]
    lead: str
    notes: str
    version: int
    out_of_order_on: dt.date | None
    out_of_order_by: str
    open_before: tuple[int, ...]
    evidence: tuple[EvidenceLine, ...]
    withdrawn: tuple[EvidenceLine, ...]
    sign_offs: tuple[SignOffLine, ...]

    @property
    def needs_reason(self) -> bool:
        """Whether new work on this step needs a reason, being out of order."""
        return bool(self.open_before) and not self.facts.out_of_order_reason


def step_detail(*, record: StepRecord, on: dt.date | None = None) -> StepDetail:
    """Return a step's page. The steps of the whole location are read, for the strip above it."""
    on = on or clock.today()
    all_steps = facts_for([record.location], on=on)[record.location_id]
    facts = next(step for step in all_steps if step.record_id == record.pk)
    lines = [
        _line(row)
        for row in record.evidence.select_related("wanted", "file", "recorded_by", "withdrawn_by")
    ]
    definition = record.definition
    return StepDetail(
        facts=facts,
        all_steps=tuple(all_steps),
        question=definition.question,
        guidance=definition.guidance,
        deliverables=tuple(definition.deliverables),
        lead=definition.lead,
        notes=record.notes,
        version=record.version,
        out_of_order_on=record.out_of_order_on,
        out_of_order_by=str(record.out_of_order_by or ""),
        open_before=tuple(
            earlier_open(facts.number, [(s.number, s.is_signed_off) for s in all_steps])
        ),
        evidence=tuple(line for line in lines if line.withdrawn_on is None),
        withdrawn=tuple(line for line in lines if line.withdrawn_on is not None),
        sign_offs=tuple(
            SignOffLine(
                signed_on=row.signed_on,
                signed_by=str(row.signed_by),
                statement=row.statement,
                by_own_hand=row.by_own_hand,
                reopened_on=row.reopened_on,
                reopened_by=str(row.reopened_by or ""),
                reopened_reason=row.reopened_reason,
            )
            for row in record.sign_offs.select_related("signed_by", "reopened_by").order_by(
                "-signed_on", "-created_at"
            )
        ),
    )


def _line(row: Any) -> EvidenceLine:
    return EvidenceLine(
        id=row.pk,
        title=row.title,
        note=row.note,
        link=row.link,
        file_name=row.file.name if row.file else "",
        file_size=row.file.size if row.file else None,
        wanted_id=row.wanted_id,
        wanted_label=row.wanted.label if row.wanted else "",
        done_on=row.done_on,
        recorded_by=str(row.recorded_by),
        is_demonstration=row.is_demonstration,
        withdrawn_on=row.withdrawn_on,
        withdrawn_by=str(row.withdrawn_by or ""),
        withdrawn_reason=row.withdrawn_reason,
    )
