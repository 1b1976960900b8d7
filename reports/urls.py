"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, path

from reports import views

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "locations/<slug:slug>/reports/",
        views.LocationReportsView.as_view(),
        name="location-reports",
    ),
    path(
        "programmes/<slug:slug>/reports/",
        views.ProgrammeReportsView.as_view(),
        name="programme-reports",
    ),
    path("reports/<uuid:pk>/", views.ReportView.as_view(), name="report-detail"),
    path("reports/<uuid:pk>/access/", views.ReportAccessView.as_view(), name="report-access"),
    path("reports/<uuid:pk>/annex/", views.ReportAnnexView.as_view(), name="report-annex"),
    path("reports/<uuid:pk>/pdf/", views.ReportPdfView.as_view(), name="report-pdf"),
]
