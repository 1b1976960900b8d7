"""How the area of a location or a target place reads and is set in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.serializers import StrictSerializer
from places.choices import DefinitionKind
from places.models import AreaDefinition
from programmes.selectors.areas import counting_words


class AreaSerializer(serializers.ModelSerializer):
    """An area in words: how it is set, how reports are counted in it, how many live there."""

    counting = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="What no sharing agreement opens to you."
    )

    class Meta:
        model = AreaDefinition
        fields: ClassVar[list[str]] = [
            "id",
            "kind",
            "counting",
            "residents",
            "residents_source",
            "note",
            "withheld",
            "version",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, area: AreaDefinition) -> list[str]:
        """Name what was taken out of an area that is not the caller's to see."""
        return ["boundary", "note"] if getattr(area, "is_withheld", False) else []

    def to_representation(self, area: AreaDefinition) -> Any:
        """Return null for what is withheld."""
        shown = super().to_representation(area)
        return {**shown, **{name: None for name in shown["withheld"] if name in shown}}

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
