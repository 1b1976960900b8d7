"""How steps stand with the verifier, and what was said on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max

from accounts.permissions import Permission
from accounts.sharing import Category
from programmes.choices import StepState, VerificationKind
from programmes.models import SignOff, StepRecord, Verification
from programmes.selectors.facts import StepFacts
from programmes.sharing import Shared, is_sensitive, opens_step, withheld_words

WAITS = (VerificationKind.SENT, VerificationKind.RESENT)
READY = (StepState.READY, StepState.SIGNED_OFF)


@dataclass(frozen=True, slots=True)
class VerificationLine:
    """One word in the verification of a step, as shown; ``withheld`` says why its text is not."""

    kind: str
    label: str
    said_on: dt.date
    said_by: str
    text: str
    withheld: str = ""
    marking: str = ""
    handling: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A step that waits for the verifier, or was returned to the location: since when, and why."""

    location: str
    number: int
    name: str
    url: str
    label: str
    since: dt.date
    by: str
    text: str


def latest_words(records: Iterable[UUID]) -> dict[UUID, Verification]:
    """Return the last word on each step, in two queries.

    A step that was opened again after it was verified is to be verified anew: it has none.
    """
    ids = list(records)
    rows = (
        Verification.objects.filter(step_record__in=ids)
        .select_related("said_by")
        .order_by("step_record_id", "-said_on", "-created_at")
        .distinct("step_record_id")
    )
    opened = dict(
        SignOff.objects.filter(step_record__in=ids, reopened_on__isnull=False)
        .order_by()
        .values_list("step_record")
        .annotate(latest=Max("reopened_on"))
    )
    return {
        row.step_record_id: row
        for row in rows
        if not (
            row.kind == VerificationKind.AGREED
            and row.step_record_id in opened
            and opened[row.step_record_id] >= row.said_on
        )
    }


def latest_word(record: StepRecord) -> Verification | None:
    """Return the last word on one step, None where it is to be verified for the first time."""
    return latest_words([record.pk]).get(record.pk)


def verification_lines(record: StepRecord, shared: Shared) -> tuple[VerificationLine, ...]:
    """Return all that was said on a step, the newest first; texts of a marked step are withheld."""
    rows = record.verifications.select_related("said_by").order_by("-said_on", "-created_at")
    return tuple(_line(row, record, shared) for row in rows)


def verifications_waiting(user: Any) -> tuple[tuple[ToVerify, ...], tuple[ToVerify, ...]]:
    """Return the steps sent to be verified where a person verifies, and those returned to them.

    The longest waiting first; one query.
    """
    rows: Any = Verification.objects.all()
    if not user.is_superuser:
        mine = rows.granted(user, Permission.STEP_VERIFY) | rows.granted(
            user, Permission.STEP_RECORD
        )
        rows = rows.filter(mine)
        rows = rows.with_can(user, Permission.STEP_VERIFY, name="can_verify").with_can(
            user, Permission.STEP_RECORD, name="can_record"
        )
    latest = list(
        rows.select_related("said_by", "step_record__definition", "step_record__location")
        .order_by("step_record_id", "-said_on", "-created_at")
        .distinct("step_record_id")
    )
    latest.sort(key=lambda row: (row.said_on, row.step_record.location.name))
    return (
        tuple(
            _waits(row) for row in latest if row.kind in WAITS and getattr(row, "can_verify", True)
        ),
        tuple(
            _waits(row)
            for row in latest
            if row.kind == VerificationKind.RETURNED and getattr(row, "can_record", True)
        ),
    )


def _waits(row: Any) -> ToVerify:
    step = row.step_record
    return ToVerify(
        location=step.location.name,
        number=step.definition.number,
        name=step.definition.name,
        url=step.get_absolute_url(),
        label=str(row.get_kind_display()),
        since=row.said_on,
        by=str(row.said_by),
        text="" if is_sensitive(row) or is_sensitive(step) else row.text,
    )


def _line(row: Verification, record: StepRecord, shared: Shared) -> VerificationLine:
    opens = opens_step(shared, record) and opens_step(shared, row)
    return VerificationLine(
        kind=row.kind,
        label=str(row.get_kind_display()),
        said_on=row.said_on,
        said_by=str(row.said_by),
        text=row.text if opens else "",
        withheld=""
        if opens
        else withheld_words(Category.SENSITIVE_NOTES, record.location.programme.lead_agency),
        marking=str(row.get_marking_display()),
        handling=row.handling if opens else "",
        is_sensitive=is_sensitive(row),
    )


@dataclass(frozen=True, slots=True)
class StepVerification:
    """How a step stands with the verifier, and what somebody may do about it now."""

    lines: tuple[VerificationLine, ...]
    kind: str
    may_send: bool
    may_verify: bool

    @property
    def is_returned(self) -> bool:
        """Whether it waits for the location's answer."""
        return self.kind == VerificationKind.RETURNED

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to show of it."""
        return bool(self.lines) or self.may_send or self.may_verify


def step_verification(
    *, record: StepRecord, facts: StepFacts, shared: Shared, rights: frozenset[Permission]
) -> StepVerification:
    """Return what a step's page shows of its verification; at most three queries."""
    lines = verification_lines(record, shared)
    word = latest_word(record) if lines else None
    ready = facts.state in READY and opens_step(shared, record)
    kind = word.kind if word else ""
    return StepVerification(
        lines=lines,
        kind=kind,
        may_send=ready
        and Permission.STEP_RECORD in rights
        and kind in ("", VerificationKind.RETURNED),
        may_verify=ready and Permission.STEP_VERIFY in rights and kind in ("", *WAITS),
    )
