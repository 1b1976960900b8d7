"""Progress reports of a location or a programme: list, button, page, download."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import files
from core.models import StoredFile
from core.views import CreateView, DetailView, DownloadView
from incidents.packages.briefing import body_of
from programmes.models import Location, Programme
from programmes.pages import location_page, note_programme, programme_crumbs
from reports import selectors, services
from reports.forms import ReportForm
from reports.models import ProgressReport
from reports.quarters import Quarter

REPORTS = ProgressReport.objects.select_related(
    "location__programme", "location__area", "programme", "html", "pdf", "job__requested_by"
)


class _ReportsView(CreateView):
    """The reports of ``self.object`` and the form that asks for another."""

    abstract = True
    form_class = ReportForm

    @property
    def programme(self) -> Programme:
        """Return the programme in question."""
        return self.object if isinstance(self.object, Programme) else self.object.programme

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the quarters since the programme began."""
        return {"quarters": selectors.quarters_of(self.programme)}

    def perform(self, form: Any) -> str:
        """Ask for the report and go to its job."""
        return services.request_report(
            subject=self.object,
            quarter=Quarter.parse(form.cleaned_data["quarter"]),
            by=self.request.user,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add reports, jobs and whether this person may build."""
        return {
            **kwargs,
            "reports": selectors.reports_on(self.object),
            "open_jobs": selectors.open_jobs(self.object),
            "may_build": self.may(self.object, Permission.REPORT_BUILD),
            "quarters": selectors.quarters_of(self.programme),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask for a report; seeing the list is not enough for that."""
        self.permission = Permission.REPORT_BUILD  # type: ignore[misc]
        return super().post(request, *args, **kwargs)


class LocationReportsView(_ReportsView):
    """Reports of a location."""

    queryset = Location.objects.select_related("programme", "area")
    permission = Permission.VIEW
    template_name = "reports/location_reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the location's frame."""
        return {
            **super().get_context_data(**kwargs),
            **location_page(self.request, self.object, current="reports"),
        }


class ProgrammeReportsView(_ReportsView):
    """Reports of a programme."""

    queryset = Programme.objects.select_related("template")
    permission = Permission.VIEW
    template_name = "reports/programme_reports.html"

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Keep reports on all locations to those with a role on the programme itself."""
        wanted = permission or self.permission
        if wanted == Permission.VIEW:
            wanted = Permission.REPORT_BUILD
        rows = Programme.objects.all().visible_to(self.request.user, wanted)
        return bool(rows.filter(pk=obj.pk).exists())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way here."""
        note_programme(self.request, self.object)
        return {
            **super().get_context_data(**kwargs),
            "programme": self.object,
            "crumbs": programme_crumbs(self.object),
        }


class ReportView(DetailView):
    """One report as a page, with its download."""

    queryset = REPORTS
    permission = Permission.VIEW
    template_name = "reports/report_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame of what it reports on, and its text."""
        report = self.object
        with files.open_file(report.html) as stream:
            body = body_of(stream.read().decode("utf-8"))
        subject = report.location or report.programme
        programme = report.programme or report.location.programme
        note_programme(self.request, programme)
        crumbs = [(subject.name, subject.get_absolute_url())] if report.location else []
        return {
            **kwargs,
            "report": report,
            "body": body,
            "subject": subject,
            "quarter_words": Quarter.parse(report.quarter).words,
            "crumbs": programme_crumbs(programme, *crumbs),
            "back_label": _("All reports"),
        }


class ReportPdfView(DownloadView):
    """The report as PDF."""

    queryset = REPORTS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile:
        """Return the PDF."""
        return self.object.pdf
