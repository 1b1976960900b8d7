"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, include, path

from reports.views import quarters, reports

app_name = "reports"

_location: list[URLPattern | URLResolver] = [
    path("", reports.LocationReportsView.as_view(), name="location-reports"),
    path("<str:quarter>/", quarters.LocationQuarterView.as_view(), name="location-quarter"),
    path(
        "<str:quarter>/words/",
        quarters.LocationWordsView.as_view(),
        name="location-quarter-words",
    ),
    path(
        "<str:quarter>/approve/",
        quarters.LocationApproveView.as_view(),
        name="location-quarter-approve",
    ),
    path(
        "<str:quarter>/reopen/",
        quarters.LocationReopenView.as_view(),
        name="location-quarter-reopen",
    ),
]

_programme: list[URLPattern | URLResolver] = [
    path("", reports.ProgrammeReportsView.as_view(), name="programme-reports"),
    path("<str:quarter>/", quarters.ProgrammeQuarterView.as_view(), name="programme-quarter"),
    path(
        "<str:quarter>/words/",
        quarters.ProgrammeWordsView.as_view(),
        name="programme-quarter-words",
    ),
    path(
        "<str:quarter>/approve/",
        quarters.ProgrammeApproveView.as_view(),
        name="programme-quarter-approve",
    ),
    path(
        "<str:quarter>/reopen/",
        quarters.ProgrammeReopenView.as_view(),
        name="programme-quarter-reopen",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("locations/<slug:slug>/reports/", include(_location)),
    path("programmes/<slug:slug>/reports/", include(_programme)),
    path("reports/<uuid:pk>/", reports.ReportView.as_view(), name="report-detail"),
    path("reports/<uuid:pk>/access/", reports.ReportAccessView.as_view(), name="report-access"),
    path("reports/<uuid:pk>/annex/", reports.ReportAnnexView.as_view(), name="report-annex"),
    path("reports/<uuid:pk>/pdf/", reports.ReportPdfView.as_view(), name="report-pdf"),
]
