"""Paper sheets in, figures out: no program reads what one person answered."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core import clock
from core.api.base import Create, ListAndRetrieve, ScopedReadViewSet, ScopedViewSet
from core.api.fields import ScopedPrimaryKeyRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.problems import AlreadyThere
from core.api.serializers import RecordSerializer
from core.errors import Refused
from core.records import to_plain
from programmes.models import Location
from surveys.answering import from_mapping
from surveys.choices import WaveState
from surveys.models import Submission, Wave
from surveys.selectors.comparison import compare
from surveys.selectors.lists import finished_before
from surveys.selectors.results import results_of
from surveys.services.answers import enter_sheet
from surveys.wording import questions_of

P = Permission


class SubmissionSerializer(RecordSerializer):
    """That a sheet came in. ``answers`` maps question codes to answers; it is never read back."""

    id = serializers.UUIDField(required=False)
    wave = ScopedPrimaryKeyRelatedField(
        queryset=Wave.objects.select_related("survey__location__programme")
    )
    survey = serializers.UUIDField(source="wave.survey_id", read_only=True)
    batch = serializers.CharField(max_length=40)
    sheet = serializers.IntegerField(min_value=1, max_value=999_999)
    answers = serializers.DictField(write_only=True)

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = [
            "id",
            "survey",
            "wave",
            "way",
            "batch",
            "sheet",
            "answered_on",
            "answers",
        ]
        read_only_fields: ClassVar[list[str]] = ["way"]
        validators: ClassVar[list[Any]] = []  # the service says it, and knows a repeat


class SubmissionFilter(HouseFilterSet):
    """Sheets of one wave or batch."""

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = ["wave", "way", "batch"]


class SubmissionViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Answers that came in on paper, without what was answered."""

    queryset = Submission.objects.filter(way="paper").select_related("wave")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW, "create": P.SURVEY_ENTER}
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter
    create_parent = "wave"

    def perform_create(self, serializer: Any) -> Submission:
        """Keep the sheet."""
        data = dict(serializer.validated_data)
        answers = from_mapping(questions_of(data["wave"]), data.pop("answers"))
        if not answers.is_valid:
            raise serializers.ValidationError(
                {"answers": [f"{code}: {error}" for code, error in answers.errors.items()]}
            )
        client_id = data.pop("id", None)
        if client_id is None:
            raise serializers.ValidationError({"id": ["Send an id (a UUID), made by you."]})
        return enter_sheet(id=client_id, answers=answers, by=self.request.user, **data)

    def _repeat(self, there: Any) -> Response:
        """Answer a repeat with 200 if it says the same in everything, answers included."""
        seen = self.rows(self.view_permission).filter(pk=there.pk).exists()
        serializer = self.get_serializer(data=self.request.data)
        if not seen or not serializer.is_valid():
            raise AlreadyThere
        sent = serializer.validated_data
        if any(getattr(there, name) != sent[name] for name in ("batch", "sheet", "answered_on")):
            raise AlreadyThere
        try:
            return self.answer(self.perform_create(serializer))
        except (Refused, serializers.ValidationError) as error:
            raise AlreadyThere from error


class ResultSerializer(serializers.ModelSerializer):
    """A wave and whether its figures can be read."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = Wave
        read_only = True
        fields: ClassVar[list[str]] = ["id", "survey", "number", "opens_on", "closes_on", "state"]
        read_only_fields: ClassVar[list[str]] = fields

    def get_state(self, wave: Wave) -> str:
        """Return where the wave stands."""
        return WaveState(wave.state_on(clock.today())).value


class ResultFilter(HouseFilterSet):
    """Figures of one survey's waves, or of one location's."""

    location = ScopedSlugFilter(Location, field_name="survey__location")

    class Meta:
        model = Wave
        fields: ClassVar[list[str]] = ["survey", "location"]


class ResultViewSet(ScopedReadViewSet):
    """Figures by wave: the same as on the page, with the same counts hidden.

    One wave answers with all figures, and with what changed since the finished wave before it.
    """

    queryset = Wave.objects.select_related("survey__location")
    permissions = {"list": P.VIEW, "retrieve": P.VIEW}
    serializer_class = ResultSerializer
    filterset_class = ResultFilter

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the figures of one wave."""
        wave = self.get_object()
        results = results_of(wave)
        earlier = finished_before(wave)
        changes = compare(results_of(earlier[-1]), results).changes if earlier else ()
        measures = to_plain(results.measures)
        return Response({**to_plain(results), "measures": measures, "changes": to_plain(changes)})
