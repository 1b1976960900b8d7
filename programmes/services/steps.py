"""What happens to a step: it starts, its plan changes, it is signed off, it is opened again."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core import clock
from core.errors import Refused
from core.history import because
from core.marking import refuse_unhandled
from programmes import policy
from programmes.models import SignOff, StepRecord
from programmes.services.repeats import create_once, earlier, is_demonstration
from programmes.sharing import require_open_step
from programmes.steps import day, earlier_open, numbers_words


@transaction.atomic
def start_step(
    *, record: StepRecord, started_on: dt.date, by: Any, out_of_order_reason: str = ""
) -> StepRecord:
    """Say on which day work on a step began; a second start on the same day changes nothing.

    The gate is soft: while earlier steps are not signed off a reason is asked for, kept and shown.
    Raises core.errors.NotAllowed, Refused (future date, missing reason, signed off, begun on
    another day).
    """
    policy.require(by, Permission.STEP_RECORD, record)
    stored = locked(record)
    if stored.started_on == started_on:
        return stored
    refuse_if_signed_off(stored)
    if stored.started_on is not None:
        raise Refused(_("This step began on %(date)s already.") % {"date": day(stored.started_on)})
    refuse_future(started_on)
    with because(by=by, reason=out_of_order_reason):
        begin(stored, on=started_on, by=by, reason=out_of_order_reason)
    return stored


@transaction.atomic
def edit_plan(
    *,
    record: StepRecord,
    planned_start: dt.date,
    planned_end: dt.date,
    notes: str,
    version: int,
    by: Any,
    marking: str | None = None,
    handling: str | None = None,
) -> StepRecord:
    """Change a step's planned dates and notes, and how these are marked (None: as before).

    Raises core.errors.Conflict if someone saved in between, NotAllowed, Refused (end before
    start, step signed off, OFFICIAL-SENSITIVE without handling).
    """
    policy.require(by, Permission.STEP_RECORD, record)
    require_open_step(by, record)
    refuse_if_signed_off(record)
    if planned_end < planned_start:
        raise Refused(_("The planned end must be on or after the planned start."))
    record.planned_start, record.planned_end, record.notes = planned_start, planned_end, notes
    record.marking = record.marking if marking is None else marking
    record.handling = record.handling if handling is None else handling
    refuse_unhandled(record.marking, record.handling)
    with because(by=by):
        record.save_version(
            version,
            update_fields=[
                "planned_start",
                "planned_end",
                "notes",
                "marking",
                "handling",
                "version",
                "updated_at",
            ],
        )
    return record


@transaction.atomic
def sign_off(
    *,
    record: StepRecord,
    by: Any,
    statement: str = "",
    signed_on: dt.date | None = None,
    id: UUID | None = None,  # noqa: A002  # the field's own name
    demonstration: bool | None = None,
) -> SignOff:
    """State that a step is done. The gate is hard: all required evidence must be there.

    Whether the person also recorded evidence on the step is kept and shown with the sign-off.
    Raises core.errors.NotAllowed, Refused (evidence missing, signed off already, out of order
    without a reason, future date, conflicting repeat).
    """
    from programmes.selectors.facts import facts_of

    policy.require(by, Permission.STEP_SIGN_OFF, record)
    stored = locked(record)
    same = {"step_record": stored, "signed_by": by, "statement": statement}
    repeat = earlier(SignOff, id, same)
    if repeat is not None:
        return repeat
    signed_on = signed_on or clock.today()
    refuse_future(signed_on)
    facts = facts_of(stored)
    if facts.is_signed_off:
        raise Refused(_("This step is signed off already: %(reason)s") % {"reason": facts.reason})
    if facts.missing:
        raise Refused(
            _("Still missing: %(kinds)s.") % {"kinds": "; ".join(w.label for w in facts.missing)}
        )
    if not facts.is_begun:
        raise Refused(_("Nothing is recorded on this step. Start it first."))
    refuse_without_reason(stored, "")
    with because(by=by):
        made, _new = create_once(
            SignOff,
            id,
            same,
            signed_on=signed_on,
            by_own_hand=stored.evidence.filter(recorded_by=by, withdrawn_on__isnull=True).exists(),
            is_demonstration=is_demonstration(demonstration),
        )
    return made


@transaction.atomic
def reopen(*, record: StepRecord, reason: str, by: Any) -> SignOff:
    """Open a signed-off step again; the sign-off stays on the record with the reason.

    Raises core.errors.NotAllowed, Refused (not signed off, no reason).
    """
    policy.require(by, Permission.STEP_SIGN_OFF, record)
    if not reason.strip():
        raise Refused(_("Say why the step is opened again."))
    stored = locked(record)
    standing = stored.sign_offs.filter(reopened_on__isnull=True).first()
    if standing is None:
        raise Refused(_("This step is not signed off, so there is nothing to open again."))
    standing.reopened_on = clock.today()
    standing.reopened_by = by
    standing.reopened_reason = reason
    with because(by=by, reason=reason):
        standing.save(update_fields=["reopened_on", "reopened_by", "reopened_reason", "updated_at"])
    return standing


# --- Gates, shared with evidence ------------------------------------------------------------------


def locked(record: StepRecord) -> StepRecord:
    """Return the stored record, locked until the transaction ends: gates see a step that stands."""
    return (
        StepRecord.objects.select_for_update(of=("self",))
        .select_related("definition", "location__programme")
        .get(pk=record.pk)
    )


def refuse_if_signed_off(record: StepRecord) -> None:
    """Raise Refused for a step that stands signed off."""
    if record.sign_offs.filter(reopened_on__isnull=True).exists():
        raise Refused(_("This step is signed off. Open it again, with a reason, to change it."))


def refuse_future(date: dt.date) -> None:
    """Raise Refused for a day after today (by the business date)."""
    if date > clock.today():
        raise Refused(
            _("%(date)s lies in the future. Give the day on which it was done.")
            % {"date": day(date)}
        )


def refuse_without_reason(record: StepRecord, reason: str) -> None:
    """Raise Refused if earlier steps are not signed off and no reason is there or given."""
    if record.out_of_order_reason or reason.strip():
        return
    open_steps = open_before(record)
    if open_steps:
        raise Refused(
            _("This is out of order: %(steps)s not signed off yet. You can go on: say why.")
            % {"steps": numbers_words(open_steps)}
        )


def open_before(record: StepRecord) -> list[int]:
    """Return the numbers of this location's earlier steps that are not signed off."""
    others = StepRecord.objects.filter(location_id=record.location_id).values_list(
        "definition__number", "pk"
    )
    signed = set(
        SignOff.objects.filter(
            step_record__location_id=record.location_id, reopened_on__isnull=True
        ).values_list("step_record_id", flat=True)
    )
    return earlier_open(record.definition.number, [(number, pk in signed) for number, pk in others])


def begin(record: StepRecord, *, on: dt.date, by: Any, reason: str) -> None:
    """Begin a locked step (if it has not), keeping why out of order where it is.

    Raises core.errors.Refused if a reason is needed and missing.
    """
    refuse_without_reason(record, reason)
    fields = ["updated_at"]
    if not record.out_of_order_reason and reason.strip() and open_before(record):
        record.out_of_order_reason = reason.strip()
        record.out_of_order_on = clock.today()
        record.out_of_order_by = by
        fields += ["out_of_order_reason", "out_of_order_on", "out_of_order_by"]
    if record.started_on is None:
        record.started_on = on
        fields.append("started_on")
    if len(fields) > 1:
        record.version += 1
        record.save(update_fields=[*fields, "version"])
