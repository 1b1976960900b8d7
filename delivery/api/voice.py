"""The residents' voice for programs: concerns, priorities, answers. Never safeguarding."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.permissions import Permission
from accounts.policy import holds
from core.api.base import Create, ListAndRetrieve, ScopedReadViewSet, ScopedViewSet
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer
from delivery.choices import Channel
from delivery.models import Answer, Concern, Decision, Priority
from delivery.services.voice import record_concern
from delivery.services.voice_answers import agree_priority
from programmes.models import Location, TargetPlace

P = Permission
OWN_WORDS = ("text", "where")


class ConcernSerializer(RecordSerializer):
    """What a resident brought. ``text`` and ``where`` are null for those who do not moderate."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True, default=None
    )
    channel = serializers.ChoiceField(
        choices=[choice for choice in Channel.choices if choice[0] != Channel.PUBLIC_PAGE],
        help_text="How it reached you; what comes by the public page enters itself.",
    )
    where = serializers.CharField(required=False, allow_blank=True, max_length=200)
    text = serializers.CharField(max_length=2000)
    withheld = serializers.SerializerMethodField(
        help_text="Fields that your role does not open; they are null."
    )

    class Meta:
        model = Concern
        fields: ClassVar[list[str]] = [
            "location",
            "target_place",
            "kind",
            "text",
            "where",
            "channel",
            "heard_on",
            "public_text",
            "published_on",
            "state",
            "answer_by",
            "priority",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "public_text",
            "published_on",
            "state",
            "answer_by",
            "priority",
            "is_demonstration",
        ]

    def get_withheld(self, record: Concern) -> list[str]:
        """Return the names of the fields that are withheld."""
        if not hasattr(record, "moderates"):  # not from a list: made, or sent a second time
            reader = self.context["request"].user
            record.moderates = holds(reader, P.VOICE_MODERATE, record)  # type: ignore[attr-defined]  # read by the serializer
        return [] if record.moderates else list(OWN_WORDS)  # type: ignore[attr-defined]  # read by the serializer

    def to_representation(self, record: Any) -> Any:
        """Return the record without what is withheld."""
        shown = super().to_representation(record)
        return {**shown, **dict.fromkeys(shown["withheld"])}


class ConcernFilter(HouseFilterSet):
    """Concerns of one location or target place, of one kind, in one state."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Concern
        fields: ClassVar[list[str]] = ["location", "target_place", "kind", "state", "priority"]


class ConcernViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """What was heard: everything for those who moderate, what is published for others."""

    queryset = Concern.objects.select_related("location", "target_place", "priority")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW, "create": P.VOICE_MODERATE}
    serializer_class = ConcernSerializer
    filterset_class = ConcernFilter
    create_parent = "location"

    def rows(self, permission: str) -> Any:
        """Say of each row whether the caller reads its words."""
        return (
            super().rows(permission).with_can(self.request.user, P.VOICE_MODERATE, name="moderates")
        )

    def perform_create(self, serializer: Any) -> Concern:
        """Enter it."""
        return record_concern(by=self.request.user, **_with_id(serializer))


class PrioritySerializer(RecordSerializer):
    """What a location works on because people asked for it."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True, default=None
    )
    decision = ScopedPrimaryKeyRelatedField(
        queryset=Decision.objects.all(), required=False, allow_null=True, default=None
    )

    class Meta:
        model = Priority
        fields: ClassVar[list[str]] = [
            "location",
            "target_place",
            "title",
            "why",
            "doing",
            "agreed_on",
            "ended_on",
            "decision",
            "published_on",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["ended_on", "published_on", "is_demonstration"]


class PriorityFilter(HouseFilterSet):
    """Priorities of one location or target place."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Priority
        fields: ClassVar[list[str]] = ["location", "target_place"]


class PriorityViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Priorities of the locations that the caller sees."""

    queryset = Priority.objects.select_related("location", "target_place", "decision")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW, "create": P.VOICE_MODERATE}
    serializer_class = PrioritySerializer
    filterset_class = PriorityFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Priority:
        """Agree it."""
        return agree_priority(by=self.request.user, **_with_id(serializer))


class FeedbackSerializer(RecordSerializer):
    """An answer: "you said, we did" or "we could not, because"."""

    location = serializers.SlugRelatedField(slug_field="slug", read_only=True)  # type: ignore[var-annotated]  # DRF leaves its type open

    class Meta:
        model = Answer
        read_only = True
        fields: ClassVar[list[str]] = [
            "location",
            "concern",
            "priority",
            "kind",
            "text",
            "answered_on",
            "drafted_by",
            "approved_by",
            "published_on",
            "withdrawn_on",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = fields


class FeedbackFilter(HouseFilterSet):
    """Answers of one location, of one kind."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Answer
        fields: ClassVar[list[str]] = ["location", "kind"]


class FeedbackViewSet(ScopedReadViewSet):
    """Answers: published ones, and drafts for those who write or approve them."""

    queryset = Answer.objects.select_related("location")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW}
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilter


def _with_id(serializer: Any) -> dict[str, Any]:
    return {"id": None, **serializer.validated_data}
