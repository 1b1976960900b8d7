"""Groups, their seats and members for programs, over the same services as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Agency
from accounts.permissions import Permission
from accounts.sharing import Category
from core.api.base import ScopedModelViewSet, check_match
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from delivery.choices import GroupRole
from delivery.models import DeliveryGroup, GroupMember, GroupSeat
from delivery.selectors.group_page import people_to_seat
from delivery.selectors.groups import MEMBERS, MemberLine, Naming, naming_for, namings_for
from delivery.services.groups import add_seat, change_group, change_seat, form_group
from delivery.services.members import add_member, change_member, end_membership
from programmes.models import Consent, Location, TargetPlace

VIEW, RECORD = Permission.VIEW, Permission.DELIVERY_RECORD


class GroupSerializer(RecordSerializer):
    """A group; its location, kind and target place are chosen once, when it is formed."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = DeliveryGroup
        validators: ClassVar[list[Any]] = []  # the service says it, in our words
        fields: ClassVar[list[str]] = [
            "location",
            "kind",
            "name",
            "purpose",
            "target_place",
            "formed_on",
            "ended_on",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep a group where it is; a new one has not ended."""
        fields = super().get_fields()
        if isinstance(self.instance, DeliveryGroup):
            for name in ("location", "kind", "target_place"):
                fields[name].read_only = True
        else:
            fields["ended_on"].read_only = True
        return fields


class GroupFilter(HouseFilterSet):
    """Groups of one location, or of one kind."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = DeliveryGroup
        fields: ClassVar[list[str]] = ["location", "kind"]


class GroupViewSet(ScopedModelViewSet):
    """Delivery groups and working groups."""

    queryset = DeliveryGroup.objects.select_related("location", "target_place")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
    }
    serializer_class = GroupSerializer
    filterset_class = GroupFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> DeliveryGroup:
        """Form it."""
        return form_group(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> DeliveryGroup:
        """Change it."""
        group, data = serializer.instance, serializer.validated_data
        return change_group(
            group=group,
            name=data.get("name", group.name),
            purpose=data.get("purpose", group.purpose),
            formed_on=data.get("formed_on", group.formed_on),
            ended_on=data.get("ended_on", group.ended_on),
            version=version,
            by=self.request.user,
        )


class SeatSerializer(RecordSerializer):
    """Who ought to be in a group; ``is_needed`` false closes the seat."""

    group = ScopedPrimaryKeyRelatedField(queryset=DeliveryGroup.objects.all())
    agency = ScopedPrimaryKeyRelatedField(
        queryset=Agency.objects.all(), required=False, allow_null=True
    )
    is_needed = serializers.BooleanField(required=False, write_only=True)

    class Meta:
        model = GroupSeat
        fields: ClassVar[list[str]] = [
            "group",
            "label",
            "agency",
            "why",
            "asked_on",
            "closed_on",
            "is_needed",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["closed_on", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep a seat in its group."""
        fields = super().get_fields()
        if isinstance(self.instance, GroupSeat):
            fields["group"].read_only = True
        return fields


class SeatFilter(HouseFilterSet):
    """Seats of one location or group."""

    location = ScopedSlugFilter(Location, field_name="group__location")

    class Meta:
        model = GroupSeat
        fields: ClassVar[list[str]] = ["group"]


class SeatViewSet(ScopedModelViewSet):
    """Seats: who ought to be in a group."""

    queryset = GroupSeat.objects.select_related("group__location", "agency")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
    }
    serializer_class = SeatSerializer
    filterset_class = SeatFilter
    create_parent = "group"

    def perform_create(self, serializer: Any) -> GroupSeat:
        """Add it."""
        data = dict(serializer.validated_data)
        data.pop("is_needed", None)
        return add_seat(by=self.request.user, **data)

    def perform_update(self, serializer: Any, version: int) -> GroupSeat:
        """Change it."""
        seat, data = serializer.instance, serializer.validated_data
        return change_seat(
            seat=seat,
            label=data.get("label", seat.label),
            agency=data.get("agency", seat.agency),
            why=data.get("why", seat.why),
            asked_on=data.get("asked_on", seat.asked_on),
            is_needed=data.get("is_needed", seat.closed_on is None),
            version=version,
            by=self.request.user,
        )


class MemberSerializer(RecordSerializer):
    """A membership as the caller may see it.

    ``display_name`` is always there, the name or words in its place. ``name``, ``contact``,
    ``user`` and ``consent`` are null where they are withheld, and named under ``withheld``. A name
    of the community stands with the consent, never here.
    """

    group = ScopedPrimaryKeyRelatedField(queryset=DeliveryGroup.objects.all())
    seat = ScopedPrimaryKeyRelatedField(
        queryset=GroupSeat.objects.all(), required=False, allow_null=True
    )
    agency = ScopedPrimaryKeyRelatedField(
        queryset=Agency.objects.all(), required=False, allow_null=True
    )
    consent = ScopedPrimaryKeyRelatedField(
        queryset=Consent.objects.all(), required=False, allow_null=True
    )
    user = serializers.UUIDField(
        required=False,
        allow_null=True,
        source="user_id",
        help_text="The id of somebody with a role at the location.",
    )
    display_name = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="Fields that are not open to you; they are null."
    )

    class Meta:
        model = GroupMember
        validators: ClassVar[list[Any]] = []  # the service says it, in our words
        fields: ClassVar[list[str]] = [
            "group",
            "display_name",
            "user",
            "consent",
            "agency",
            "name",
            "contact",
            "seat",
            "role",
            "joined_on",
            "left_on",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["left_on", "is_demonstration"]

    def get_fields(self) -> dict[str, Any]:
        """Keep who it is: only role and seat change, and the end by its own address."""
        fields = super().get_fields()
        if isinstance(self.instance, GroupMember):
            for name in ("group", "user", "consent", "agency", "name", "contact", "joined_on"):
                fields[name].read_only = True
        return fields

    def _naming(self, member: GroupMember) -> Naming:
        context: Any = self.context
        known: dict[Any, Naming] = context.setdefault("namings", {})
        location = member.group.location
        if location.pk not in known:
            request = self.context.get("request")
            known[location.pk] = naming_for(request.user if request else _Nobody(), location)
        return known[location.pk]

    def _line(self, member: GroupMember) -> MemberLine:
        return self._naming(member).line(member)

    @extend_schema_field(serializers.CharField())
    def get_display_name(self, member: GroupMember) -> str:
        """Return the name, or the words in its place."""
        return self._line(member).name

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_withheld(self, member: GroupMember) -> list[str]:
        """Return the names of the fields that are withheld."""
        naming, hidden = self._naming(member), []
        if (member.user or member.consent or member.name) and not naming.opens(member):
            hidden += [n for n in ("user", "consent", "name") if getattr(member, n)]
        if member.contact and not naming.reaches(member):
            hidden.append("contact")
        return hidden

    def to_representation(self, member: GroupMember) -> Any:
        """Return the membership without what is withheld."""
        shown = super().to_representation(member)
        return {**shown, **dict.fromkeys(shown["withheld"])}


class _Nobody:
    """Stands for a caller whom nobody knows: schema generation."""

    is_authenticated = is_active = is_superuser = False
    agency_id = pk = None


class EndSerializer(StrictSerializer):
    """The last day of a membership."""

    left_on = serializers.DateField()


class MemberFilter(HouseFilterSet):
    """Members of one location or group."""

    location = ScopedSlugFilter(Location, field_name="group__location")

    class Meta:
        model = GroupMember
        fields: ClassVar[list[str]] = ["group", "role"]


class MemberViewSet(ScopedModelViewSet):
    """Members of groups."""

    queryset = MEMBERS
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
        "end": RECORD,
    }
    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    create_parent = "group"
    ledger_touches = (Category.PEOPLE,)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller may know of the members of a page."""
        serializer = super().get_serializer(*args, **kwargs)
        if kwargs.get("many") and args:
            context: Any = serializer.context
            places = {row.group.location_id: row.group.location for row in args[0]}
            context["namings"] = namings_for(self.request.user, places.values())
        return serializer

    def perform_create(self, serializer: Any) -> GroupMember:
        """Let them join."""
        data = dict(serializer.validated_data)
        user_id = data.pop("user_id", None)
        user = None
        if user_id is not None:
            user = people_to_seat(data["group"].location).filter(pk=user_id).first()
            if user is None:
                raise exceptions.ValidationError(
                    {"user": [_("Choose somebody who has a role at this location.")]}
                )
        return add_member(by=self.request.user, user=user, **data)

    def perform_update(self, serializer: Any, version: int) -> GroupMember:
        """Change role and seat."""
        member, data = serializer.instance, serializer.validated_data
        return change_member(
            member=member,
            role=data.get("role", GroupRole(member.role)),
            seat=data.get("seat", member.seat),
            version=version,
            by=self.request.user,
        )

    @extend_schema(request=EndSerializer, responses=MemberSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End it; ``If-Match`` names the version that was read."""
        member = self.fetch()
        check_match(request, member)
        sent = EndSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        left_on: dt.date = sent.validated_data["left_on"]
        done = end_membership(
            member=member, left_on=left_on, version=member.version, by=request.user
        )
        return self.answer(done)
