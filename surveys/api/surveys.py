"""Questions, surveys and waves for programs, over the same services as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core import clock
from core.api.base import Create, ListAndRetrieve, ScopedModelViewSet, ScopedViewSet, check_match
from core.api.fields import ScopedPrimaryKeyRelatedField, ScopedSlugRelatedField
from core.api.filters import HouseFilterSet, ScopedSlugFilter
from core.api.serializers import RecordSerializer, StrictSerializer
from programmes.models import Location
from surveys.choices import WaveState
from surveys.models import Question, Survey, Wave
from surveys.services.bank import MOST, add_question, change_question
from surveys.services.surveys import change_survey, choose_questions, make_survey
from surveys.services.waves import (
    change_wave,
    finish_wave,
    open_wave,
    release_wave,
    take_back_release,
)

P = Permission


class LabelsField(serializers.ListField):
    """The answers to choose from, in their order."""

    child = serializers.CharField(max_length=200)


class QuestionSerializer(RecordSerializer):
    """A question of the bank; ``labels`` and ``counted`` make the answers of one's own question."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    labels = LabelsField(write_only=True, required=False, max_length=MOST)
    counted = serializers.IntegerField(write_only=True, required=False, min_value=0, max_value=MOST)

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = [
            "location",
            "code",
            "edition",
            "topic",
            "wording",
            "hint",
            "kind",
            "options",
            "labels",
            "counted",
            "measure",
            "strand",
            "source",
            "replaced",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "code",
            "edition",
            "options",
            "strand",
            "source",
            "replaced",
            "is_demonstration",
        ]


class RewordSerializer(StrictSerializer):
    """The next version of a question."""

    wording = serializers.CharField(max_length=400)
    labels = LabelsField(required=False, max_length=MOST)
    counted = serializers.IntegerField(required=False, min_value=0, max_value=MOST)
    measure = serializers.CharField(required=False, allow_blank=True, max_length=150)
    hint = serializers.CharField(required=False, allow_blank=True, max_length=300)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=100)


class QuestionFilter(HouseFilterSet):
    """Questions of one location, of one identifier, with or without those replaced."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Question
        fields: ClassVar[list[str]] = ["location", "code", "kind", "replaced"]


class QuestionViewSet(ListAndRetrieve, Create, ScopedViewSet):
    """Standard questions, and one's own programme's. A question changes by a new version."""

    queryset = Question.objects.select_related("location")
    permissions = {
        "list": P.VIEW,
        "retrieve": P.VIEW,
        "create": P.SURVEY_MANAGE,
        "reword": P.SURVEY_MANAGE,
    }
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Question:
        """Add it to the bank."""
        return add_question(by=self.request.user, **serializer.validated_data)

    @extend_schema(request=RewordSerializer, responses=QuestionSerializer)
    @action(detail=True, methods=["post"])
    def reword(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Word it anew: answers with the new version. ``If-Match`` names the one that was read."""
        question = self.fetch()
        check_match(request, question)
        sent = RewordSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        new = change_question(
            question=question, version=question.version, by=request.user, **sent.validated_data
        )
        return self.answer(new)


class SurveySerializer(RecordSerializer):
    """A survey; ``questions`` in the order in which the next wave asks them."""

    location = ScopedSlugRelatedField(queryset=Location.objects.all())
    questions = ScopedPrimaryKeyRelatedField(
        queryset=Question.objects.filter(replaced=False).select_related("location"),
        many=True,
        required=False,
    )

    class Meta:
        model = Survey
        fields: ClassVar[list[str]] = [
            "location",
            "title",
            "purpose",
            "asked_by",
            "contact",
            "questions",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = ["is_demonstration"]

    def to_representation(self, instance: Survey) -> Any:
        """Show the questions in their order."""
        shown = super().to_representation(instance)
        lines = sorted(instance.lines.all(), key=lambda line: line.order)
        shown["questions"] = [str(line.question_id) for line in lines]
        return shown


class SurveyFilter(HouseFilterSet):
    """Surveys of one location."""

    location = ScopedSlugFilter(Location)

    class Meta:
        model = Survey
        fields: ClassVar[list[str]] = ["location"]


class SurveyViewSet(ScopedModelViewSet):
    """Surveys of the locations that the caller sees."""

    queryset = Survey.objects.select_related("location").prefetch_related("lines", "questions")
    permissions = {
        "list": P.VIEW,
        "retrieve": P.VIEW,
        "create": P.SURVEY_MANAGE,
        "update": P.SURVEY_MANAGE,
        "partial_update": P.SURVEY_MANAGE,
    }
    serializer_class = SurveySerializer
    filterset_class = SurveyFilter
    create_parent = "location"

    def perform_create(self, serializer: Any) -> Survey:
        """Make it."""
        return make_survey(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Survey:
        """Change its texts, its questions, or both; a survey stays at its location."""
        survey, data = serializer.instance, dict(serializer.validated_data)
        data.pop("location", None)
        questions = data.pop("questions", None)
        names = ("title", "purpose", "asked_by", "contact")
        said = {name: getattr(survey, name) for name in names} | data
        survey = change_survey(survey=survey, version=version, by=self.request.user, **said)
        if questions is not None:
            choose_questions(
                survey=survey, version=survey.version, questions=questions, by=self.request.user
            )
        return self.queryset.get(pk=survey.pk)


class WaveSerializer(RecordSerializer):
    """A wave; ``wording`` is locked when it is made, ``state`` goes by the business date."""

    survey = ScopedPrimaryKeyRelatedField(queryset=Survey.objects.all())
    state = serializers.SerializerMethodField()

    class Meta:
        model = Wave
        fields: ClassVar[list[str]] = [
            "survey",
            "number",
            "code",
            "mode",
            "opens_on",
            "closes_on",
            "invited",
            "reach",
            "state",
            "wording",
            "wording_hash",
            "finished_on",
            "released_on",
            "released_words",
            "is_demonstration",
        ]
        read_only_fields: ClassVar[list[str]] = [
            "number",
            "code",
            "wording",
            "wording_hash",
            "finished_on",
            "released_on",
            "released_words",
            "is_demonstration",
        ]

    def get_state(self, wave: Wave) -> str:
        """Return where it stands."""
        return WaveState(wave.state_on(clock.today())).value


class ReleaseSerializer(StrictSerializer):
    """What is said publicly about a wave."""

    words = serializers.CharField(max_length=600)


class WaveFilter(HouseFilterSet):
    """Waves of one survey, or of one location."""

    location = ScopedSlugFilter(Location, field_name="survey__location")

    class Meta:
        model = Wave
        fields: ClassVar[list[str]] = ["survey", "location", "mode"]


class WaveViewSet(ScopedModelViewSet):
    """Waves of the surveys that the caller sees."""

    queryset = Wave.objects.select_related("survey__location")
    permissions = {
        "list": P.VIEW,
        "retrieve": P.VIEW,
        "create": P.SURVEY_MANAGE,
        "update": P.SURVEY_MANAGE,
        "partial_update": P.SURVEY_MANAGE,
        "finish": P.SURVEY_MANAGE,
        "release": P.SURVEY_MANAGE,
        "take_back": P.SURVEY_MANAGE,
    }
    serializer_class = WaveSerializer
    filterset_class = WaveFilter
    create_parent = "survey"

    def perform_create(self, serializer: Any) -> Wave:
        """Open it and lock its wording."""
        return open_wave(by=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer: Any, version: int) -> Wave:
        """Change the last day, how many were asked and how; nothing else of a wave changes."""
        wave, data = serializer.instance, serializer.validated_data
        for name in ("survey", "mode", "opens_on"):
            if name in data and data[name] != getattr(wave, name):
                raise serializers.ValidationError({name: ["This field of a wave stays."]})
        names = ("closes_on", "invited", "reach")
        said = {name: data.get(name, getattr(wave, name)) for name in names}
        return change_wave(wave=wave, version=version, by=self.request.user, **said)

    @extend_schema(request=None, responses=WaveSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that a closed wave is finished; ``If-Match`` names the version that was read."""
        wave = self.fetch()
        check_match(request, wave)
        return self.answer(finish_wave(wave=wave, version=wave.version, by=request.user))

    @extend_schema(request=ReleaseSerializer, responses=WaveSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the main figures public; ``If-Match`` names the version that was read."""
        wave = self.fetch()
        check_match(request, wave)
        sent = ReleaseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        done = release_wave(
            wave=wave, version=wave.version, words=sent.validated_data["words"], by=request.user
        )
        return self.answer(done)

    @extend_schema(request=None, responses=WaveSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the figures off the public page; ``If-Match`` names the version that was read."""
        wave = self.fetch()
        check_match(request, wave)
        return self.answer(take_back_release(wave=wave, version=wave.version, by=request.user))
