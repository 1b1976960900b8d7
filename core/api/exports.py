"""Lists for programs: the same rules, job and file as on the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from core import files
from core.api.base import ScopedReadViewSet
from core.api.jobs import JobSerializer
from core.api.serializers import StrictSerializer
from core.choices import JobState
from core.exports import services
from core.exports.registry import Export, find_export
from core.models import JobRun


class ExportRequestSerializer(StrictSerializer):
    """What a program asks for: a list (``key``) of a scope, in a form, and why."""

    id = serializers.UUIDField(required=False)
    key = serializers.CharField(max_length=100)
    scope = serializers.UUIDField(help_text="The id of the record of which the list is asked.")
    format = serializers.ChoiceField(choices=services.FORMATS, default="csv")
    reason = serializers.CharField(min_length=services.REASON_MIN, max_length=500)
    first = serializers.DateField(required=False, allow_null=True, default=None)
    last = serializers.DateField(required=False, allow_null=True, default=None)


class ExportViewSet(ScopedReadViewSet):
    """Lists that the caller has asked for, latest first; each is made by a job."""

    queryset = JobRun.objects.filter(kind=services.KIND).select_related("result_file")
    permissions = {"list": "view", "retrieve": "view", "create": "create", "file": "take"}
    serializer_class = JobSerializer
    filterset_fields = ["state"]

    @extend_schema(request=ExportRequestSerializer, responses={202: JobSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for a list; the job that makes it answers with 202 and its address."""
        sent = ExportRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        export, scope = self._asked(data)
        run = services.request_export(
            export=export,
            scope=scope,
            form=data["format"],
            reason=data["reason"],
            first=data["first"],
            last=data["last"],
            id=data.get("id"),
            by=request.user,
        )
        answer = JobSerializer(run).data
        address = reverse("job-detail", kwargs={"pk": run.pk}, request=request)
        return Response(answer, status=202, headers={"Location": str(address)})

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Return the file of a finished list, the caller's rights asked again."""
        run = self.fetch()
        export, scope = services.export_and_scope(run, request.user)
        services.require_fresh(run, export, scope)
        if run.state != JobState.SUCCEEDED or run.result_file is None:
            raise Http404
        return files.response(run.result_file, marking=services.marking_of(run))

    def _asked(self, data: dict[str, Any]) -> tuple[Export, Any]:
        """Return the list and its scope; what the caller cannot take reads as if it were none."""
        export = find_export(data["key"])
        if export is None:
            raise exceptions.ValidationError({"key": [_("There is no such list.")]})
        for kind in export.scopes:
            scope = export.scope_in_reach(self.request.user, kind, pk=data["scope"])
            if scope is not None:
                return export, scope
        raise exceptions.ValidationError({"scope": [_("There is nothing you can take there.")]})
