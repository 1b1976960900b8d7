"""Courses, training sessions and the log for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, parsers, serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core import files
from core.api.base import ScopedModelViewSet, ScopedReadViewSet
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from delivery.models import (
    DeliveryGroup,
    GroupMember,
    LogEntry,
    TrainingAttendance,
    TrainingCourse,
    TrainingSession,
)
from delivery.selectors.log import ENTRIES, opens_photo, opens_text
from delivery.services.log import change_log_entry, log_entry
from delivery.services.training import Heads, change_training, record_training
from programmes.api.withheld import share_page, shared_in
from programmes.models import Location, StepRecord, TargetPlace
from programmes.sharing import shared_for

VIEW, RECORD = Permission.VIEW, Permission.DELIVERY_RECORD


LOG_WITHHELD = ("text", "where", "people", "handling", "recorded_by")


class CourseSerializer(RecordSerializer):
    """A course of the method; read only."""

    class Meta:
        model = TrainingCourse
        read_only = True
        fields: ClassVar[list[str]] = ["key", "name", "level", "summary", "retired_on"]


class CourseViewSet(ScopedReadViewSet):
    """The catalogue of courses."""

    queryset = TrainingCourse.objects.all()
    permissions = {"list": VIEW, "retrieve": VIEW}
    serializer_class = CourseSerializer


class AttendanceSerializer(StrictSerializer):
    """How many of an agency came; without an agency, of the community."""

    agency = ScopedPrimaryKeyRelatedField(
        queryset=Agency.objects.all(), required=False, allow_null=True, default=None
    )
    people = serializers.IntegerField(min_value=1, max_value=500)


class TrainingSerializer(RecordSerializer):
    """A session.

    ``attendance`` counts people by agency, ``members`` are those of the groups among them.
    ``trainer`` is null where the noter's agency does not share people with yours.
    """

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    course = ScopedSlugRelatedField(
        queryset=TrainingCourse.objects.all(),
        slug_field="key",
        open_reason="Courses are open to everyone signed in.",
    )
    group = ScopedPrimaryKeyRelatedField(
        queryset=DeliveryGroup.objects.all(), required=False, allow_null=True
    )
    attendance = AttendanceSerializer(many=True, required=False, source="heads")
    members = ScopedPrimaryKeyRelatedField(
        queryset=GroupMember.objects.all(), many=True, required=False
    )
    people = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="Fields that no sharing agreement opens to you; they are null."
    )

    class Meta:
        model = TrainingSession
        fields: ClassVar[list[str]] = [
            "location",
            "course",
            "group",
            "held_on",
            "where",
            "trainer",
            "notes",
            "attendance",
            "members",
            "people",
            "recorded_by",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["recorded_by", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep a session at its location."""
        fields = super().get_fields()
        if isinstance(self.instance, TrainingSession):
            fields["location"].read_only = True
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """Put attendance in the order in which it is shown, so that a repeat reads the same."""
        if "heads" in data:
            data["heads"] = sorted(data["heads"], key=lambda one: _by_name(one["agency"]))
        if "members" in data:
            data["members"] = sorted(set(data["members"]), key=lambda one: str(one.pk))
        return data

    def _rows(self, session: TrainingSession) -> list[TrainingAttendance]:
        return list(session.attendance.all())

    @extend_schema_field(serializers.IntegerField())
    def get_people(self, session: TrainingSession) -> int:
        """Return how many came in all."""
        return sum(row.people for row in self._rows(session))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, session: TrainingSession) -> list[str]:
        """Return the names of the fields that are withheld."""
        shared = shared_in(self.context, session.location.programme)
        owner = session.recorded_by.agency_id
        covered = shared.covers(Category.PEOPLE, owner, session.recorded_by_id)
        return [] if covered else ["trainer", "recorded_by"]

    def to_representation(self, session: TrainingSession) -> Any:
        """Return the session with its sums, without what is withheld."""
        rows = self._rows(session)
        counted: dict[Any, int] = {}
        for row in rows:
            counted[row.agency_id] = counted.get(row.agency_id, 0) + row.people
        session.heads = [  # type: ignore[attr-defined]  # read by the serializer
            {"agency": row, "people": counted.pop(row.pk if row else None)}
            for row in _agencies(rows)
        ]
        ticked = [row.member for row in rows if row.member is not None]
        session.members = sorted(ticked, key=lambda one: str(one.pk))  # type: ignore[attr-defined]  # read by the serializer
        shown = super().to_representation(session)
        return {**shown, **dict.fromkeys(shown["withheld"])}


def _agencies(rows: list[TrainingAttendance]) -> list[Agency | None]:
    found: dict[Any, Agency | None] = {row.agency_id: row.agency for row in rows}
    return sorted(found.values(), key=_by_name)


def _by_name(agency: Agency | None) -> tuple[bool, str]:
    """Return the order of agencies: by name, the community last."""
    return (agency is None, agency.name if agency else "")


class TrainingFilter(HouseFilterSet):
    """Sessions of one location."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = TrainingSession
        fields = {"held_on": ["gte", "lte"]}


class TrainingViewSet(ScopedModelViewSet):
    """Training sessions with who came."""

    queryset = TrainingSession.objects.select_related(
        "location__programme", "course", "group", "recorded_by"
    ).prefetch_related("attendance__agency", "attendance__member")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
    }
    serializer_class = TrainingSerializer
    filterset_class = TrainingFilter
    create_parent = "location"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (row.location.programme for row in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> TrainingSession:
        """Note it."""
        return record_training(by=self.request.user, **_sent(serializer.validated_data))

    def perform_update(self, serializer: Any, version: int) -> TrainingSession:
        """Change it; attendance that is not sent stays."""
        session, data = serializer.instance, _sent(serializer.validated_data)
        rows = list(session.attendance.select_related("agency", "member"))
        if "heads" not in data:
            heads: dict[Any, int] = {}
            for row in rows:
                heads[row.agency] = heads.get(row.agency, 0) + row.people
            data["heads"] = [Heads(agency, people) for agency, people in heads.items()]
        data.setdefault("members", [row.member for row in rows if row.member_id])
        names = ("course", "held_on", "group", "where", "trainer", "notes")
        kept = {name: data.pop(name, getattr(session, name)) for name in names}
        changed = change_training(
            session=session, version=version, by=self.request.user, **kept, **data
        )
        return self.queryset.get(pk=changed.pk)


def _sent(validated: dict[str, Any]) -> dict[str, Any]:
    data = dict(validated)
    if "heads" in data:
        data["heads"] = [Heads(one["agency"], one["people"]) for one in data["heads"]]
    return data


class LogSerializer(RecordSerializer):
    """An entry of the log; ``photo`` is sent as multipart form data.

    Of an OFFICIAL-SENSITIVE entry of another agency, which no agreement covers, kind, day and place
    are told.
    """

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )
    step = ScopedPrimaryKeyRelatedField(
        queryset=StepRecord.objects.all(), required=False, allow_null=True
    )
    photo = serializers.FileField(required=False, write_only=True)
    has_photo = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="Fields that no sharing agreement opens to you; they are null."
    )

    class Meta:
        model = LogEntry
        fields: ClassVar[list[str]] = [
            "location",
            "kind",
            "done_on",
            "target_place",
            "where",
            "text",
            "people",
            "step",
            "photo",
            "has_photo",
            "agency",
            "recorded_by",
            "marking",
            "handling",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["agency", "recorded_by", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep an entry at its location."""
        fields = super().get_fields()
        if isinstance(self.instance, LogEntry):
            fields["location"].read_only = True
        return fields

    @extend_schema_field(serializers.BooleanField())
    def get_has_photo(self, entry: LogEntry) -> bool:
        """Say whether there is a photo that the caller may see."""
        shared = shared_in(self.context, entry.location.programme)
        return entry.photo_id is not None and opens_photo(shared, entry)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, entry: LogEntry) -> list[str]:
        """Return the names of the fields that are withheld."""
        shared = shared_in(self.context, entry.location.programme)
        if opens_text(shared, entry):
            return []
        return [*LOG_WITHHELD]

    def to_representation(self, entry: LogEntry) -> Any:
        """Return the entry without what is withheld."""
        shown = super().to_representation(entry)
        return {**shown, **dict.fromkeys(shown["withheld"])}


class LogFilter(HouseFilterSet):
    """Entries of one location, kind, place, or from one day to another."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = LogEntry
        fields = {"kind": ["exact"], "target_place": ["exact"], "done_on": ["gte", "lte"]}


class LogViewSet(ScopedModelViewSet):
    """The log."""

    queryset = ENTRIES
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
        "photo": VIEW,
    }
    serializer_class = LogSerializer
    filterset_class = LogFilter
    parser_classes = [parsers.JSONParser, parsers.MultiPartParser]
    create_parent = "location"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (row.location.programme for row in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> LogEntry:
        """Note it."""
        return log_entry(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> LogEntry:
        """Change it."""
        entry, data = serializer.instance, dict(serializer.validated_data)
        names = ("kind", "done_on", "text", "target_place", "step", "where", "people")
        kept = {name: data.pop(name, getattr(entry, name)) for name in names}
        return change_log_entry(entry=entry, version=version, by=self.request.user, **kept, **data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def photo(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Send its photo."""
        entry = self.fetch()
        if entry.photo is None:
            raise exceptions.NotFound("There is no photo with this entry.")
        if not opens_photo(shared_for(request, entry.location.programme), entry):
            raise exceptions.PermissionDenied("No sharing agreement opens it to you.")
        return files.response(entry.photo, marking=entry.marking, inline=True)
