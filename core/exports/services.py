"""Asking for a list, making it, and letting it go after a week."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import clock, files
from core.choices import JobState, Marking
from core.errors import NotAllowed, Refused
from core.exports.registry import Export, find_export
from core.jobs import request_job
from core.models import JobRun, StoredFile

KIND = "core.export"
FORMATS = (("xlsx", "Excel (.xlsx)"), ("csv", "CSV (.zip)"))
KEPT = dt.timedelta(days=7)
REASON_MIN = 10


def request_export(
    *,
    export: Export,
    scope: Any,
    form: str,
    reason: str,
    by: Any,
    first: dt.date | None = None,
    last: dt.date | None = None,
    id: UUID | None = None,  # noqa: A002  # the field's own name
) -> JobRun:
    """Ask for a list of a scope, as a job in the person's name. Why they take it is asked of all.

    The same ``id`` again finds the job that the first request made. Raises NotAllowed, Refused.
    """
    require_export(export, scope, by)
    reason = " ".join(reason.split())
    if len(reason) < REASON_MIN:
        raise Refused(
            _("Say in a few words why you take this list (at least %(count)s characters).")
            % {"count": REASON_MIN}
        )
    if form not in dict(FORMATS):
        raise Refused(_("Choose Excel or CSV."))
    if first and last and first > last:
        raise Refused(_("The period must end after it begins."))
    if (first or last) and not export.date:
        raise Refused(_("This list cannot be narrowed to a period."))
    params = {
        "export": export.key,
        "scope": scope._meta.label,
        "scope_id": str(scope.pk),
        "form": form,
        "reason": reason,
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }
    key = f"{by.pk}:{id or uuid4()}"  # nobody else's: what it holds depends on who asks
    there = JobRun.objects.filter(kind=KIND, key=key).first()
    if there is not None:
        if there.params != params:
            raise Refused(
                _("This form was sent before with other content. Open a new form and try again.")
            )
        return there
    with transaction.atomic():
        return request_job(
            kind=KIND,
            key=key,
            params=params,
            by=by,
            title=_("List: %(title)s of %(scope)s") % {"title": export.title, "scope": scope},
        )


def require_export(export: Export, scope: Any, by: Any) -> None:
    """Raise NotAllowed unless a person may take a list of a scope at this moment."""
    allowed = (
        by is not None
        and by.is_active
        and type(scope) in export.scopes
        and export.scope_in_reach(by, type(scope), pk=scope.pk) is not None
    )
    if not allowed:
        raise NotAllowed(_("Your role does not let you take this list."))


def export_and_scope(run: JobRun, by: Any) -> tuple[Export, Any]:
    """Return what a job is about, as far as the person may have it now. Raises NotAllowed."""
    export = find_export(run.params["export"])
    kind: Any = apps.get_model(run.params["scope"])
    scope = None
    if export is not None and by is not None and by.is_active and kind in export.scopes:
        scope = export.scope_in_reach(by, kind, pk=run.params["scope_id"])
    if export is None or scope is None:
        raise NotAllowed(_("Your role does not let you take this list any more."))
    return export, scope


def require_fresh(run: JobRun, export: Export, scope: Any) -> None:
    """Raise NotAllowed for a finished list that must not be handed out any more."""
    if export.outdated is None or run.finished_at is None:
        return
    why = export.outdated(scope, run.finished_at)
    if why:
        raise NotAllowed(why)


def marking_of(run: JobRun) -> Marking:
    """Return the marking of a finished list: sensitive if it has an annex."""
    return Marking.OFFICIAL_SENSITIVE if run.result.get("annex") else Marking.OFFICIAL


def file_name(export: Export, scope: Any, form: str, *, on: dt.date) -> str:
    """Return what a list's file is called."""
    ending = "zip" if form == "csv" else form
    return f"{slugify(str(scope))[:60]}-{slugify(str(export.title))[:60]}-{on.isoformat()}.{ending}"


def kept_until(run: JobRun) -> dt.date | None:
    """Return the last day on which a list can be fetched; None if there is no file."""
    if run.result_file_id is None or run.finished_at is None:
        return None
    return (run.finished_at + KEPT).date()


def remove_old_files() -> int:
    """Let the files of lists go that are older than a week; return how many."""
    old = JobRun.objects.filter(
        kind=KIND,
        state=JobState.SUCCEEDED,
        result_file__isnull=False,
        finished_at__lt=clock.now() - KEPT,
    )
    removed = 0
    for run in old.select_related("result_file"):
        stored = run.result_file
        assert stored is not None
        with transaction.atomic():
            JobRun.objects.filter(pk=run.pk).update(result_file=None)
            StoredFile.objects.filter(pk=stored.pk).delete()
        files.path_of(stored).unlink(missing_ok=True)
        removed += 1
    return removed
