"""How assets, stakeholders, links, walks and observations read and are sent in the API."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.contrib.gis.geos import Point
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField

from assets.choices import AssetKind
from assets.models import Asset, NetworkLink, Observation, Stakeholder, VisualAudit
from assets.points import from_degrees
from assets.sight import Sight, location_of, sight_of
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.models import Consent, Location, TargetPlace


class PointSerializerField(GeometryField):
    """A point as GeoJSON (longitude, latitude in WGS 84), or null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(precision=6, required=False, allow_null=True, **kwargs)

    def to_internal_value(self, value: Any) -> Any:
        """Take a GeoJSON Point within the British Isles."""
        if not isinstance(value, dict) or value.get("type") != "Point":
            raise serializers.ValidationError("A GeoJSON Point is expected.")
        numbers = value.get("coordinates")
        if (
            not isinstance(numbers, list)
            or len(numbers) != 2
            or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
        ):
            raise serializers.ValidationError("Two numbers: longitude, latitude.")
        try:
            return from_degrees(float(numbers[1]), float(numbers[0]))
        except (ValueError, OverflowError) as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: Any) -> Any:
        """Return GeoJSON."""
        return json.loads(value.geojson) if isinstance(value, Point) else None


class VeiledSerializer(RecordSerializer):
    """A record as far as it is open: what is withheld is null, and named under ``withheld``."""

    withheld = serializers.SerializerMethodField(
        help_text="Fields that are not open to you; they are null."
    )

    def _sight(self, record: Any) -> Sight:
        """Return what the caller is covered for; read once for a page of records."""
        known: Sight | None = self.context.get("sight")
        location = location_of(record)
        if known is not None and location.programme_id in known.shared:
            return known
        request = self.context.get("request")
        return sight_of(request.user, [location]) if request else NOTHING

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, record: Any) -> list[str]:
        """Return the names of the fields that are withheld."""
        return sorted(self._sight(record).withheld(record) & self.fields.keys())

    def to_representation(self, record: Any) -> Any:
        """Return the record without what is withheld."""
        shown = super().to_representation(record)
        return {**shown, **dict.fromkeys(shown["withheld"])}


NOTHING = Sight(shared={}, people=frozenset(), user_id=None)


class _Placed:
    """Keeps a record at its location."""

    instance: Any

    def get_fields(self) -> dict[str, Any]:
        """Let what a record belongs to be chosen at the start only."""
        fields: dict[str, Any] = super().get_fields()  # type: ignore[misc]  # mixed into a serializer
        if self.instance is not None and not isinstance(self.instance, list):
            for name in getattr(self, "chosen_once", ()):
                fields[name].read_only = True
        return fields


class AssetSerializer(_Placed, VeiledSerializer):
    """A community asset; a local contributor needs ``consent`` and has no name, point, address."""

    chosen_once = ("location", "kind", "consent")
    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    kind = serializers.ChoiceField(choices=AssetKind.choices)
    name = serializers.CharField(required=False, allow_blank=True, max_length=150)
    point = PointSerializerField()
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )
    consent = ScopedPrimaryKeyRelatedField(
        queryset=Consent.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Asset
        validators: ClassVar[list[Any]] = []  # services say what is on the list already
        fields: ClassVar[list[str]] = [
            "location",
            "kind",
            "name",
            "theme",
            "offers",
            "role",
            "contact",
            "website",
            "address",
            "point",
            "target_place",
            "consent",
            "agency",
            "last_checked_on",
            "check_by",
            "recorded_by",
            "withdrawn_on",
            "marking",
            "handling",
            "is_demonstration",
            "withheld",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "agency",
            "recorded_by",
            "withdrawn_on",
            "is_demonstration",
        ]


class StakeholderSerializer(_Placed, VeiledSerializer):
    """An organisation, or a role; the figures are judgements from 1 to 5, null: not judged."""

    chosen_once = ("location",)
    location = ScopedSlugRelatedField(queryset=Location.objects.all())

    class Meta:
        model = Stakeholder
        validators: ClassVar[list[Any]] = []  # services say what is on the list already
        fields: ClassVar[list[str]] = [
            "location",
            "name",
            "sector",
            "does",
            "contact",
            "capability",
            "connectedness",
            "interest",
            "influence",
            "involvement",
            "why_not",
            "agency",
            "judged_on",
            "recorded_by",
            "withdrawn_on",
            "marking",
            "handling",
            "is_demonstration",
            "withheld",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "agency",
            "recorded_by",
            "withdrawn_on",
            "is_demonstration",
        ]


class LinkSerializer(_Placed, RecordSerializer):
    """A tie between two stakeholders of one location; it has no direction."""

    chosen_once = ("source", "target", "kind")
    location: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    source: Any = ScopedPrimaryKeyRelatedField(queryset=Stakeholder.objects.all())
    target = ScopedPrimaryKeyRelatedField(queryset=Stakeholder.objects.all())

    class Meta:
        model = NetworkLink
        validators: ClassVar[list[Any]] = []  # services say what is on the list already
        fields: ClassVar[list[str]] = [
            "location",
            "source",
            "target",
            "kind",
            "strength",
            "note",
            "seen_on",
            "agency",
            "recorded_by",
            "withdrawn_on",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "agency",
            "recorded_by",
            "withdrawn_on",
            "is_demonstration",
        ]


class VisualAuditSerializer(_Placed, RecordSerializer):
    """A walk; who took part is counted, never named."""

    chosen_once = ("location",)
    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = VisualAudit
        fields: ClassVar[list[str]] = [
            "location",
            "target_place",
            "walked_on",
            "route",
            "light",
            "residents",
            "police",
            "partners",
            "notes",
            "agency",
            "recorded_by",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["agency", "recorded_by", "is_demonstration"]


class ObservationSerializer(_Placed, VeiledSerializer):
    """Something seen on a walk; ``has_photo`` says whether ``photo/`` beneath it has one."""

    chosen_once = ("audit",)
    audit = ScopedPrimaryKeyRelatedField(queryset=VisualAudit.objects.all())
    point = PointSerializerField()
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )
    photo = serializers.SerializerMethodField(help_text="Whether there is a photo.")

    class Meta:
        model = Observation
        fields: ClassVar[list[str]] = [
            "audit",
            "kind",
            "theme",
            "text",
            "place",
            "point",
            "target_place",
            "photo",
            "photo_shows",
            "action",
            "agency",
            "recorded_by",
            "withdrawn_on",
            "marking",
            "handling",
            "is_demonstration",
            "withheld",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "action",
            "agency",
            "recorded_by",
            "withdrawn_on",
            "is_demonstration",
        ]

    def get_photo(self, record: Observation) -> bool:
        """Say whether there is one."""
        return record.photo_id is not None


class WhySerializer(StrictSerializer):
    """Why something is taken off."""

    reason = serializers.CharField(max_length=1000)
