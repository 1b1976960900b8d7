"""A location's data: what is held, packages, their briefings and downloads."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import files
from core.models import JobRun, StoredFile
from core.together import together
from core.views import CreateView, DetailView, DownloadView, UpdateView
from core.views.base import ScopedView
from incidents.feeds.selectors import feeds_open
from incidents.forms import CompareForm, PackageForm, StreetFileForm, WithdrawForm
from incidents.ingest.sending import KIND as STREET_IMPORT
from incidents.ingest.sending import request_street_import
from incidents.models import DataPackage
from incidents.packages import comparing, selectors, services
from incidents.packages.briefing import body_of
from incidents.packages.recipe import METHOD_WITH_SHEETS, PUBLIC
from incidents.supply.selectors import uses_of
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.policy import holds
from programmes.views.access import AccessView

LOCATIONS = Location.objects.select_related("programme", "area")
PACKAGES = DataPackage.objects.select_related(
    "location__programme",
    "location__area",
    "file",
    "briefing_html",
    "briefing_pdf",
    "job__requested_by",
    "withdrawn_by",
)


SHEETS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


class DataScope(ScopedView):
    """The scope of data pages: who sees the location, or may read its data without seeing it."""

    abstract = True

    def scoped(self) -> Any:
        """Return the rows seen by either right."""
        rows: Any = self.queryset
        seen = rows.model._default_manager.all().visible_to(self.request.user, Permission.VIEW)
        read = rows.model._default_manager.all().visible_to(self.request.user, Permission.DATA_READ)
        return rows.filter(pk__in=seen.values("pk")) | rows.filter(pk__in=read.values("pk"))

    def may(self, obj: Any, permission: str | None = None) -> bool:
        """Ask for the right itself: seeing a location does not include reading its data."""
        rows: Any = type(obj)._default_manager.all()
        wanted = permission or self.permission
        return bool(rows.visible_to(self.request.user, wanted).filter(pk=obj.pk).exists())


class PackageScope(DataScope):
    """A package under its location's address."""

    abstract = True

    def lookup_filter(self) -> dict[str, Any]:
        """Find the package by its own id and its location's address name."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["pk"]}


class DataView(DataScope, CreateView):
    """What is held for a location, its packages, and the form that asks for another."""

    queryset = LOCATIONS
    permission = Permission.DATA_READ
    template_name = "incidents/data.html"
    form_class = PackageForm

    @property
    def later(self) -> bool:
        """Whether months after the business date were asked for."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return bool(sent.get("later"))

    def overview(self) -> selectors.DataOverview:
        """Return what is held (read once a request)."""
        if not hasattr(self, "_overview"):
            with together():
                self._overview = selectors.data_overview(
                    location=self.object, include_later=self.later
                )
        return self._overview

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the months that can be asked for."""
        held = self.overview()
        return {
            "months": held.months,
            "first": self.asked("first_month", held.first),
            "last": self.asked("last_month", held.last),
            "later": self.later,
            "partner": bool(feeds_open(self.object.programme, self.request.user)),
        }

    def asked(self, name: str, usual: dt.date | None) -> dt.date | None:
        """Return the month that a link to the form names, if it can be asked for."""
        text = self.request.GET.get(name, "")
        return next((one for one in self.overview().months if f"{one:%Y-%m}" == text), usual)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a package; reading the data is not enough for that."""
        self.permission = Permission.PACKAGE_BUILD  # type: ignore[misc]  # set for this request alone
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        """Ask for the package and go to its job."""
        return services.request_package(
            location=self.object,
            by=self.request.user,
            first_month=form.cleaned_data["first_month"],
            last_month=form.cleaned_data["last_month"],
            edition=form.cleaned_data.get("edition") or PUBLIC,
            include_later=form.cleaned_data["later"],
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add coverage, packages and jobs."""
        return {
            **kwargs,
            **location_page(self.request, self.object, current="data"),
            "overview": self.overview(),
            "later": self.later,
            "attributions": [source.attribution for source in self.overview().sources],
            "packages": selectors.packages_of(location=self.object, reader=self.request.user),
            "reads_feeds": holds(self.request.user, Permission.DATA_READ, self.object.programme),
            "open_jobs": selectors.open_jobs(location=self.object),
        }


class StreetImportView(DataScope, CreateView):
    """Takes a download of data.police.uk in, and shows what an earlier one brought."""

    queryset = LOCATIONS
    permission = Permission.DATA_IMPORT
    template_name = "incidents/import.html"
    form_class = StreetFileForm

    def perform(self, form: Any) -> str:
        """Keep the file and go to the job that reads it."""
        return request_street_import(
            location=self.object,
            file=form.cleaned_data["file"],
            keep_good=form.cleaned_data["keep_good"],
            by=self.request.user,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the account of the import that ``?job=`` names, if it is one's own of this page."""
        try:
            wanted = UUID(self.request.GET.get("job", ""))
        except ValueError:
            done = None
        else:
            done = (
                JobRun.objects.visible_to(self.request.user)
                .filter(pk=wanted, kind=STREET_IMPORT, params__location=str(self.object.pk))
                .first()
            )
        return {
            **kwargs,
            **location_page(
                self.request,
                self.object,
                current="data",
                crumbs=[(_("ASB data"), reverse("incidents:data", args=[self.object.slug]))],
            ),
            "account": done.result if done is not None else None,
        }


class PackageView(PackageScope, DetailView):
    """One package: its recipe, its briefing as a page, its downloads."""

    queryset = PACKAGES
    permission = Permission.DATA_READ
    template_name = "incidents/package_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the location's frame and the briefing."""
        location = self.object.location
        with files.open_file(self.object.briefing_html) as stream:
            html = stream.read().decode("utf-8")
        return {
            **kwargs,
            **location_page(
                self.request,
                location,
                current="data",
                crumbs=[(_("ASB data"), reverse("incidents:data", args=[location.slug]))],
            ),
            "package": self.object,
            "briefing": body_of(html),
            "uses": uses_of(self.object, self.request.user),
            **self.last_version(),
            "has_sheets": self.object.recipe.get("method", 0) >= METHOD_WITH_SHEETS,
            "attributions": self.object.summary.get("attribution", []),
        }

    def last_version(self) -> dict[str, Any]:
        """Say what changed since the version before, if there is one."""
        versions = comparing.others(self.object, self.request.user)
        before = comparing.earlier_version(self.object, versions)
        if before is None:
            return {"versions": versions, "before": None}
        found = comparing.compare(before, self.object)
        return {
            "versions": versions,
            "before": before,
            "changes": comparing.comparison_words(found),
        }


class PackageAccessView(AccessView):
    """Who can see a package."""

    queryset = DataPackage.objects.select_related(
        "location__programme__lead_agency", "location__area"
    )

    def lookup_filter(self) -> dict[str, Any]:
        """Find the package by its own id and its location's address name."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["pk"]}


class PackageZipView(PackageScope, DownloadView):
    """The package's zip."""

    queryset = PACKAGES
    permission = Permission.DATA_READ

    def stored_file(self) -> StoredFile:
        """Return the zip."""
        return self.object.file


class PackagePdfView(PackageScope, DownloadView):
    """The briefing as PDF."""

    queryset = PACKAGES
    permission = Permission.DATA_READ

    def stored_file(self) -> StoredFile:
        """Return the PDF."""
        return self.object.briefing_pdf


class PackageCompareView(PackageScope, DetailView):
    """A package beside another version: what was added, revised, read otherwise."""

    queryset = PACKAGES
    permission = Permission.DATA_READ
    template_name = "incidents/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Put the version that ``?with=`` names beside this one, by default the one before."""
        package, location = self.object, self.object.location
        versions = comparing.others(package, self.request.user)
        form = CompareForm(self.request.GET or None, versions=versions)
        chosen = form.chosen() or comparing.earlier_version(package, versions)
        other = chosen or next(iter(versions), None)
        context: dict[str, Any] = {
            **kwargs,
            **location_page(
                self.request,
                location,
                current="data",
                crumbs=[
                    (_("ASB data"), reverse("incidents:data", args=[location.slug])),
                    (str(package), package.get_absolute_url()),
                ],
            ),
            "package": package,
            "versions": versions,
            "form": form,
        }
        if other is None:
            return context
        form.fields["with"].initial = str(other.pk)
        before, after = sorted((package, other), key=lambda one: one.created_at)
        found = comparing.compare(before, after, with_files=True)
        return {
            **context,
            "before": before,
            "after": after,
            "comparison": found,
            "sentences": comparing.comparison_words(found),
            "recipe_rows": _recipe_rows(before, after),
        }


def _recipe_rows(before: DataPackage, after: DataPackage) -> list[tuple[Any, Any, Any]]:
    def rows(one: DataPackage) -> list[Any]:
        return [
            f"{one.first_month:%Y-%m} – {one.last_month:%Y-%m}",
            one.recipe.get("method", ""),
            _("for partners") if one.restricted else _("for everybody"),
            one.get_state_display(),
            one.fingerprint,
            one.file.sha256,
        ]

    names = (_("Months"), _("Method"), _("Edition"), _("State"), _("Fingerprint"), _("SHA-256"))
    return list(zip(names, rows(before), rows(after), strict=True))


class PackageSheetView(PackageScope, DownloadView):
    """The package's tables as one spreadsheet, out of its zip."""

    queryset = PACKAGES
    permission = Permission.DATA_READ

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Send the spreadsheet; a package built before there were any has none (404)."""
        self.object = self.fetch()
        ending: str = self.kwargs["ending"]
        answer = files.member_response(
            self.object.file,
            f"package.{ending}",
            content_type=SHEETS[ending],
            marking=self.file_marking(),
        )
        if answer is None:
            raise Http404
        return answer


class PackageWithdrawView(PackageScope, UpdateView):
    """Says that a package must not be used, and why."""

    queryset = PACKAGES
    permission = Permission.PACKAGE_BUILD
    template_name = "programmes/form.html"
    form_class = WithdrawForm
    success_message = _("The package is withdrawn. It stays listed, with the reason.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Withdraw it."""
        return services.withdraw_package(
            package=self.object,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            version=form.cleaned_data["version"],
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        location = self.object.location
        note_programme(self.request, location.programme)
        return {
            **kwargs,
            "heading": _("Withdraw this package"),
            "caption": str(self.object),
            "submit_label": _("Withdraw the package"),
            "cancel_url": self.object.get_absolute_url(),
            "crumbs": location_crumbs(location),
        }
