"""How programmes, locations, target places, steps and evidence read and are sent in the API."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.serializers import RecordSerializer, StrictSerializer
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.models import (
    Evidence,
    EvidenceWanted,
    Location,
    Programme,
    SignOff,
    StepDefinition,
    StepRecord,
    StepTemplate,
    TargetPlace,
)
from programmes.selectors.areas import counting_words
from programmes.selectors.facts import StepFacts, facts_of


class EvidenceWantedSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One kind of evidence that a step wants."""

    class Meta:
        model = EvidenceWanted
        fields: ClassVar[list[str]] = ["id", "key", "label", "help_text", "required", "provider"]


class StepDefinitionSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """One step of a template."""

    evidence_wanted = EvidenceWantedSerializer(many=True, read_only=True)

    class Meta:
        model = StepDefinition
        fields: ClassVar[list[str]] = [
            "id",
            "number",
            "name",
            "question",
            "guidance",
            "deliverables",
            "lead",
            "first_week",
            "last_week",
            "evidence_wanted",
        ]


class StepTemplateSerializer(RecordSerializer):
    """A template with its steps; read only."""

    steps = StepDefinitionSerializer(many=True, read_only=True)

    class Meta:
        model = StepTemplate
        read_only = True
        fields: ClassVar[list[str]] = ["slug", "edition", "name", "source", "steps"]


class ProgrammeSerializer(RecordSerializer):
    """A programme; ``template`` is chosen once, when it is made."""

    template = ScopedPrimaryKeyRelatedField(
        queryset=StepTemplate.objects.all(), help_text="The id of a step template."
    )

    class Meta:
        model = Programme
        fields: ClassVar[list[str]] = [
            "slug",
            "name",
            "summary",
            "purpose",
            "template",
            "starts_on",
            "weeks",
            "grant_pounds",
            "grant_note",
            "source_note",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["slug", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Let the template be chosen at the start only."""
        fields = super().get_fields()
        if isinstance(self.instance, Programme):
            fields["template"].read_only = True
        return fields


class AreaSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An area in words: how it is set, how reports are counted in it, how many live there."""

    counting = serializers.SerializerMethodField()

    class Meta:
        model = AreaDefinition
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "counting",
            "residents",
            "residents_source",
            "note",
            "version",
        ]
        read_only_fields = fields

    def get_counting(self, area: AreaDefinition) -> str:
        """State how reports are counted."""
        return counting_words(area.kind)


class SetAreaSerializer(StrictSerializer):
    """What sets an area: LSOA codes, or a boundary as GeoJSON."""

    kind = serializers.ChoiceField(choices=DefinitionKind.choices)
    codes = serializers.ListField(child=serializers.CharField(max_length=9), required=False)
    boundary = serializers.JSONField(required=False, help_text="GeoJSON, EPSG:4326.")
    note = serializers.CharField(required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for what the kind needs."""
        needed = "codes" if attrs["kind"] == DefinitionKind.LSOA_SET else "boundary"
        if not attrs.get(needed):
            raise serializers.ValidationError({needed: ["This kind of area needs it."]})
        return attrs


class LocationSerializer(RecordSerializer):
    """A location; its programme is named by slug and stays."""

    programme = ScopedSlugRelatedField(queryset=Programme.objects.all())
    area = AreaSerializer(read_only=True)

    class Meta:
        model = Location
        fields: ClassVar[list[str]] = [
            "slug",
            "programme",
            "name",
            "summary",
            "area",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["slug", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep a location in its programme."""
        fields = super().get_fields()
        if isinstance(self.instance, Location):
            fields["programme"].read_only = True
        return fields


class TargetPlaceSerializer(RecordSerializer):
    """A target place; its location is named by slug and stays."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    area = AreaSerializer(read_only=True)

    class Meta:
        model = TargetPlace
        fields: ClassVar[list[str]] = [
            "slug",
            "location",
            "name",
            "summary",
            "area",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["slug", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep a target place in its location."""
        fields = super().get_fields()
        if isinstance(self.instance, TargetPlace):
            fields["location"].read_only = True
        return fields


class StandingSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """How a step stands; computed from its records, never typed."""

    state = serializers.CharField()
    timing = serializers.CharField()
    done = serializers.IntegerField(help_text="Kinds of required evidence that are there.")
    wanted = serializers.IntegerField(help_text="Kinds of required evidence.")
    reason = serializers.CharField()
    missing = serializers.SerializerMethodField()
    signed_on = serializers.DateField(allow_null=True)

    def get_missing(self, facts: StepFacts) -> list[str]:
        """Return the keys of required evidence that is missing."""
        return [kind.key for kind in facts.missing]


class StepRecordSerializer(RecordSerializer):
    """A step at a location: plan and notes can be changed, the rest follows from records."""

    location = serializers.SlugRelatedField(slug_field="slug", read_only=True)  # type: ignore[var-annotated]
    number = serializers.IntegerField(source="definition.number", read_only=True)
    name = serializers.CharField(source="definition.name", read_only=True)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = StepRecord
        fields: ClassVar[list[str]] = [
            "location",
            "number",
            "name",
            "planned_start",
            "planned_end",
            "started_on",
            "notes",
            "out_of_order_reason",
            "out_of_order_on",
            "standing",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "started_on",
            "out_of_order_reason",
            "out_of_order_on",
            "is_demonstration",
        ]

    @extend_schema_field(StandingSerializer)
    def get_standing(self, record: StepRecord) -> Any:
        """Return how the step stands; lists bring the facts of the whole page along."""
        known: dict[UUID, StepFacts] = self.context.get("facts", {})
        return StandingSerializer(known.get(record.pk) or facts_of(record)).data


class StartSerializer(StrictSerializer):
    """On which day work began, and why if out of order."""

    started_on = serializers.DateField()
    out_of_order_reason = serializers.CharField(required=False, allow_blank=True, default="")


class SignOffSerializer(RecordSerializer):
    """A sign-off."""

    class Meta:
        model = SignOff
        fields: ClassVar[list[str]] = [
            "step_record",
            "signed_by",
            "signed_on",
            "statement",
            "by_own_hand",
            "reopened_on",
            "reopened_reason",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "step_record",
            "signed_by",
            "signed_on",
            "by_own_hand",
            "reopened_on",
            "reopened_reason",
        ]


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField()


class EvidenceSerializer(RecordSerializer):
    """A piece of evidence; ``file`` is sent as multipart form data."""

    step_record = ScopedPrimaryKeyRelatedField(queryset=StepRecord.objects.all())
    wanted = ScopedPrimaryKeyRelatedField(
        queryset=EvidenceWanted.objects.all(),
        required=False,
        allow_null=True,
        open_reason="The kinds of evidence of a template are open to everyone signed in.",
    )
    file = serializers.FileField(required=False, write_only=True)
    file_name = serializers.CharField(source="file.name", read_only=True, default="")
    out_of_order_reason = serializers.CharField(
        required=False, allow_blank=True, write_only=True, default=""
    )

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = [
            "step_record",
            "wanted",
            "title",
            "note",
            "link",
            "file",
            "file_name",
            "done_on",
            "recorded_by",
            "withdrawn_on",
            "withdrawn_reason",
            "is_demonstration",
            "out_of_order_reason",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "recorded_by",
            "withdrawn_on",
            "withdrawn_reason",
            "is_demonstration",
        ]
