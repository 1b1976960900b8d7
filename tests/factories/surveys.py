"""Surveys for tests."""

import datetime as dt
import uuid

import factory

from surveys.choices import QuestionKind, TextState, WaveMode, Way
from surveys.models import AnswerCode, Question, Reply, Submission, Survey, SurveyQuestion, Wave
from surveys.services.bank import own_options
from surveys.wording import lock
from tests.factories.programmes import LocationFactory

FIRST, LAST = dt.date(2024, 6, 10), dt.date(2024, 7, 7)


class QuestionFactory(factory.django.DjangoModelFactory):
    """A question of a location's own: yes or no, the first is reported."""

    class Meta:
        model = Question

    location = factory.SubFactory(LocationFactory)
    code = factory.Sequence(lambda n: f"own-question-{n}")
    wording = "Do you use the park?"
    kind = QuestionKind.SINGLE
    options = factory.LazyAttribute(lambda o: own_options(["Yes", "No"], 1))
    measure = "Use the park"


class SurveyFactory(factory.django.DjangoModelFactory):
    """A survey that asks nothing yet, or ``asks`` the questions given."""

    class Meta:
        model = Survey
        skip_postgeneration_save = True

    location = factory.SubFactory(LocationFactory)
    title = factory.Sequence(lambda n: f"Feeling safe {n}")
    purpose = "To know how it feels here."
    asked_by = "The delivery group"

    @factory.post_generation
    def asks(self, create, extracted, **kwargs):
        for place, question in enumerate(extracted or [], 1):
            SurveyQuestion.objects.create(survey=self, question=question, order=place)


class WaveFactory(factory.django.DjangoModelFactory):
    """A wave that is open on 25 June 2024 and asks what its survey asks."""

    class Meta:
        model = Wave

    survey = factory.SubFactory(SurveyFactory)
    number = factory.LazyAttribute(lambda o: o.survey.waves.count() + 1)
    code = factory.Sequence(lambda n: f"town-{n}")
    mode = WaveMode.OPEN_LINK
    opens_on = FIRST
    closes_on = LAST

    @factory.lazy_attribute
    def wording(self):
        questions = Question.objects.filter(lines__survey=self.survey).order_by("lines__order")
        return lock(questions)[0]

    @factory.lazy_attribute
    def wording_hash(self):
        questions = Question.objects.filter(lines__survey=self.survey).order_by("lines__order")
        return lock(questions)[1]


class AnswerCodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AnswerCode

    wave = factory.SubFactory(WaveFactory)
    digest = factory.LazyFunction(lambda: uuid.uuid4().hex)


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    wave = factory.SubFactory(WaveFactory)
    answered_on = FIRST
    way = Way.ONLINE


class ReplyFactory(factory.django.DjangoModelFactory):
    """Something that somebody wrote."""

    class Meta:
        model = Reply

    submission = factory.SubFactory(SubmissionFactory)
    question = "one-thing"
    text = "Light the path."
    text_state = TextState.WAITING


def answer(wave, given, times=1):
    """Let as many people give the same answers: {question code: value}."""
    people = Submission.objects.bulk_create(
        Submission(wave=wave, answered_on=wave.opens_on) for _one in range(times)
    )
    Reply.objects.bulk_create(
        Reply(submission=person, question=code, value=value)
        for person in people
        for code, value in given.items()
    )
    return people
