"""Asking for a progress report, and keeping what was built."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import require
from core import clock, files
from core.choices import Marking
from core.errors import Refused
from core.files import Kinds
from core.history import because
from core.jobs import request_job
from core.marking import SENSITIVE
from core.models import JobRun
from core.records import to_plain
from programmes.models import Location, Programme
from reports.annex import AnnexFigures
from reports.choices import ReportState
from reports.figures import ReportFigures
from reports.models import ProgressReport, QuarterNarrative
from reports.quarters import Quarter

KIND = "reports.build_progress_report"


def request_report(
    *,
    subject: Location | Programme,
    quarter: Quarter,
    by: Any,
    deliver: bool = True,
    edition: int | None = None,
) -> JobRun:
    """Ask for a report and return its job; the same request while one is open returns that one.

    ``by`` is None for the command line, ``deliver`` False where the caller runs the job itself.
    ``edition`` asks for the approved one of that number (``approve_quarter`` does), None for a
    draft. Raises NotAllowed without the right, Refused for a quarter that has not begun.
    """
    require(by, Permission.REPORT_APPROVE if edition else Permission.REPORT_BUILD, subject)
    if quarter.first_day > clock.today():
        raise Refused(_("%(quarter)s has not begun yet.") % {"quarter": quarter.words})
    kind = "programme" if isinstance(subject, Programme) else "location"
    return request_job(
        kind=KIND,
        key=release_key(subject, quarter, edition),
        params={
            "subject": kind,
            "id": str(subject.pk),
            "quarter": str(quarter),
            "edition": edition,
        },
        by=by,
        title=_("Progress report: %(name)s, %(quarter)s")
        % {
            "name": subject.name,
            "quarter": quarter,
        },
        deliver=deliver,
    )


def release_key(subject: Location | Programme, quarter: Quarter, edition: int | None) -> str:
    """Return the key of the job that builds a report: one at a time of each edition."""
    kind = "programme" if isinstance(subject, Programme) else "location"
    key = f"{kind}:{subject.pk}:{quarter}"
    return f"{key}:{edition}" if edition else key


def existing_report(*, subject: Location | Programme, fingerprint: str) -> ProgressReport | None:
    """Return the report of these very figures, if there is one."""
    field = "programme" if isinstance(subject, Programme) else "location"
    return (
        ProgressReport.objects.filter(**{field: subject}, fingerprint=fingerprint)
        .order_by("created_at")
        .first()
    )


@transaction.atomic
def keep_report(
    *,
    subject: Location | Programme,
    figures: ReportFigures,
    html: Path,
    pdf: Path,
    job_id: UUID | None,
    by: Any,
    annex: AnnexFigures | None = None,
    annex_pdf: Path | None = None,
) -> ProgressReport:
    """Store a built report with its frozen figures; what is kept already is returned.

    ``annex`` and its PDF hold what is sensitive, apart from the report.
    """
    anchor = type(subject)._default_manager.select_for_update().get(pk=subject.pk)
    there = existing_report(subject=anchor, fingerprint=figures.fingerprint)
    if there is not None:
        return there
    approved = _approved(anchor, figures)
    name = f"progress-{figures.slug}_{figures.quarter}"
    with because(by=by):
        return ProgressReport.objects.create(
            location=anchor if isinstance(anchor, Location) else None,
            programme=anchor if isinstance(anchor, Programme) else None,
            quarter=figures.quarter,
            figures=to_plain(figures),
            fingerprint=figures.fingerprint,
            built_on=clock.today(),
            job_id=job_id,
            edition=approved.edition if approved else None,
            approved_on=approved.approved_on if approved else None,
            approved_by=approved.approved_by if approved else None,
            marking=marking_of(figures),
            handling=figures.handling,
            is_demonstration=figures.is_demonstration,
            html=files.store(html, name=f"{name}.html", accept=Kinds.HTML),
            pdf=files.store(pdf, name=f"{name}.pdf", accept=Kinds.PDF),
            annex=files.store(annex_pdf, name=f"{name}-annex.pdf", accept=Kinds.PDF)
            if annex_pdf
            else None,
            annex_marking=SENSITIVE if annex else "",
            annex_handling=annex.handling if annex else "",
            annex_owners=[UUID(owner) for owner in annex.owners] if annex else [],
        )


def _approved(subject: Location | Programme, figures: ReportFigures) -> QuarterNarrative | None:
    """Return the approval that a report of these figures freezes; None for a draft.

    Raises Refused where the quarter was opened again since: its words may have changed.
    """
    if figures.narrative is None or not figures.narrative.approved:
        return None
    field = "programme" if isinstance(subject, Programme) else "location"
    rows = QuarterNarrative.objects.filter(**{field: subject}, quarter=figures.quarter)
    narrative = rows.select_for_update().get()
    if (narrative.state, narrative.edition) != (ReportState.APPROVED, figures.narrative.edition):
        raise Refused(_("The quarter was opened again while its report was being made."))
    return narrative


def marking_of(figures: ReportFigures) -> Marking:
    """Return the marking that a report prints, as records keep it."""
    return next(marking for marking in Marking if marking.label == figures.marking)
