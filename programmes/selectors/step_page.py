"""A step's page: its question, what it wants, what is there, who signed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.sharing import Category
from core import clock
from programmes.models import StepRecord
from programmes.selectors.facts import StepFacts, facts_for
from programmes.sharing import (
    Shared,
    is_sensitive,
    opens_evidence,
    opens_sign_off,
    opens_step,
    owner_of,
    withheld_words,
)
from programmes.steps import earlier_open


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece of evidence as shown; withdrawn pieces keep their reason.

    ``withheld`` says why its content is not shown (empty: it is); then only its kind, its date and
    its marking are here. ``agency`` is whose information it is.
    """

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
    agency: str = ""
    marking: str = ""
    handling: str = ""
    is_sensitive: bool = False
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """One sign-off as shown, standing or opened again; withheld texts are empty."""

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
    and no reason is kept, new work needs one. ``withheld`` says why notes, statements and reasons
    of a marked step are not shown (empty: they are).
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
    out_of_order_reason: str
    marking: str
    handling: str
    is_sensitive: bool
    withheld: str

    @property
    def needs_reason(self) -> bool:
        """Whether new work on this step needs a reason, being out of order."""
        return bool(self.open_before) and not self.facts.out_of_order_reason


def step_detail(*, record: StepRecord, shared: Shared, on: dt.date | None = None) -> StepDetail:
    """Return a step's page. The steps of the whole location are read, for the strip above it.

    ``shared`` is what the reader is covered for: what is marked and not covered is left out.
    """
    on = on or clock.today()
    programme = record.location.programme
    is_open = opens_step(shared, record)
    all_steps = facts_for([record.location], on=on)[record.location_id]
    facts = next(step for step in all_steps if step.record_id == record.pk)
    lines = [
        _line(row, shared, programme)
        for row in record.evidence.select_related(
            "wanted", "file", "recorded_by", "withdrawn_by", "agency"
        )
    ]
    definition = record.definition
    return StepDetail(
        facts=facts,
        all_steps=tuple(all_steps),
        question=definition.question,
        guidance=definition.guidance,
        deliverables=tuple(definition.deliverables),
        lead=definition.lead,
        notes=record.notes if is_open else "",
        version=record.version,
        out_of_order_on=record.out_of_order_on,
        out_of_order_by=str(record.out_of_order_by or ""),
        open_before=tuple(
            earlier_open(facts.number, [(s.number, s.is_signed_off) for s in all_steps])
        ),
        evidence=tuple(line for line in lines if line.withdrawn_on is None),
        withdrawn=tuple(line for line in lines if line.withdrawn_on is not None),
        sign_offs=tuple(
            _sign_off(row, shared, record)
            for row in record.sign_offs.select_related("signed_by", "reopened_by").order_by(
                "-signed_on", "-created_at"
            )
        ),
        out_of_order_reason=record.out_of_order_reason if is_open else "",
        marking=str(record.get_marking_display()),
        handling=record.handling if is_open else "",
        is_sensitive=is_sensitive(record),
        withheld="" if is_open else withheld_words(Category.SENSITIVE_NOTES, programme.lead_agency),
    )


def _sign_off(row: Any, shared: Shared, record: StepRecord) -> SignOffLine:
    row.step_record = record
    is_open = opens_sign_off(shared, row)
    return SignOffLine(
        signed_on=row.signed_on,
        signed_by=str(row.signed_by),
        statement=row.statement if is_open else "",
        by_own_hand=row.by_own_hand,
        reopened_on=row.reopened_on,
        reopened_by=str(row.reopened_by or ""),
        reopened_reason=row.reopened_reason if is_open else "",
    )


def _line(row: Any, shared: Shared, programme: Any) -> EvidenceLine:
    if not opens_evidence(shared, row):
        return _withheld_line(row, programme)
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
        agency=str(row.agency or ""),
        marking=str(row.get_marking_display()),
        handling=row.handling,
        is_sensitive=is_sensitive(row),
    )


def _withheld_line(row: Any, programme: Any) -> EvidenceLine:
    """Return what an uncovered reader learns: that it is there, what it stands for, and when."""
    label = row.wanted.label if row.wanted else ""
    return EvidenceLine(
        id=row.pk,
        title=label or _("Other evidence"),
        note="",
        link="",
        file_name="",
        file_size=None,
        wanted_id=row.wanted_id,
        wanted_label=label,
        done_on=row.done_on,
        recorded_by="",
        is_demonstration=row.is_demonstration,
        withdrawn_on=row.withdrawn_on,
        withdrawn_by="",
        withdrawn_reason="",
        agency=str(owner_of(row, programme) or ""),
        marking=str(row.get_marking_display()),
        is_sensitive=True,
        withheld=withheld_words(Category.SENSITIVE_NOTES, owner_of(row, programme)),
    )
