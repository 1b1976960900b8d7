"""One's own jobs, for programs."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.base import ScopedReadViewSet
from core.jobs import request_cancel
from core.models import JobRun


class JobSerializer(serializers.ModelSerializer):
    """A job as its owner sees it."""

    class Meta:
        model = JobRun
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "title",
            "state",
            "stage",
            "done",
            "total",
            "cancel_requested",
            "error",
            "result",
            "result_url",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class JobViewSet(ScopedReadViewSet):
    """Jobs that the caller asked for, latest first."""

    queryset = JobRun.objects.all()
    ledger_quiet = "one's own work, asked for again and again"
    permissions = {"list": "view", "retrieve": "view", "cancel": "cancel"}
    serializer_class = JobSerializer
    filterset_fields = ["state", "kind"]

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop a job: at once if it waits, at its next safe point if it runs."""
        return self.answer(request_cancel(job=self.fetch(), by=request.user))
