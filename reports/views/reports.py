"""Progress reports of a location or a programme: list, button, page, download."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.sharing import Category
from core import files
from core.ledger.whereabouts import SENSITIVE
from core.models import StoredFile
from core.views import CreateView, DetailView, DownloadView
from incidents.packages.briefing import body_of
from programmes.models import Location, Programme
from programmes.pages import (
    location_crumbs,
    location_page,
    note_programme,
    programme_crumbs,
)
from programmes.sharing import shared_for
from programmes.views.access import AccessView
from reports import selectors, services
from reports.forms import ReportForm
from reports.models import ProgressReport
from reports.quarters import Quarter

REPORTS = ProgressReport.objects.select_related(
    "location__programme",
    "location__area",
    "programme",
    "html",
    "pdf",
    "annex",
    "job__requested_by",
)


def rights_on_programme(user: Any, programme: Programme, permission: str | None) -> bool:
    """Say whether somebody may do this with a report on all locations.

    Seeing one takes a right to build or approve reports on the programme itself: people of one
    location see the programme, but not what is written of the others.
    """
    wanted = (
        (Permission.REPORT_BUILD, Permission.REPORT_APPROVE)
        if permission in (None, Permission.VIEW)
        else (permission,)
    )
    return any(
        Programme.objects.all().visible_to(user, right).filter(pk=programme.pk).exists()
        for right in wanted
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
            "standings": selectors.quarter_lines(self.object),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask for a report; seeing the list is not enough for that."""
        self.permission = Permission.REPORT_BUILD  # type: ignore[misc]  # set for this request alone
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
        return rights_on_programme(self.request.user, obj, permission or self.permission)

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
            "may_read_annex": selectors.may_read_annex(
                user=self.request.user,
                report=report,
                shared=shared_for(self.request, programme),
            ),
        }


class ReportAccessView(AccessView):
    """Who can see a report."""

    queryset = ProgressReport.objects.select_related(
        "location__programme__lead_agency", "programme__lead_agency"
    )

    def record_name(self) -> str:
        """Name it by its subject and quarter."""
        subject = self.object.location or self.object.programme
        return _t("%(name)s, %(quarter)s") % {
            "name": subject.name,
            "quarter": Quarter.parse(self.object.quarter).words,
        }

    def programme(self) -> Programme:
        """Return the programme it belongs to."""
        programme: Programme = self.object.programme or self.object.location.programme
        return programme

    def crumbs(self) -> list[Any]:
        """Return the way to the report."""
        report = (_t("Progress report"), self.object.get_absolute_url())
        if self.object.location:
            return location_crumbs(self.object.location, report)
        return programme_crumbs(self.object.programme, report)


class ReportAnnexView(DownloadView):
    """The annex with what is OFFICIAL-SENSITIVE, for those who read all of it elsewhere too."""

    queryset = REPORTS
    permission = Permission.VIEW
    ledger_touches = (SENSITIVE, Category.SENSITIVE_NOTES)

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for the right to read evidence, and for the agreements."""
        programme = obj.programme or obj.location.programme
        return obj.annex is None or selectors.may_read_annex(
            user=self.request.user, report=obj, shared=shared_for(self.request, programme)
        )

    def stored_file(self) -> StoredFile | None:
        """Return the annex: 404 where there is none."""
        return self.object.annex

    def file_marking(self) -> str:
        """Return the annex's own marking."""
        return str(self.object.annex_marking)


class ReportPdfView(DownloadView):
    """The report as PDF."""

    queryset = REPORTS
    permission = Permission.VIEW

    def stored_file(self) -> StoredFile:
        """Return the PDF."""
        return self.object.pdf
