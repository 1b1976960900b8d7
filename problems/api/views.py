"""Problems, interventions, evaluations and rich pictures for programs."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core import files
from core.api.base import ScopedModelViewSet, ScopedReadViewSet
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.jobs import JobSerializer
from problems.api.serializers import (
    EvaluationRequestSerializer,
    EvaluationSerializer,
    InterventionSerializer,
    ProblemSerializer,
    RichPictureSerializer,
)
from problems.models import Evaluation, Intervention, Problem, RichPicture
from problems.services import evaluations, interventions, problems
from programmes.models import Location

P = Permission
RECORD: dict[str, str] = {
    "list": P.VIEW,
    "retrieve": P.VIEW,
    "create": P.PROBLEM_RECORD,
    "update": P.PROBLEM_RECORD,
    "partial_update": P.PROBLEM_RECORD,
}


class ProblemFilter(HouseFilterSet):
    """By location and state."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Problem
        fields = ["location", "state"]


class ProblemViewSet(ScopedModelViewSet):
    """Problems and the stage of their plans."""

    queryset = Problem.objects.select_related(
        "location__programme", "plan", "target_place", "owner"
    ).prefetch_related("hypotheses")
    permissions = RECORD
    serializer_class = ProblemSerializer
    filterset_class = ProblemFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Problem:
        """Open it."""
        return problems.open_problem(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Problem:
        """Change it."""
        return problems.edit_problem(
            problem=serializer.instance,
            version=version,
            by=self.request.user,
            **serializer.validated_data,
        )


class InterventionFilter(HouseFilterSet):
    """By location, problem and state."""

    location = ScopedSlugFilter(Location, field_name="problem__location")

    class Meta:
        model = Intervention
        fields = ["problem", "state"]


class InterventionViewSet(ScopedModelViewSet):
    """Interventions."""

    queryset = Intervention.objects.select_related(
        "problem__location__programme", "owner"
    ).prefetch_related("hypotheses")
    permissions = RECORD
    serializer_class = InterventionSerializer
    filterset_class = InterventionFilter
    create_parent = "problem"

    def perform_create(self, serializer: Any) -> Intervention:
        """Plan it."""
        return interventions.plan_intervention(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Intervention:
        """Change it."""
        return interventions.edit_intervention(
            intervention=serializer.instance,
            version=version,
            by=self.request.user,
            **serializer.validated_data,
        )


class EvaluationFilter(HouseFilterSet):
    """By location, intervention and verdict."""

    location = ScopedSlugFilter(Location, field_name="intervention__problem__location")

    class Meta:
        model = Evaluation
        fields = ["intervention", "verdict"]


class EvaluationViewSet(ScopedReadViewSet):
    """Results; asking for one answers 202 with its job."""

    queryset = Evaluation.objects.select_related("intervention__problem__location", "baseline")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW, "create": P.PROBLEM_RECORD}
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter

    @extend_schema(request=EvaluationRequestSerializer, responses={202: JobSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for an evaluation: 202 with the job that makes it."""
        sent = EvaluationRequestSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        job = evaluations.request_evaluation(by=request.user, **sent.validated_data)
        data = JobSerializer(job, context=self.get_serializer_context()).data
        return Response(data, status=202)


class RichPictureFilter(HouseFilterSet):
    """By location, problem and kind."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = RichPicture
        fields = ["location", "kind"]


class RichPictureViewSet(ScopedReadViewSet):
    """Rich pictures in words; they are added on the page."""

    queryset = RichPicture.objects.select_related("location", "file").prefetch_related(
        "regions", "themes"
    )
    permissions = {"list": P.VIEW, "retrieve": P.VIEW, "image": P.VIEW}
    serializer_class = RichPictureSerializer
    filterset_class = RichPictureFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once which of the pictures' problems the caller may see."""
        serializer = super().get_serializer(*args, **kwargs)
        if args:
            rows = args[0] if kwargs.get("many") else [args[0]]
            keys = {row.problem_id for row in rows if row.problem_id}
            found: Any = Problem.objects.filter(pk__in=keys)
            seen = found.visible_to(self.request.user).values_list("pk", flat=True)
            context: Any = serializer.context
            context["problems_seen"] = frozenset(seen) if keys else frozenset()
        return serializer

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def image(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Send the picture."""
        picture = self.fetch()
        return files.response(picture.file, marking=picture.marking, inline=True)
