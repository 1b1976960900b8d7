"""Asking for help for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Permission
from core.api.base import Create, ListAndRetrieve, ScopedViewSet
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from core.choices import Marking
from delivery.choices import HelpOutcome, Tier
from delivery.models import Action, HelpRequest
from delivery.selectors.actions import people_to_ask
from delivery.selectors.help import opens
from delivery.services import help as services
from programmes.api.withheld import WithheldSerializer, share_page
from programmes.models import Location, Programme, StepRecord
from programmes.sharing import Shared

VIEW, RUNS = Permission.VIEW, Permission.DELIVERY_RECORD
ASKED = [(Tier.TASKING.value, Tier.TASKING.label), (Tier.BOARD.value, Tier.BOARD.label)]


class EscalationSerializer(WithheldSerializer, RecordSerializer):
    """Help asked for; its words are withheld where it is marked and no agreement opens it."""

    can_withhold = ("reason", "decision", "help_from", "withdrawn_reason", "handling")

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    action = ScopedPrimaryKeyRelatedField(
        queryset=Action.objects.all(), required=False, allow_null=True
    )
    step = ScopedPrimaryKeyRelatedField(
        queryset=StepRecord.objects.all(), required=False, allow_null=True
    )
    tier = serializers.ChoiceField(choices=Tier.choices)
    reason = serializers.CharField(max_length=4000)
    decide_by = serializers.DateField()

    class Meta:
        model = HelpRequest
        fields: ClassVar[list[str]] = [
            "location",
            "action",
            "step",
            "tier",
            "title",
            "reason",
            "decide_by",
            "state",
            "rule",
            "proposed_on",
            "sent_on",
            "sent_by",
            "outcome",
            "decision",
            "help_from",
            "help_by",
            "decided_on",
            "decided_by",
            "returned_on",
            "passed_from",
            "decision_record",
            "follow_up",
            "withdrawn_on",
            "withdrawn_reason",
            "agency",
            "marking",
            "handling",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "state",
            "rule",
            "proposed_on",
            "sent_on",
            "sent_by",
            "outcome",
            "decision",
            "help_from",
            "help_by",
            "decided_on",
            "decided_by",
            "returned_on",
            "passed_from",
            "decision_record",
            "follow_up",
            "withdrawn_on",
            "withdrawn_reason",
            "agency",
            "is_demonstration",
        ]

    def programme_of(self, record: HelpRequest) -> Programme:
        """Return its programme."""
        return record.location.programme

    def is_open(self, record: HelpRequest, shared: Shared) -> bool:
        """Ask by its marking and its agency."""
        return opens(shared, record)


class SendSerializer(StrictSerializer):
    """A proposal in a person's own words."""

    tier = serializers.ChoiceField(choices=ASKED)
    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=4000)
    decide_by = serializers.DateField()
    marking = serializers.ChoiceField(choices=Marking.choices, default=Marking.OFFICIAL)
    handling = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class DecideSerializer(StrictSerializer):
    """A decision; help given says from whom and by when, passed up by when the next decides."""

    outcome = serializers.ChoiceField(choices=HelpOutcome.choices)
    decision = serializers.CharField(max_length=4000)
    help_from = serializers.CharField(required=False, allow_blank=True, max_length=150, default="")
    help_by = serializers.DateField(required=False, allow_null=True, default=None)
    next_decide_by = serializers.DateField(required=False, allow_null=True, default=None)


class ReturnSerializer(StrictSerializer):
    """What the group is told; ``id`` is that of the decision it becomes. An action may follow."""

    id = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=4000)
    action_title = serializers.CharField(
        required=False, allow_blank=True, max_length=200, default=""
    )
    action_owner = serializers.UUIDField(required=False, allow_null=True, default=None)
    action_due_on = serializers.DateField(required=False, allow_null=True, default=None)


class WhyHelpSerializer(StrictSerializer):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=1000)


class EscalationFilter(HouseFilterSet):
    """Help asked for at one location or in one programme, by state and tier."""

    location = ScopedSlugFilter(Location)
    programme = ScopedSlugFilter(Programme, field_name="location__programme")

    class Meta:
        model = HelpRequest
        fields: ClassVar[list[str]] = ["state", "tier", "outcome"]


class EscalationViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Asking for help from above: ask, send what is proposed, decide, return, take back."""

    queryset = HelpRequest.objects.select_related("agency", "location__programme__lead_agency")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RUNS,
        "send": RUNS,
        "decide": Permission.HELP_DECIDE,
        "give_back": RUNS,
        "withdraw": RUNS,
    }
    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter
    create_parent = "location"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (row.location.programme for row in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> HelpRequest:
        """Ask and send."""
        return services.ask_for_help(by=self.request.user, **serializer.validated_data)

    @extend_schema(request=SendSerializer, responses=EscalationSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a proposal."""
        found, data = self.fetch(), _sent(SendSerializer, request)
        return self.answer(services.send(request=found, by=request.user, **data))

    @extend_schema(request=DecideSerializer, responses=EscalationSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Decide on it."""
        found, data = self.fetch(), _sent(DecideSerializer, request)
        return self.answer(services.decide(request=found, by=request.user, **data))

    @extend_schema(request=ReturnSerializer, responses=EscalationSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the decision back to the group."""
        found, data = self.fetch(), _sent(ReturnSerializer, request)
        services.require_open(request.user, found)
        data["action_owner"] = _owner(found, data["action_owner"])
        return self.answer(services.return_to_group(request=found, by=request.user, **data))

    @extend_schema(request=WhyHelpSerializer, responses=EscalationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back."""
        found, data = self.fetch(), _sent(WhyHelpSerializer, request)
        return self.answer(services.withdraw(request=found, by=request.user, **data))


def _sent(kind: type[StrictSerializer], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _owner(request: HelpRequest, owner: Any) -> User | None:
    """Return the person asked, among those with a role at the location; others read like none."""
    if owner is None:
        return None
    found: User | None = people_to_ask(request.location).filter(pk=owner).first()
    if found is None:
        raise serializers.ValidationError({"action_owner": ["Nobody here has that id."]})
    return found
