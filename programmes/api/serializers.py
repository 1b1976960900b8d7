"""How programmes, locations, target places, steps and evidence read and are sent in the API."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Agency
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.api.areas import AreaSerializer
from programmes.api.withheld import WithheldSerializer, shared_in
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
from programmes.selectors.facts import StepFacts, facts_of
from programmes.sharing import Shared, opens_evidence, opens_sign_off, opens_step, veil_area


class EvidenceWantedSerializer(serializers.ModelSerializer):
    """One kind of evidence that a step wants."""

    class Meta:
        model = EvidenceWanted
        fields: ClassVar[list[str]] = ["id", "key", "label", "help_text", "required", "provider"]


class StepDefinitionSerializer(serializers.ModelSerializer):
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
    lead_agency = ScopedPrimaryKeyRelatedField(
        queryset=Agency.objects.all(),
        required=False,
        allow_null=True,
        help_text="The id of the agency whose information the programme holds; yours by default.",
    )

    class Meta:
        model = Programme
        fields: ClassVar[list[str]] = [
            "slug",
            "name",
            "summary",
            "purpose",
            "template",
            "lead_agency",
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


class LocationSerializer(RecordSerializer):
    """A location; its programme is named by slug and stays."""

    programme = ScopedSlugRelatedField(queryset=Programme.objects.all())
    area = AreaSerializer(read_only=True)

    def to_representation(self, location: Location) -> Any:
        """Return it with as much of its area as the caller may see."""
        shared = shared_in(self.context, location.programme)
        return super().to_representation(veil_area(shared, location))

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

    def to_representation(self, place: TargetPlace) -> Any:
        """Return it with as much of its area as the caller may see."""
        shared = shared_in(self.context, place.location.programme)
        return super().to_representation(veil_area(shared, place))

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


class StandingSerializer(serializers.Serializer):
    """How a step stands; computed from its records, never typed."""

    state = serializers.CharField()
    timing = serializers.CharField()
    done = serializers.IntegerField(help_text="Kinds of required evidence that are there.")
    wanted = serializers.IntegerField(help_text="Kinds of required evidence.")
    reason = serializers.CharField()
    missing = serializers.SerializerMethodField()
    signed_on = serializers.DateField(allow_null=True)
    forecast_week = serializers.IntegerField(
        source="forecast.week",
        allow_null=True,
        help_text="Week of the programme in which the step is likely to be done.",
    )
    forecast_on = serializers.DateField(source="forecast.on", allow_null=True)
    forecast_reason = serializers.CharField(source="forecast.reason")

    def get_missing(self, facts: StepFacts) -> list[str]:
        """Return the keys of required evidence that is missing."""
        return [kind.key for kind in facts.missing]


class StepRecordSerializer(WithheldSerializer, RecordSerializer):
    """A step at a location: plan and notes can be changed, the rest follows from records."""

    can_withhold = ("notes", "out_of_order_reason", "handling")

    location = serializers.SlugRelatedField(slug_field="slug", read_only=True)  # type: ignore[var-annotated]  # DRF leaves its type open
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
            "marking",
            "handling",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "started_on",
            "out_of_order_reason",
            "out_of_order_on",
            "is_demonstration",
        ]

    def programme_of(self, record: StepRecord) -> Programme:
        """Return its programme."""
        return record.location.programme

    def is_open(self, record: StepRecord, shared: Shared) -> bool:
        """Ask by the step's marking."""
        return opens_step(shared, record)

    @extend_schema_field(StandingSerializer)
    def get_standing(self, record: StepRecord) -> Any:
        """Return how the step stands; lists bring the facts of the whole page along."""
        known: dict[UUID, StepFacts] = self.context.get("facts", {})
        return StandingSerializer(known.get(record.pk) or facts_of(record)).data


class StartSerializer(StrictSerializer):
    """On which day work began, and why if out of order."""

    started_on = serializers.DateField()
    out_of_order_reason = serializers.CharField(required=False, allow_blank=True, default="")


class SignOffSerializer(WithheldSerializer, RecordSerializer):
    """A sign-off."""

    can_withhold = ("statement", "reopened_reason")

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
            "withheld",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "step_record",
            "signed_by",
            "signed_on",
            "by_own_hand",
            "reopened_on",
            "reopened_reason",
        ]

    def programme_of(self, record: SignOff) -> Programme:
        """Return its programme."""
        return record.step_record.location.programme

    def is_open(self, record: SignOff, shared: Shared) -> bool:
        """Ask by the step's marking and its own."""
        return opens_sign_off(shared, record)


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField()


class EvidenceSerializer(WithheldSerializer, RecordSerializer):
    """A piece of evidence; ``file`` is sent as multipart form data.

    ``agency`` is whose information it is: the recorder's. Of OFFICIAL-SENSITIVE evidence of
    another agency, which no sharing agreement covers, only kind and date are told.
    """

    can_withhold = (
        "title",
        "note",
        "link",
        "file_name",
        "recorded_by",
        "withdrawn_reason",
        "handling",
    )

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
            "agency",
            "marking",
            "handling",
            "withheld",
            "is_demonstration",
            "out_of_order_reason",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "recorded_by",
            "withdrawn_on",
            "withdrawn_reason",
            "agency",
            "is_demonstration",
        ]

    def programme_of(self, record: Evidence) -> Programme:
        """Return its programme."""
        return record.step_record.location.programme

    def is_open(self, record: Evidence, shared: Shared) -> bool:
        """Ask by its marking and its agency."""
        return opens_evidence(shared, record)
