"""The job that makes a list, in the name of the person who asked for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, files, ledger
from core.choices import LedgerAction
from core.errors import NotAllowed
from core.exports.about import Counts, Request, withheld_lines
from core.exports.disclosure import Disclosure, disclosure_for
from core.exports.services import KIND, export_and_scope, file_name
from core.exports.writing import rows_of, write_csv, write_xlsx
from core.jobs import JobHandle, JobResult, job
from core.models import JobRun, StoredFile


@job(kind=KIND, title=gettext_lazy("List"))
def make_export(run: JobHandle) -> JobResult:
    """Write the list and note it in the ledger with why it was taken. Raises NotAllowed."""
    row = JobRun.objects.get(pk=run.id)
    asked = _asked(run, row)
    kept = row.checkpoints.get("kept") or _make(run, asked)
    return JobResult(
        summary=kept["summary"],
        url=reverse("core:export", args=[run.id]),
        file=StoredFile.objects.get(pk=kept["file"]),
    )


def _make(run: JobHandle, asked: Request) -> dict[str, Any]:
    rules = disclosure_for(asked.export, asked.by, asked.scope)
    total = rows_of(asked).count()
    run.progress(0, total, _("Writing the rows"))
    path = run.folder / "export.file"
    path.unlink(missing_ok=True)  # an attempt before this one may have been cut off
    write = write_csv if asked.form == "csv" else write_xlsx
    counts = write(asked, rules, path, lambda done: run.progress(min(done, total), total))
    return run.once("kept", lambda: _keep(asked, rules, counts, path))


def _asked(run: JobHandle, row: JobRun) -> Request:
    """Return what was asked for, the person's account and rights read anew."""
    person = run.requested_by
    if person is not None:
        person.refresh_from_db()
    try:
        export, scope = export_and_scope(row, person)
    except NotAllowed:
        ledger.note(
            LedgerAction.DENIED,
            by=person,
            subject=row,
            reason=row.params["reason"],
            export=row.params["export"],
        )
        raise
    return Request(
        export=export,
        scope=scope,
        by=person,
        form=row.params["form"],
        reason=row.params["reason"],
        first=_date(row.params["first"]),
        last=_date(row.params["last"]),
        made_at=clock.now(),
        business_date=clock.today(),
    )


def _keep(asked: Request, rules: Disclosure, counts: Counts, path: Path) -> dict[str, Any]:
    """Keep the file and note that the list went out, in one transaction."""
    name = file_name(asked.export, asked.scope, asked.form, on=asked.business_date)
    kinds = files.Kinds.ZIP if asked.form == "csv" else files.Kinds.XLSX
    stored = files.store(path, name=name, accept=kinds)
    ledger.note(
        LedgerAction.EXPORT,
        by=asked.by,
        subject=asked.export.model,
        under=asked.scope,
        rows=counts.rows + counts.annex,
        reason=asked.reason,
        touches=rules.touches,
        export=asked.export.key,
        annex=counts.annex,
        rows_withheld=rules.rows_withheld,
    )
    summary = {
        "rows": counts.rows,
        "annex": counts.annex,
        "columns": rules.titles(),
        "withheld": withheld_lines(rules),
    }
    return {"file": str(stored.pk), "summary": summary}


def _date(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
