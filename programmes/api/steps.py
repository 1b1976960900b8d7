"""Steps and evidence for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core import files
from core.api.base import (
    Create,
    ListAndRetrieve,
    ScopedViewSet,
    Update,
)
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from programmes import policy, services
from programmes.api.access import AccessSerializer
from programmes.api.serializers import (
    EvidenceSerializer,
    ReasonSerializer,
    SignOffSerializer,
    StartSerializer,
    StepRecordSerializer,
)
from programmes.api.verification import (
    SendToVerifierSerializer,
    VerificationSerializer,
    VerifySerializer,
)
from programmes.api.withheld import share_page
from programmes.models import (
    Evidence,
    Location,
    Programme,
    StepRecord,
)
from programmes.selectors.access import who_can_see
from programmes.selectors.facts import StepFacts, facts_for
from programmes.sharing import require_open_evidence

VIEW = Permission.VIEW


class StepFilter(HouseFilterSet):
    """Steps of one location or programme, or one step everywhere."""

    location = ScopedSlugFilter(Location)
    programme = ScopedSlugFilter(Programme, field_name="location__programme")

    class Meta:
        model = StepRecord
        fields = {"definition__number": ["exact"]}


class StepViewSet(ListAndRetrieve, Update, ScopedViewSet):
    """Steps at locations; they come with the location, so they are never made here."""

    queryset = StepRecord.objects.select_related("definition", "location__programme")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "update": Permission.STEP_RECORD,
        "partial_update": Permission.STEP_RECORD,
        "start": Permission.STEP_RECORD,
        "sign_off": Permission.STEP_SIGN_OFF,
        "reopen": Permission.STEP_SIGN_OFF,
        "send_to_verifier": Permission.STEP_RECORD,
        "verify": Permission.STEP_VERIFY,
        "access": VIEW,
    }
    serializer_class = StepRecordSerializer
    filterset_class = StepFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read the facts of a whole page at once."""
        serializer = super().get_serializer(*args, **kwargs)
        if kwargs.get("many") and args:
            context: Any = serializer.context
            context["facts"] = _facts(args[0])
            share_page(self, (record.location.programme for record in args[0]))
        return serializer

    def perform_update(self, serializer: Any, version: int) -> StepRecord:
        """Change plan and notes."""
        record, data = serializer.instance, serializer.validated_data
        return services.edit_plan(
            record=record,
            planned_start=data.get("planned_start", record.planned_start),
            planned_end=data.get("planned_end", record.planned_end),
            notes=data.get("notes", record.notes),
            marking=data.get("marking"),
            handling=data.get("handling"),
            version=version,
            by=self.request.user,
        )

    @extend_schema(responses=AccessSerializer)
    @action(detail=True, methods=["get"])
    def access(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who can see the step, and why."""
        return Response(AccessSerializer(who_can_see(self.fetch())).data)

    @extend_schema(request=StartSerializer, responses=StepRecordSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say on which day work began."""
        sent = StartSerializer(data=request.data)
        record = self.fetch()
        sent.is_valid(raise_exception=True)
        return self.answer(
            services.start_step(record=record, by=request.user, **sent.validated_data)
        )

    @extend_schema(request=SignOffSerializer, responses=SignOffSerializer)
    @action(detail=True, methods=["post"], url_path="sign-off")
    def sign_off(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign the step off."""
        record = self.fetch()
        sent = SignOffSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        made = services.sign_off(record=record, by=request.user, **sent.validated_data)
        return Response(SignOffSerializer(made, context=self.get_serializer_context()).data)

    @extend_schema(request=ReasonSerializer, responses=SignOffSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open a signed-off step again."""
        record = self.fetch()
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.reopen(record=record, by=request.user, **sent.validated_data)
        return Response(SignOffSerializer(made, context=self.get_serializer_context()).data)

    @extend_schema(request=SendToVerifierSerializer, responses=VerificationSerializer)
    @action(detail=True, methods=["post"], url_path="send-to-verifier")
    def send_to_verifier(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send the step to the verifier, or again after a return."""
        record = self.fetch()
        sent = SendToVerifierSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.send_to_verifier(record=record, by=request.user, **sent.validated_data)
        return Response(VerificationSerializer(made).data)

    @extend_schema(request=VerifySerializer, responses=VerificationSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Verify the step as a third party, or return it with reasons."""
        record = self.fetch()
        sent = VerifySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.verify_step(record=record, by=request.user, **sent.validated_data)
        return Response(VerificationSerializer(made).data)


def _facts(records: Any) -> dict[UUID, StepFacts]:
    locations = {record.location_id: record.location for record in records}
    found = facts_for(locations.values())
    return {step.record_id: step for steps in found.values() for step in steps}


class EvidenceFilter(HouseFilterSet):
    """Evidence on one step, or at one location."""

    location = ScopedSlugFilter(Location, field_name="step_record__location")

    class Meta:
        model = Evidence
        fields = ["step_record"]


class EvidenceViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Evidence, for those who record, sign off or verify steps."""

    queryset = Evidence.objects.select_related(
        "file", "agency", "step_record__location__programme__lead_agency"
    )
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": Permission.STEP_RECORD,
        "withdraw": Permission.STEP_RECORD,
        "file": VIEW,
    }
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilter
    parser_classes = [parsers.JSONParser, parsers.MultiPartParser]
    create_parent = "step_record"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (row.step_record.location.programme for row in args[0]))
        return super().get_serializer(*args, **kwargs)

    def rows(self, permission: str) -> models.QuerySet[Any]:
        """Return the evidence whose content the caller may read, not only know of."""
        found: models.QuerySet[Any] = super().rows(permission)
        if permission != VIEW:
            return found
        readable = Q()
        for right in policy.EVIDENCE_READERS:
            readable |= Q(pk__in=super().rows(right).order_by().values("pk"))
        return found.filter(readable)

    def perform_create(self, serializer: Any) -> Evidence:
        """Record it."""
        data = dict(serializer.validated_data)
        return services.record_evidence(
            record=data.pop("step_record"),
            upload=data.pop("file", None),
            by=self.request.user,
            **data,
        )

    @extend_schema(request=ReasonSerializer, responses=EvidenceSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back, with the reason."""
        evidence = self.fetch()
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self.answer(
            services.withdraw_evidence(evidence=evidence, by=request.user, **sent.validated_data)
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Send its file."""
        evidence = self.fetch()
        require_open_evidence(request.user, evidence)
        if evidence.file is None:
            raise exceptions.NotFound("There is no file with this evidence.")
        return files.response(evidence.file, marking=evidence.marking)
