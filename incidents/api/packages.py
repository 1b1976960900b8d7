"""Data packages for programs: list, read, ask for one (202 with its job), download."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core import files
from core.api.base import ScopedReadViewSet
from core.api.fields import ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.jobs import JobSerializer
from core.api.serializers import RecordSerializer, StrictSerializer
from incidents.models import DataPackage
from incidents.packages.recipe import PARTNER, PUBLIC, parse_month
from incidents.packages.services import request_package
from programmes.models import Location


class DataPackageSerializer(RecordSerializer):
    """A data package; its files are at ``zip/`` and ``pdf/`` beneath it."""

    location = ScopedSlugRelatedField(read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)

    class Meta:
        model = DataPackage
        read_only = True
        fields: ClassVar[list[str]] = [
            "location",
            "first_month",
            "last_month",
            "state",
            "recipe",
            "fingerprint",
            "summary",
            "built_on",
            "sha256",
            "size",
            "marking",
            "handling",
            "is_demonstration",
            "withdrawn_on",
            "withdrawn_reason",
        ]


class PackageRequestSerializer(StrictSerializer):
    """What is asked for; months as "2024-01"."""

    location = ScopedSlugRelatedField(
        queryset=Location.objects.select_related("programme", "area"),
        permission=Permission.VIEW,  # may they build? the service says so, with 403
    )
    first_month = serializers.CharField(max_length=7)
    last_month = serializers.CharField(max_length=7)
    edition = serializers.ChoiceField(choices=[PUBLIC, PARTNER], default=PUBLIC)
    include_later = serializers.BooleanField(default=False)


class DataPackageFilter(HouseFilterSet):
    """By location and state."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = DataPackage
        fields: ClassVar[list[str]] = ["location", "state"]


class DataPackageViewSet(ScopedReadViewSet):
    """Data packages whose location's data the caller may read."""

    queryset = DataPackage.objects.select_related("location", "file", "briefing_pdf")
    permissions = {
        "list": Permission.DATA_READ,
        "retrieve": Permission.DATA_READ,
        "create": Permission.PACKAGE_BUILD,
        "zip": Permission.DATA_READ,
        "pdf": Permission.DATA_READ,
    }
    serializer_class = DataPackageSerializer
    filterset_class = DataPackageFilter

    @extend_schema(request=PackageRequestSerializer, responses={202: JobSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for a package: 202 with the job that builds it."""
        sent = PackageRequestSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        job = request_package(
            location=sent.validated_data["location"],
            first_month=parse_month(sent.validated_data["first_month"]),
            last_month=parse_month(sent.validated_data["last_month"]),
            edition=sent.validated_data["edition"],
            include_later=sent.validated_data["include_later"],
            by=request.user,
        )
        data = JobSerializer(job, context=self.get_serializer_context()).data
        return Response(data, status=202)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def zip(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Download the package."""
        package = self.fetch()
        return files.response(package.file, marking=package.marking)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Download the briefing."""
        package = self.fetch()
        return files.response(package.briefing_pdf, marking=package.marking)
