"""Progress reports for programs: list, read, ask for one (202 with its job), download."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from accounts.sharing import Category
from core import files
from core.api.base import ScopedReadViewSet
from core.api.fields import ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.jobs import JobSerializer
from core.api.serializers import RecordSerializer, StrictSerializer
from core.ledger.whereabouts import SENSITIVE
from programmes.models import Location, Programme
from programmes.sharing import shared_with
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.selectors import may_read_annex
from reports.services import request_report


class ReportSerializer(RecordSerializer):
    """A progress report with the figures it printed; the PDF is at ``pdf/`` beneath it."""

    location = ScopedSlugRelatedField(read_only=True)
    programme = ScopedSlugRelatedField(read_only=True)
    sha256 = serializers.CharField(source="pdf.sha256", read_only=True)

    class Meta:
        model = ProgressReport
        read_only = True
        fields: ClassVar[list[str]] = [
            "location",
            "programme",
            "quarter",
            "figures",
            "fingerprint",
            "built_on",
            "sha256",
            "marking",
            "handling",
            "annex_marking",
            "annex_handling",
            "is_demonstration",
        ]


class ReportRequestSerializer(StrictSerializer):
    """What is asked for: a location or a programme, and a quarter like "2023-24-Q4"."""

    location = ScopedSlugRelatedField(
        queryset=Location.objects.select_related("programme__template", "area"),
        permission=Permission.VIEW,  # may they build? the service says so, with 403
        required=False,
    )
    programme = ScopedSlugRelatedField(
        queryset=Programme.objects.select_related("template"),
        permission=Permission.VIEW,  # may they build? the service says so, with 403
        required=False,
    )
    quarter = serializers.CharField(max_length=10)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one subject."""
        if ("location" in attrs) == ("programme" in attrs):
            raise serializers.ValidationError(_("Name either a location or a programme."))
        return attrs


class ReportFilter(HouseFilterSet):
    """By location, programme and quarter."""

    location = ScopedSlugFilter(Location)
    programme = ScopedSlugFilter(Programme)

    class Meta:
        model = ProgressReport
        fields: ClassVar[list[str]] = ["location", "programme", "quarter"]


class ReportViewSet(ScopedReadViewSet):
    """Progress reports within the caller's scope."""

    queryset = ProgressReport.objects.select_related(
        "location__programme", "programme", "pdf", "annex"
    )
    permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.REPORT_BUILD,
        "pdf": Permission.VIEW,
        "annex": Permission.VIEW,
    }
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    @extend_schema(request=ReportRequestSerializer, responses={202: JobSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for a report: 202 with the job that builds it."""
        sent = ReportRequestSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        job = request_report(
            subject=data.get("location") or data["programme"],
            quarter=Quarter.parse(data["quarter"]),
            by=request.user,
        )
        shown = JobSerializer(job, context=self.get_serializer_context()).data
        return Response(shown, status=202)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Download the report."""
        report = self.fetch()
        return files.response(report.pdf, marking=report.marking)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def annex(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Download the annex with what is OFFICIAL-SENSITIVE."""
        self.ledger_touches = (SENSITIVE, Category.SENSITIVE_NOTES)  # type: ignore[misc]  # set for this answer alone
        report = self.fetch()
        if report.annex is None:
            raise exceptions.NotFound(_("There is no annex to this report."))
        programme = report.programme or report.location.programme
        shared = shared_with(request.user, programme)
        if not may_read_annex(user=request.user, report=report, shared=shared):
            raise exceptions.PermissionDenied(_("Your role does not let you do this."))
        return files.response(report.annex, marking=report.annex_marking)
