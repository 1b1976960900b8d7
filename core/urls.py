"""Addresses of core."""

from django.urls import URLPattern, URLResolver, path

from core.about import AccessibilityView, PrivacyView
from core.gallery import GalleryView
from core.views.exports import ExportFileView, ExportView
from core.views.health import HealthView
from core.views.help import HelpTopicView, HelpView
from core.views.jobs import JobCancelView, JobListView, JobProgressView, JobView
from core.views.tables import (
    TableApplyView,
    TableErrorsView,
    TableListView,
    TableNewView,
    TableTemplateView,
    TableUndoView,
    TableView,
)

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("help/", HelpView.as_view(), name="help"),
    path("help/<slug:slug>/", HelpTopicView.as_view(), name="help-topic"),
    path("privacy/", PrivacyView.as_view(), name="privacy"),
    path("gallery/", GalleryView.as_view(), name="gallery"),
    path("healthz", HealthView.as_view(), name="healthz"),
    path("jobs/", JobListView.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/progress/", JobProgressView.as_view(), name="job-progress"),
    path("jobs/<uuid:pk>/cancel/", JobCancelView.as_view(), name="job-cancel"),
    path("exports/<uuid:pk>/", ExportView.as_view(), name="export"),
    path("exports/<uuid:pk>/file/", ExportFileView.as_view(), name="export-file"),
    path("tables/", TableListView.as_view(), name="tables"),
    path("tables/new/<str:key>/<uuid:target>/", TableNewView.as_view(), name="table-new"),
    path(
        "tables/new/<str:key>/<uuid:target>/template.csv",
        TableTemplateView.as_view(),
        {"form": "csv"},
        name="table-template-csv",
    ),
    path(
        "tables/new/<str:key>/<uuid:target>/template.xlsx",
        TableTemplateView.as_view(),
        {"form": "xlsx"},
        name="table-template-xlsx",
    ),
    path("tables/<uuid:pk>/", TableView.as_view(), name="table"),
    path("tables/<uuid:pk>/apply/", TableApplyView.as_view(), name="table-apply"),
    path("tables/<uuid:pk>/undo/", TableUndoView.as_view(), name="table-undo"),
    path(
        "tables/<uuid:pk>/to-mend.csv",
        TableErrorsView.as_view(),
        {"form": "csv"},
        name="table-errors-csv",
    ),
    path(
        "tables/<uuid:pk>/to-mend.xlsx",
        TableErrorsView.as_view(),
        {"form": "xlsx"},
        name="table-errors-xlsx",
    ),
]
