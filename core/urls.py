"""Addresses of core."""

from django.urls import URLPattern, URLResolver, path

from core.about import AccessibilityView, PrivacyView
from core.gallery import GalleryView
from core.views.health import HealthView
from core.views.jobs import JobCancelView, JobListView, JobProgressView, JobView

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("privacy/", PrivacyView.as_view(), name="privacy"),
    path("gallery/", GalleryView.as_view(), name="gallery"),
    path("healthz", HealthView.as_view(), name="healthz"),
    path("jobs/", JobListView.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/progress/", JobProgressView.as_view(), name="job-progress"),
    path("jobs/<uuid:pk>/cancel/", JobCancelView.as_view(), name="job-cancel"),
]
