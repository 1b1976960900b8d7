"""Job kinds of reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from core.jobs import JobHandle, JobResult, job
from core.models import StoredFile
from core.records import from_plain, to_plain
from programmes.models import Location, Programme
from reports import services
from reports.annex import AnnexFigures
from reports.figures import ReportFigures
from reports.models import ProgressReport
from reports.quarters import Quarter

STAGES = 4


@job(kind=services.KIND, title=gettext_lazy("Progress report"))
def build_progress_report(run: JobHandle) -> JobResult:
    """Build a progress report in stages, each kept with the job."""
    subject = _subject(run)
    quarter = Quarter.parse(run.params["quarter"])
    with translation.override(settings.LANGUAGE_CODE):
        run.progress(0, STAGES, _("Reading the figures"))
        figures, annex = _figures(run, subject, quarter)
        report = services.existing_report(subject=subject, fingerprint=figures.fingerprint)
        if report is None:
            html, pdf = _files(run, figures)
            appended = _annex_file(run, annex)
            key = run.once(
                "kept",
                lambda: str(
                    services.keep_report(
                        subject=subject,
                        figures=figures,
                        html=html,
                        pdf=pdf,
                        annex=annex,
                        annex_pdf=appended,
                        job_id=run.id,
                        by=run.requested_by,
                    ).pk
                ),
            )
            report = ProgressReport.objects.select_related("pdf").get(pk=key)
        run.progress(STAGES, STAGES, _("Done"))
    return JobResult(
        summary={
            "report": str(report.pk),
            "kind": figures.kind,
            "slug": figures.slug,
            "quarter": figures.quarter,
            "as_at": figures.as_at.isoformat(),
            "fingerprint": report.fingerprint,
            "sha256": report.pdf.sha256,
            "size": report.pdf.size,
            "steps_signed_off": sum(part.signed_off for part in figures.locations),
            "evidence": sum(len(p.delivered) + p.withheld for p in figures.locations),
            "late": sum(len(part.late) for part in figures.locations),
            "annex": bool(figures.annex),
        },
        url=report.get_absolute_url(),
        file=StoredFile.objects.get(pk=report.pdf_id),
    )


def _subject(run: JobHandle) -> Any:
    rows: Any = (
        Programme.objects.select_related("template")
        if run.params["subject"] == "programme"
        else Location.objects.select_related("programme__template", "area")
    )
    if run.requested_by is not None:
        right = Permission.REPORT_APPROVE if run.params.get("edition") else Permission.REPORT_BUILD
        rows = rows.visible_to(run.requested_by, right)
    return run.require(rows.filter(pk=run.params["id"]))


def _figures(
    run: JobHandle, subject: Any, quarter: Quarter
) -> tuple[ReportFigures, AnnexFigures | None]:
    from reports.gather import gather_all

    def write(path: Path) -> None:
        figures, annex = gather_all(
            subject=subject, quarter=quarter, edition=run.params.get("edition")
        )  # read at one moment
        plain = {"report": to_plain(figures), "annex": to_plain(annex)}
        path.write_text(json.dumps(plain), encoding="utf-8")

    kept = json.loads(run.file("figures.json", write).read_text(encoding="utf-8"))
    annex = from_plain(AnnexFigures, kept["annex"]) if kept["annex"] else None
    return from_plain(ReportFigures, kept["report"]), annex


def _files(run: JobHandle, figures: ReportFigures) -> tuple[Path, Path]:
    from reports import document

    run.progress(1, STAGES, _("Drawing charts"))
    drawn = document.draw(figures)  # each drawing is kept under its content
    run.progress(2, STAGES, _("Writing the report"))
    html = run.file("report.html", lambda path: path.write_bytes(document.as_html(figures, drawn)))
    run.progress(3, STAGES, _("Making the PDF"))
    pdf = run.file("report.pdf", lambda path: path.write_bytes(document.as_pdf(figures, drawn)))
    return html, pdf


def _annex_file(run: JobHandle, annex: AnnexFigures | None) -> Path | None:
    from reports.annex import as_pdf

    if annex is None:
        return None
    return run.file("annex.pdf", lambda path: path.write_bytes(as_pdf(annex)))
