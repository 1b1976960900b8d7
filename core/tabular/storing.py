"""Stores a checked table row by row, and takes it back; called by the jobs, inside their fence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.choices import TabularState
from core.errors import BadInput, Conflict, Refused
from core.history import because
from core.models import TabularImport
from core.tabular.checking import (
    CREATE,
    ERROR,
    SAME,
    UPDATE,
    WHOLE_ROW,
    PlannedRow,
    plan_rows,
    row_id,
)
from core.tabular.columns import TableForm, plain, table_form
from core.tabular.registry import Table

Progress = Callable[[int, int], None]
ROW_REFUSALS = (Refused, Conflict, BadInput, IntegrityError)


class _Undo(Exception):
    """Rolls a savepoint back."""


def store(
    sent: TabularImport, *, table: Table, target: Any, good_rows_only: bool, by: Any, tell: Progress
) -> dict[str, int]:
    """Store a table: everything, or (``good_rows_only``) each row that can be; return the counts.

    If a row of the first kind turns out wrong, nothing is stored, the rows carry their errors, and
    ``wrong`` counts them. Call inside a transaction.
    """
    form = table_form(table, target, by)
    rows = [PlannedRow(row["row"], dict(row["values"])) for row in sent.rows]
    told = {row["row"]: row for row in sent.rows}
    for row in rows:
        for words in told[row.row]["errors"].get(WHOLE_ROW, []):
            row.wrong(WHOLE_ROW, words)  # of the sheet, which cannot be asked again
    with because(by=by, reason=_("Table %(name)s") % {"name": sent.file_name}):
        plan_rows(form, rows, sent.pk)
        done: list[dict[str, Any]] = []
        try:
            with transaction.atomic():
                for number, row in enumerate(rows):
                    tell(number, len(rows))
                    _refuse_if_stale(row, told[row.row])
                    if row.plan in (CREATE, UPDATE):
                        _store_row(sent, form, row, done)
                if not good_rows_only and any(row.plan == ERROR for row in rows):
                    raise _Undo
        except _Undo:
            done = []
    sent.rows = [row.stored() for row in rows]
    wrong = sum(row.plan == ERROR for row in rows)
    sent.state = TabularState.APPLIED if done else TabularState.PREVIEWED
    sent.done = done
    sent.save(update_fields=["rows", "done", "state", "updated_at"])
    return {
        "created": sum(one["did"] == CREATE for one in done),
        "changed": sum(one["did"] == UPDATE for one in done),
        "same": sum(row.plan == SAME for row in rows),
        "wrong": wrong,
    }


def take_back(
    sent: TabularImport, *, table: Table, target: Any, by: Any, tell: Progress
) -> dict[str, int]:
    """Undo a stored table; what was changed since, or must stay, is named and left alone."""
    form = table_form(table, target, by)
    done = [dict(one) for one in sent.done]
    with because(by=by, reason=_("Undone: table %(name)s") % {"name": sent.file_name}):
        for number, one in enumerate(reversed(done)):
            tell(number, len(done))
            one["kept"] = _take_back_row(form, one)
    sent.done, sent.state = done, TabularState.UNDONE
    sent.save(update_fields=["done", "state", "updated_at"])
    kept = sum(bool(one["kept"]) for one in done)
    return {"undone": len(done) - kept, "kept": kept}


def _refuse_if_stale(row: PlannedRow, told: dict[str, Any]) -> None:
    """Refuse a row that would now do something else than its sender was shown."""
    if ERROR in (row.plan, told["plan"]):
        return
    if row.plan != told["plan"] or row.changes != told["changes"]:
        row.wrong(
            WHOLE_ROW,
            _("Somebody has changed this since you looked. Look again, then decide."),
        )


def _store_row(
    sent: TabularImport, form: TableForm, row: PlannedRow, done: list[dict[str, Any]]
) -> None:
    before = _present(form, row.found) if row.found is not None else None
    try:
        with transaction.atomic():
            record = form.table.apply(
                target=form.target,
                found=row.found,
                cleaned=dict(row.cleaned),
                by=form.by,
                id=row_id(sent.pk, row.row),
            )
    except ROW_REFUSALS as error:
        row.wrong(WHOLE_ROW, _plainly(error))
        return
    done.append(
        {
            "row": row.row,
            "did": row.plan,
            "model": record._meta.label,
            "pk": str(record.pk),
            "name": str(record)[:200],
            "before": before,
            "after": _present(form, record),
        }
    )


def _plainly(error: Exception) -> str:
    if isinstance(error, IntegrityError):
        return _("This contradicts what is stored already.")
    return str(error)


def _present(form: TableForm, record: Any) -> dict[str, Any]:
    values = form.table.values(record)
    return {name: plain(values[name]) for name in form.fields if name in values}


def _take_back_row(form: TableForm, one: dict[str, Any]) -> str:
    """Undo one row; return why it was left as it is, or nothing."""
    model: Any = apps.get_model(one["model"])
    record = model._default_manager.select_for_update(of=("self",)).filter(pk=one["pk"]).first()
    if record is None:
        return _("It is not there any more.")
    if _present(form, record) != one["after"]:
        return _("Somebody has changed it since.")
    before = None if one["did"] == CREATE else form.clean_again(one["before"])
    undo = form.table.undo
    assert undo is not None
    try:
        with transaction.atomic():
            undo(target=form.target, record=record, before=before, by=form.by)
    except ROW_REFUSALS as error:
        return _plainly(error)
    return ""
