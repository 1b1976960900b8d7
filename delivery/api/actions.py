"""Actions for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, parsers, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import Permission
from core import clock, files
from core.api.base import Create, ListAndRetrieve, ScopedViewSet, Update
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from delivery.models import Action
from delivery.selectors.actions import comment_lines, opens_action, people_seen_by
from delivery.services import actions as services
from delivery.services import answers
from delivery.services.action_rules import require_hand, require_words
from programmes.api.serializers import ReasonSerializer
from programmes.api.withheld import WithheldSerializer, share_page
from programmes.models import Location, Programme, StepRecord, TargetPlace
from programmes.sharing import Shared, shared_for

VIEW, RECORD = Permission.VIEW, Permission.DELIVERY_RECORD


class PersonAtLocationField(ScopedPrimaryKeyRelatedField):
    """Somebody with a role at a location that the caller sees; anybody else reads like nobody."""

    def get_queryset(self) -> Any:
        """Return them."""
        request = self.context.get("request")
        return people_seen_by(request.user) if request else User.objects.none()


class ActionSerializer(WithheldSerializer, RecordSerializer):
    """One owned, dated task; ``late`` is how many days past its date it is, on the business date.

    The state is changed by the addresses below it (``accept/``, ``finish/`` and so on), the owner
    by ``pass-on/`` and ``hand-over/``.
    """

    can_withhold = (
        "details",
        "proposed_why",
        "blocked_reason",
        "closing_note",
        "dropped_reason",
        "photo_name",
        "handling",
    )

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    target_place = ScopedPrimaryKeyRelatedField(
        queryset=TargetPlace.objects.all(), required=False, allow_null=True
    )
    step = ScopedPrimaryKeyRelatedField(
        queryset=StepRecord.objects.all(), required=False, allow_null=True
    )
    owner = PersonAtLocationField(queryset=User.objects.all())
    helpers = PersonAtLocationField(queryset=User.objects.all(), many=True, required=False)
    owner_name = serializers.CharField(source="owner.name", read_only=True)
    photo_name = serializers.CharField(source="photo.name", read_only=True, default="")
    late = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields: ClassVar[list[str]] = [
            "location",
            "target_place",
            "step",
            "meeting",
            "decision",
            "title",
            "details",
            "owner",
            "owner_name",
            "helpers",
            "due_on",
            "late",
            "state",
            "accepted_on",
            "proposed_due_on",
            "proposed_why",
            "blocked_on",
            "blocked_reason",
            "closed_on",
            "closing_note",
            "dropped_reason",
            "photo_name",
            "evidence",
            "asked_by",
            "asked_on",
            "agency",
            "marking",
            "handling",
            "withheld",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "meeting",
            "decision",
            "state",
            "accepted_on",
            "proposed_due_on",
            "proposed_why",
            "blocked_on",
            "blocked_reason",
            "closed_on",
            "closing_note",
            "dropped_reason",
            "evidence",
            "asked_by",
            "asked_on",
            "agency",
            "is_demonstration",
        ]

    @extend_schema_field(serializers.IntegerField())
    def get_late(self, record: Action) -> int:
        """Return the days past its date."""
        return record.days_late(clock.today())

    def programme_of(self, record: Action) -> Programme:
        """Return its programme."""
        return record.location.programme

    def is_open(self, record: Action, shared: Shared) -> bool:
        """Ask by its marking, its agency, and who does it."""
        request = self.context.get("request")
        return opens_action(shared, record, request.user if request else None)


class ProposeSerializer(StrictSerializer):
    """Another date, and why."""

    due_on = serializers.DateField()
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class PassOnSerializer(StrictSerializer):
    """To whom of the owner's agency."""

    to = PersonAtLocationField(queryset=User.objects.all())
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class HandOverSerializer(StrictSerializer):
    """Who is to do it instead."""

    owner = PersonAtLocationField(queryset=User.objects.all())
    why = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class FinishSerializer(StrictSerializer):
    """What was done; ``photo`` is sent as multipart form data. Without a day: today."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    photo = serializers.FileField(required=False)
    closed_on = serializers.DateField(required=False)


class AnswerSerializer(StrictSerializer):
    """Whether a proposed date is agreed."""

    accept = serializers.BooleanField()


class MakeEvidenceSerializer(StrictSerializer):
    """The step; without one that which the action names."""

    step = ScopedPrimaryKeyRelatedField(queryset=StepRecord.objects.all(), required=False)
    out_of_order_reason = serializers.CharField(required=False, allow_blank=True, default="")


class CommentSerializer(StrictSerializer):
    """Something to say; ``id`` made by the caller makes a repeat harmless."""

    id = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=2000)


class CommentLineSerializer(serializers.Serializer[Any]):
    """A comment as it reads."""

    by = serializers.CharField()
    agency = serializers.CharField()
    on = serializers.DateField()
    text = serializers.CharField()
    withheld = serializers.BooleanField()


class ActionFilter(HouseFilterSet):
    """Actions of one location, place or step, in one state."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Action
        fields: ClassVar[list[str]] = ["location", "state", "target_place", "step"]


class ActionViewSet(ListAndRetrieve, Create, Update, ScopedViewSet):
    """Actions at the locations that the caller sees."""

    queryset = Action.objects.select_related(
        "location__programme__lead_agency", "owner", "photo", "agency", "step", "target_place"
    ).prefetch_related("helpers")
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": RECORD,
        "update": RECORD,
        "partial_update": RECORD,
        "accept": VIEW,
        "propose_date": VIEW,
        "block": VIEW,
        "finish": VIEW,
        "pass_on": VIEW,
        "hand_over": RECORD,
        "answer_date": RECORD,
        "drop": RECORD,
        "reopen": RECORD,
        "evidence": Permission.STEP_RECORD,
        "comments": VIEW,
        "photo": VIEW,
    }
    serializer_class = ActionSerializer
    filterset_class = ActionFilter
    parser_classes = [parsers.JSONParser, parsers.MultiPartParser]
    create_parent = "location"

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Read once what the caller is covered for in the programmes of a page."""
        if kwargs.get("many") and args:
            share_page(self, (row.location.programme for row in args[0]))
        return super().get_serializer(*args, **kwargs)

    def perform_create(self, serializer: Any) -> Action:
        """Ask for it."""
        data = dict(serializer.validated_data)
        return services.ask_action(id=data.pop("id", None), by=self.request.user, **data)

    def perform_update(self, serializer: Any, version: int) -> Action:
        """Change what is asked; owner and location have their own ways."""
        data, record = dict(serializer.validated_data), serializer.instance
        for name in ("owner", "location"):
            if data.pop(name, getattr(record, name)) != getattr(record, name):
                raise serializers.ValidationError({name: ["This field cannot be set here."]})
        helpers = data.pop("helpers", None)
        changed = services.edit_action(
            action=record, version=version, by=self.request.user, helpers=helpers, **data
        )
        return self._fresh(changed)

    def _fresh(self, record: Action) -> Action:
        found: Action = self.queryset.get(pk=record.pk)
        return found

    def _sent(self, kind: Any) -> dict[str, Any]:
        sent = kind(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def _do(self, service: Any, kind: Any = None, *, hand: str = "") -> Response:
        """Call a service; ``hand`` asks first whether the caller does the action (or owns it)."""
        record = self.fetch()
        if hand:
            require_hand(self.request.user, record, owner=hand == "owner")
        data = self._sent(kind) if kind is not None else {}
        return self.answer(self._fresh(service(action=record, by=self.request.user, **data)))

    @extend_schema(request=None, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Accept it, or say that nothing blocks it any more."""
        return self._do(answers.accept_action, hand="owner")

    @extend_schema(request=ProposeSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"], url_path="propose-date")
    def propose_date(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose another date."""
        return self._do(answers.propose_date, ProposeSerializer, hand="owner")

    @extend_schema(request=ReasonSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def block(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what blocks it."""
        return self._do(answers.block_action, ReasonSerializer, hand="any")

    @extend_schema(request=FinishSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is done."""
        return self._do(answers.finish_action, FinishSerializer, hand="any")

    @extend_schema(request=PassOnSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"], url_path="pass-on")
    def pass_on(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Pass it on within the owner's agency."""
        return self._do(answers.pass_on, PassOnSerializer, hand="owner")

    @extend_schema(request=HandOverSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it to anybody with a role there."""
        return self._do(services.hand_over_action, HandOverSerializer)

    @extend_schema(request=AnswerSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"], url_path="answer-date")
    def answer_date(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Agree to the proposed date, or keep the date."""
        return self._do(services.answer_proposal, AnswerSerializer)

    @extend_schema(request=ReasonSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is not going ahead."""
        return self._do(services.drop_action, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open it again."""
        return self._do(services.reopen_action, ReasonSerializer)

    @extend_schema(request=MakeEvidenceSerializer, responses=ActionSerializer)
    @action(detail=True, methods=["post"])
    def evidence(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record it as evidence on a step."""
        record = self.fetch()
        services.make_evidence(action=record, by=request.user, **self._sent(MakeEvidenceSerializer))
        return self.answer(self._fresh(record))

    @extend_schema(
        methods=["get"], request=None, responses=CommentLineSerializer(many=True), filters=False
    )
    @extend_schema(methods=["post"], request=CommentSerializer, responses=CommentLineSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def comments(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read what was said, or say something."""
        record = self.fetch()
        if request.method == "POST":
            require_hand(request.user, record)
            data = self._sent(CommentSerializer)
            said = services.add_comment(
                id=data.get("id"), action=record, text=data["text"], by=request.user
            )
            self.ledger_record = said
        shared = shared_for(request, record.location.programme)
        lines = comment_lines(record, shared, request.user)
        if request.method == "POST":
            mine = [line for line in lines if line.text == said.text]
            return Response(CommentLineSerializer(mine[-1]).data, status=201)
        return Response(CommentLineSerializer(lines, many=True).data)

    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def photo(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """Send its photo."""
        record = self.fetch()
        require_words(request.user, record)
        if record.photo is None:
            raise exceptions.NotFound("There is no photo with this action.")
        return files.response(record.photo, marking=record.marking)
