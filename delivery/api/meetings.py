"""Meetings, issues and decisions for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.base import ScopedModelViewSet, check_match
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from delivery.models import Concern, Decision, DeliveryGroup, Issue, Meeting
from delivery.selectors.minutes import record_of
from delivery.services import meetings as services
from delivery.services.meeting_mail import send_invitations
from programmes.models import Location

VIEW, RECORD = Permission.VIEW, Permission.DELIVERY_RECORD
WRITE: dict[str, str] = {
    "list": VIEW,
    "retrieve": VIEW,
    "create": RECORD,
    "update": RECORD,
    "partial_update": RECORD,
}


class _Settled(RecordSerializer):
    """Fields that are chosen once, when the record is made, and those that come afterwards."""

    settled: ClassVar[tuple[str, ...]] = ()
    afterwards: ClassVar[tuple[str, ...]] = ()

    def get_fields(self) -> dict[str, Any]:
        """Leave to a new record what is chosen at the start, to an old one what comes later."""
        fields = super().get_fields()
        made = self.instance is not None and not isinstance(self.instance, (list, tuple))
        for name in self.settled if made else self.afterwards:
            fields[name].read_only = True
        return fields


class MeetingSerializer(_Settled):
    """A meeting; its location and kind are chosen once, ``summary`` is written afterwards.

    ``sequence`` counts what invited people were told (RFC 5545).
    """

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    group = ScopedPrimaryKeyRelatedField(
        queryset=DeliveryGroup.objects.all(), required=False, allow_null=True
    )
    settled = ("location", "kind")
    afterwards = ("summary",)

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = [
            "location",
            "group",
            "kind",
            "title",
            "held_on",
            "starts_at",
            "ends_at",
            "where",
            "agenda",
            "summary",
            "state",
            "sequence",
            "cancelled_reason",
            "closed_on",
            "minutes_on",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "state",
            "sequence",
            "cancelled_reason",
            "closed_on",
            "minutes_on",
            "is_demonstration",
        ]


class AttendeeSerializer(serializers.Serializer[Any]):
    """Somebody on a meeting's list; ``name`` is empty where it is withheld from the caller."""

    id = serializers.UUIDField()
    agency = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    state = serializers.CharField()


class MeetingReasonSerializer(StrictSerializer):
    """Why a meeting is cancelled."""

    reason = serializers.CharField(max_length=500)


class SummarySerializer(StrictSerializer):
    """The meeting in a few sentences."""

    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class MailedSerializer(serializers.Serializer[Any]):
    """How many were mailed, and how many have no address."""

    sent = serializers.IntegerField()
    unreachable = serializers.IntegerField()


class IssueSerializer(_Settled):
    """Something raised at a meeting; its meeting and the resident's concern are chosen once."""

    meeting = ScopedPrimaryKeyRelatedField(queryset=Meeting.objects.all())
    concern = ScopedPrimaryKeyRelatedField(
        queryset=Concern.objects.all(), required=False, allow_null=True
    )
    settled = ("meeting", "concern")

    class Meta:
        model = Issue
        fields: ClassVar[list[str]] = [
            "meeting",
            "text",
            "concern",
            "recorded_by",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["recorded_by", "is_demonstration"]


class DecisionSerializer(_Settled):
    """A decision; where it was taken and on which issue is chosen once."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    meeting = ScopedPrimaryKeyRelatedField(
        queryset=Meeting.objects.all(), required=False, allow_null=True
    )
    issue = ScopedPrimaryKeyRelatedField(
        queryset=Issue.objects.all(), required=False, allow_null=True
    )
    settled = ("location", "meeting", "issue")

    class Meta:
        model = Decision
        fields: ClassVar[list[str]] = [
            "location",
            "meeting",
            "issue",
            "text",
            "decided_on",
            "recorded_by",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["recorded_by", "is_demonstration"]


class MeetingFilter(HouseFilterSet):
    """Meetings of one location or group, of a kind, as they stand."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Meeting
        fields: ClassVar[dict[str, list[str]]] = {
            "group": ["exact"],
            "kind": ["exact"],
            "state": ["exact"],
            "held_on": ["gte", "lte"],
        }


class IssueFilter(HouseFilterSet):
    """Issues of one meeting, or at one location."""

    location = ScopedSlugFilter(Location, field_name="meeting__location")

    class Meta:
        model = Issue
        fields: ClassVar[list[str]] = ["meeting"]


class DecisionFilter(HouseFilterSet):
    """Decisions of one location or meeting, of a period."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Decision
        fields: ClassVar[dict[str, list[str]]] = {
            "meeting": ["exact"],
            "decided_on": ["gte", "lte"],
        }


class MeetingViewSet(ScopedModelViewSet):
    """Meetings of the locations that the caller sees."""

    queryset = Meeting.objects.select_related("location__programme", "group")
    permissions = {
        **WRITE,
        "attendance": VIEW,
        "cancel": RECORD,
        "close": RECORD,
        "invitations": RECORD,
    }
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Meeting:
        """Plan it; nobody is asked and nobody mailed."""
        data = dict(serializer.validated_data)
        return services.plan_meeting(id=data.pop("id", None), by=self.request.user, **data)

    def perform_update(self, serializer: Any, version: int) -> Meeting:
        """Change it; who was mailed is told where the appointment changes."""
        return services.change_meeting(
            meeting=serializer.instance,
            version=version,
            by=self.request.user,
            **serializer.validated_data,
        )

    @extend_schema(responses=AttendeeSerializer(many=True))
    @action(detail=True, methods=["get"])
    def attendance(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return who is on the list, as the caller may know them."""
        record = record_of(self.fetch(), request.user)
        return Response(AttendeeSerializer(record.attendees, many=True).data)

    @extend_schema(request=MeetingReasonSerializer, responses=MeetingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Cancel it and tell who was mailed; ``If-Match`` names the version that was read."""
        meeting = self.fetch()
        check_match(request, meeting)
        sent = MeetingReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self.answer(
            services.cancel_meeting(
                meeting=meeting, version=meeting.version, by=request.user, **sent.validated_data
            )
        )

    @extend_schema(request=SummarySerializer, responses=MeetingSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close it after it was held; ``If-Match`` names the version that was read."""
        meeting = self.fetch()
        check_match(request, meeting)
        sent = SummarySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self.answer(
            services.close_meeting(
                meeting=meeting, version=meeting.version, by=request.user, **sent.validated_data
            )
        )

    @extend_schema(request=None, responses=MailedSerializer)
    @action(detail=True, methods=["post"])
    def invitations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mail everybody on the list who was not told of the meeting as it stands."""
        mailed = send_invitations(meeting=self.fetch(), by=request.user)
        return Response(MailedSerializer(mailed).data)


class IssueViewSet(ScopedModelViewSet):
    """What was raised at the meetings that the caller sees."""

    queryset = Issue.objects.select_related("meeting__location", "concern")
    permissions = WRITE
    serializer_class = IssueSerializer
    filterset_class = IssueFilter
    create_parent = "meeting"

    def perform_create(self, serializer: Any) -> Issue:
        """Write it down."""
        data = dict(serializer.validated_data)
        return services.raise_issue(id=data.pop("id", None), by=self.request.user, **data)

    def perform_update(self, serializer: Any, version: int) -> Issue:
        """Correct it."""
        text = serializer.validated_data.get("text", serializer.instance.text)
        return services.change_issue(
            issue=serializer.instance, text=text, version=version, by=self.request.user
        )


class DecisionViewSet(ScopedModelViewSet):
    """What was decided at the locations that the caller sees."""

    queryset = Decision.objects.select_related("location", "meeting", "issue")
    permissions = WRITE
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Decision:
        """Write it down."""
        data = dict(serializer.validated_data)
        return services.record_decision(id=data.pop("id", None), by=self.request.user, **data)

    def perform_update(self, serializer: Any, version: int) -> Decision:
        """Correct it."""
        decision, data = serializer.instance, serializer.validated_data
        return services.change_decision(
            decision=decision,
            text=data.get("text", decision.text),
            decided_on=data.get("decided_on", decision.decided_on),
            version=version,
            by=self.request.user,
        )
