"""The API's addresses: every app registers its viewsets on the one router."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from accounts.api.views import AgencyViewSet, MeView
from core.api.exports import ExportViewSet
from core.api.jobs import JobViewSet
from core.api.unknown import UnknownAddress
from incidents.api.packages import DataPackageViewSet
from programmes.api.agreements import AgreementViewSet
from programmes.api.consents import ConsentViewSet
from programmes.api.ledger import LedgerViewSet
from programmes.api.steps import EvidenceViewSet, StepViewSet
from programmes.api.views import (
    LocationViewSet,
    ProgrammeViewSet,
    StepTemplateViewSet,
    TargetPlaceViewSet,
)
from reports.api.views import ReportViewSet

router = DefaultRouter(use_regex_path=False)
router.include_format_suffixes = False
router.register("agencies", AgencyViewSet, basename="agency")
router.register("exports", ExportViewSet, basename="export")
router.register("jobs", JobViewSet, basename="job")
router.register("step-templates", StepTemplateViewSet, basename="step-template")
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("locations", LocationViewSet, basename="location")
router.register("target-places", TargetPlaceViewSet, basename="target-place")
router.register("steps", StepViewSet, basename="step")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("consents", ConsentViewSet, basename="consent")
router.register("ledger", LedgerViewSet, basename="ledger")
router.register("data-packages", DataPackageViewSet, basename="data-package")
router.register("reports", ReportViewSet, basename="report")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("me/", MeView.as_view(), name="me"),
    path("", include(router.urls)),
    re_path(r"^.*$", UnknownAddress.as_view(), name="unknown"),
]
