"""Taking a table in, and asking for it to be stored or undone."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.choices import JobState, TabularState
from core.errors import NotAllowed, Refused
from core.jobs import request_job
from core.models import JobRun, TabularImport
from core.tabular.checking import ERROR, SAME, check
from core.tabular.reading import Sheet
from core.tabular.registry import Table, table_of

APPLY, UNDO = "core.tabular", "core.tabular_undo"
UNSTORED_KEPT, STORED_KEPT = dt.timedelta(days=7), dt.timedelta(days=365)


def target_of(table: Table, target_id: Any, by: Any) -> Any:
    """Return the record under which rows go. Raises NotAllowed unless ``by`` may send there."""
    found = table.target().visible_to(by, table.permission).filter(pk=target_id).first()
    if found is None:
        raise NotAllowed(_("Your role does not let you send this table here any more."))
    return found


def receive_table(
    *,
    table: Table,
    target: Any,
    sheet: Sheet,
    by: Any,
    id: UUID | None = None,  # noqa: A002  # the field's own name
) -> TabularImport:
    """Check a table that was read and keep it with what would be done; nothing else is stored.

    The same ``id`` again returns what is there. Raises BadInput for a table that cannot be taken
    as a whole, NotAllowed; Refused for a repeat of another's id.
    """
    target_of(table, target.pk, by)
    key = id or uuid4()
    there = _earlier(key, sheet, by)
    if there is not None:
        return there
    columns, rows = check(table, target, by, sheet, key)
    try:
        with transaction.atomic():
            return TabularImport.objects.create(
                pk=key,
                kind=table.key,
                target=target._meta.label,
                target_id=str(target.pk),
                requested_by=by,
                file_name=sheet.name[:255],
                sha256=sheet.sha256,
                columns=[{"name": column.name, "title": column.title} for column in columns],
                rows=[row.stored() for row in rows],
                notes=list(sheet.notes),
            )
    except IntegrityError:  # the same sending at the same moment
        there = _earlier(key, sheet, by)
        if there is None:
            raise
        return there


def _earlier(key: UUID, sheet: Sheet, by: Any) -> TabularImport | None:
    there = TabularImport.objects.filter(pk=key).first()
    if there is not None and (there.requested_by_id != by.pk or there.sha256 != sheet.sha256):
        raise Refused(
            _("This form was sent before with other content. Open a new form and try again.")
        )
    return there


def state_of(sent: TabularImport) -> TabularState:
    """Return where a table stands: a job that ended without storing has changed nothing."""
    state = TabularState(sent.state)
    if state is TabularState.APPLYING and not (sent.job is not None and sent.job.is_open):
        return TabularState.PREVIEWED
    return state


def is_undoing(sent: TabularImport) -> bool:
    """Say whether a stored table is being taken back at this moment."""
    running = JobRun.objects.open().filter(kind=UNDO, key=str(sent.pk))
    return sent.state == TabularState.APPLIED and running.exists()


@transaction.atomic
def request_apply(*, sent: TabularImport, good_rows_only: bool, by: Any) -> TabularImport:
    """Ask for a checked table to be stored, as a job in the sender's name.

    ``good_rows_only`` leaves wrong rows out; without it, a table with wrong rows is Refused. A
    second request finds the first. Raises Refused, NotAllowed.
    """
    sent = TabularImport.objects.select_for_update().get(pk=sent.pk)
    _require_sender(sent, by)
    table = table_of(sent.kind)
    target_of(table, sent.target_id, by)
    if state_of(sent) is not TabularState.PREVIEWED:
        return sent
    plans = [row["plan"] for row in sent.rows]
    if ERROR in plans and not good_rows_only:
        raise Refused(_("Some rows are wrong. Mend them, or choose to store the good rows only."))
    if all(plan in (ERROR, SAME) for plan in plans):
        raise Refused(_("There is nothing to store in this table."))
    sent.job = request_job(
        kind=APPLY,
        key=str(sent.pk),
        params={"table": str(sent.pk), "good_rows_only": good_rows_only},
        by=by,
        title=_("Store table: %(name)s") % {"name": sent.file_name},
    )
    sent.state = TabularState.APPLYING
    sent.save(update_fields=["job", "state", "updated_at"])
    return sent


@transaction.atomic
def request_undo(*, sent: TabularImport, by: Any) -> TabularImport:
    """Ask for a stored table to be taken back, as a job. Raises Refused, NotAllowed."""
    sent = TabularImport.objects.select_for_update().get(pk=sent.pk)
    _require_sender(sent, by)
    table = table_of(sent.kind)
    target_of(table, sent.target_id, by)
    if table.undo is None:
        raise Refused(_("Tables of this kind cannot be undone."))
    if sent.state == TabularState.UNDONE:
        return sent
    if sent.state != TabularState.APPLIED:
        raise Refused(_("This table is not stored, so there is nothing to undo."))
    sent.job = request_job(
        kind=UNDO,
        key=str(sent.pk),
        params={"table": str(sent.pk)},
        by=by,
        title=_("Undo table: %(name)s") % {"name": sent.file_name},
    )
    sent.save(update_fields=["job", "updated_at"])
    return sent


def forget_old_tables() -> int:
    """Delete tables never stored after a week, the others with their texts after a year."""
    now = clock.now()
    idle = TabularImport.objects.exclude(job__state__in=JobState.open_states())
    unstored = idle.filter(
        state__in=(TabularState.PREVIEWED, TabularState.APPLYING),
        updated_at__lt=now - UNSTORED_KEPT,
    )
    old = idle.filter(updated_at__lt=now - STORED_KEPT)
    removed = unstored.delete()[0]
    return removed + old.delete()[0]


def _require_sender(sent: TabularImport, by: Any) -> None:
    if by is None or sent.requested_by_id != by.pk:
        raise NotAllowed(_("A table is its sender's: nobody else can store or undo it."))


def ended_badly(sent: TabularImport) -> JobRun | None:
    """Return the last job of a table if it ended without doing its work."""
    if sent.job is None or sent.job.is_open or sent.job.state == JobState.SUCCEEDED:
        return None
    return sent.job
