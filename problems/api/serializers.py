"""How problems, interventions, evaluations and rich pictures read and are sent in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.permissions import Permission
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.serializers import RecordSerializer, StrictSerializer
from problems.models import (
    Evaluation,
    Hypothesis,
    Intervention,
    PictureRegion,
    Problem,
    RichPicture,
    Theme,
)
from problems.services.problems import TESTS
from programmes.models import Location, TargetPlace


class HypothesisSerializer(serializers.ModelSerializer):
    """A hypothesis; read only, with its problem."""

    class Meta:
        model = Hypothesis
        read_only = True
        fields: ClassVar[list[str]] = ["id", "statement", "verdict", "verdict_words"]


class ProblemSerializer(RecordSerializer):
    """A problem with its plan's stage; the analysis is written on its page."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )
    stage = serializers.CharField(source="plan.stage", read_only=True)
    objective = serializers.CharField(source="plan.objective", read_only=True)
    hypotheses = HypothesisSerializer(many=True, read_only=True)
    owner = serializers.CharField(source="owner.name", read_only=True)

    class Meta:
        model = Problem
        fields: ClassVar[list[str]] = [
            "location",
            "target_place",
            "title",
            "what",
            "where",
            "who_harmed",
            *TESTS,
            "stage",
            "objective",
            "hypotheses",
            "state",
            "opened_on",
            "closed_on",
            "outcome",
            "closing_words",
            "owner",
            "marking",
            "handling",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "state",
            "closed_on",
            "outcome",
            "closing_words",
            "is_demonstration",
        ]
        extra_kwargs: ClassVar[dict[str, Any]] = {"opened_on": {"required": False}}

    def get_fields(self) -> dict[str, Any]:
        """Keep a problem at its location and on its day."""
        fields = super().get_fields()
        if isinstance(self.instance, Problem):
            fields["location"].read_only = True
            fields["opened_on"].read_only = True
        return fields


class InterventionSerializer(RecordSerializer):
    """An intervention; what is compared is set and locked on its page."""

    problem = ScopedPrimaryKeyRelatedField(queryset=Problem.objects.all())
    location = serializers.CharField(source="problem.location.slug", read_only=True)
    hypotheses = ScopedPrimaryKeyRelatedField(
        queryset=Hypothesis.objects.all(), many=True, required=False
    )
    owner = serializers.CharField(source="owner.name", read_only=True)

    class Meta:
        model = Intervention
        fields: ClassVar[list[str]] = [
            "problem",
            "location",
            "title",
            "what",
            "technique",
            "mechanism",
            "moderators",
            "implementation",
            "economics",
            "hypotheses",
            "owner",
            "starts_on",
            "started_on",
            "ended_on",
            "state",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "started_on",
            "ended_on",
            "state",
            "is_demonstration",
        ]

    def get_fields(self) -> dict[str, Any]:
        """Keep an intervention with its problem."""
        fields = super().get_fields()
        if isinstance(self.instance, Intervention):
            fields["problem"].read_only = True
        return fields


class EvaluationSerializer(RecordSerializer):
    """A result; it never changes."""

    location = serializers.CharField(source="intervention.problem.location.slug", read_only=True)
    baseline_version = serializers.IntegerField(source="baseline.number", read_only=True)

    class Meta:
        model = Evaluation
        read_only = True
        fields: ClassVar[list[str]] = [
            "intervention",
            "location",
            "baseline_version",
            "as_of",
            "verdict",
            "sentence",
            "figures",
            "fingerprint",
            "is_demonstration",
        ]


class EvaluationRequestSerializer(StrictSerializer):
    """What is asked for: the intervention, and an earlier day if wanted."""

    intervention = ScopedPrimaryKeyRelatedField(
        queryset=Intervention.objects.select_related("problem__location__programme"),
        permission=Permission.VIEW,  # may they evaluate? the service says so, with 403
    )
    as_of = serializers.DateField(required=False)


class RegionSerializer(serializers.ModelSerializer):
    """A rectangle of a picture, in per cent."""

    class Meta:
        model = PictureRegion
        read_only = True
        fields: ClassVar[list[str]] = [
            "id",
            "label",
            "words",
            "left",
            "top",
            "width",
            "height",
        ]


class ThemeSerializer(serializers.ModelSerializer):
    """What a picture tells."""

    class Meta:
        model = Theme
        read_only = True
        fields: ClassVar[list[str]] = ["id", "words", "region"]


class RichPictureSerializer(RecordSerializer):
    """A rich picture in words, with its regions and themes; its bytes are at ``image/``."""

    location = serializers.CharField(source="location.slug", read_only=True)
    problem = serializers.SerializerMethodField()
    regions = RegionSerializer(many=True, read_only=True)
    themes = ThemeSerializer(many=True, read_only=True)

    class Meta:
        model = RichPicture
        read_only = True
        fields: ClassVar[list[str]] = [
            "location",
            "problem",
            "kind",
            "title",
            "viewpoint",
            "drawn_on",
            "text_alternative",
            "regions",
            "themes",
            "marking",
            "handling",
            "is_demonstration",
        ]

    def get_problem(self, picture: RichPicture) -> str | None:
        """Return the id of its problem, if the caller may see that too."""
        seen = self.context.get("problems_seen", frozenset())
        return str(picture.problem_id) if picture.problem_id in seen else None
