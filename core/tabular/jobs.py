"""The jobs that store a table and take it back, each exactly once and in the sender's name."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.choices import TabularState
from core.errors import NotAllowed, Refused
from core.jobs import JobHandle, JobResult, job
from core.models import TabularImport
from core.tabular import storing
from core.tabular.registry import Table, table_of
from core.tabular.services import APPLY, UNDO, target_of


@job(kind=APPLY, title=gettext_lazy("Store a table"))
def apply_table(run: JobHandle) -> JobResult:
    """Store a checked table. Raises NotAllowed, Refused (nothing is stored then)."""
    counts = run.once("stored", lambda: _apply(run))
    sent = TabularImport.objects.get(pk=run.params["table"])
    if counts["wrong"] and not counts["created"] + counts["changed"]:
        raise Refused(
            ngettext(
                "Nothing was stored: %(count)s row is wrong. The table's page shows it.",
                "Nothing was stored: %(count)s rows are wrong. The table's page shows them.",
                counts["wrong"],
            )
            % {"count": counts["wrong"]}
        )
    return JobResult(summary=counts, url=sent.get_absolute_url())


@job(kind=UNDO, title=gettext_lazy("Undo a table"))
def undo_table(run: JobHandle) -> JobResult:
    """Take a stored table back. Raises NotAllowed."""
    counts = run.once("undone", lambda: _undo(run))
    sent = TabularImport.objects.get(pk=run.params["table"])
    return JobResult(summary=counts, url=sent.get_absolute_url())


def _apply(run: JobHandle) -> dict[str, int]:
    sent, table, target = _checked(run)
    if sent.state in (TabularState.APPLIED, TabularState.UNDONE):
        raise Refused(_("This table was stored already."))
    return storing.store(
        sent,
        table=table,
        target=target,
        good_rows_only=run.params["good_rows_only"],
        by=run.requested_by,
        tell=lambda done, total: run.progress(done, total, _("Storing the rows")),
    )


def _undo(run: JobHandle) -> dict[str, int]:
    sent, table, target = _checked(run)
    if sent.state != TabularState.APPLIED:
        raise Refused(_("This table is not stored, so there is nothing to undo."))
    return storing.take_back(
        sent,
        table=table,
        target=target,
        by=run.requested_by,
        tell=lambda done, total: run.progress(done, total, _("Taking the rows back")),
    )


def _checked(run: JobHandle) -> tuple[TabularImport, Table, Any]:
    """Return the table with its kind and target, the sender's rights asked again."""
    person = run.requested_by
    if person is not None:
        person.refresh_from_db()
    if person is None or not person.is_active:
        raise NotAllowed(_("The sender's account is closed."))
    sent = TabularImport.objects.select_for_update(of=("self",)).get(pk=run.params["table"])
    if sent.requested_by_id != person.pk:
        raise NotAllowed(_("A table is its sender's: nobody else can store or undo it."))
    table = table_of(sent.kind)
    return sent, table, target_of(table, sent.target_id, person)
