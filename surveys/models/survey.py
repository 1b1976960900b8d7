"""A survey of a location and its waves; a wave locks the wording it asks."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from programmes.models import Location
from surveys.choices import WaveMode, WaveState
from surveys.limits import PAPER_DAYS
from surveys.models.question import Question


class SurveyQuerySet(ScopedQuerySet):
    """Surveys: as their location."""

    scope_paths = ("location",)


@tracked()
class Survey(Record):
    """A set of questions that a location asks, again and again, in waves."""

    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="surveys")
    title = models.CharField(_("title"), max_length=150)
    purpose = models.TextField(_("why we ask"))
    asked_by = models.CharField(_("who asks"), max_length=150)
    contact = models.CharField(_("whom to ask about it"), max_length=200, blank=True)
    questions: models.ManyToManyField[Question, SurveyQuestion] = models.ManyToManyField(
        Question, through="SurveyQuestion", related_name="surveys"
    )

    personal: ClassVar[dict[str, Personal]] = {"contact": Personal.CONTACT}
    impersonal: ClassVar[tuple[str, ...]] = ("title", "purpose", "asked_by")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("surveys:survey-detail", args=[self.location.slug, self.pk])


class SurveyQuestionQuerySet(ScopedQuerySet):
    """Questions of a survey: as the survey."""

    scope_paths = ("survey__location",)


@tracked()
class SurveyQuestion(Record):
    """A question's place in a survey."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="lines")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SurveyQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a survey")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="question_once_a_survey")
        ]


class WaveQuerySet(ScopedQuerySet):
    """Waves: as their survey's location."""

    scope_paths = ("survey__location",)

    def running(self, on: dt.date) -> WaveQuerySet:
        """Return those that can be answered on a day."""
        return self.filter(opens_on__lte=on, closes_on__gte=on, finished_on__isnull=True)

    def finished(self, on: dt.date) -> WaveQuerySet:
        """Return those that have results on a day, as ``state_on`` says of one."""
        ended = on - dt.timedelta(days=PAPER_DAYS)
        return self.filter(models.Q(finished_on__lte=on) | models.Q(closes_on__lt=ended))


@tracked()
class Wave(Record):
    """One round of asking. Its questions are locked the moment it is made.

    ``wording`` holds the questions as asked, in their order; ``wording_hash`` is the digest of it.
    ``opens_on`` and ``closes_on`` are the first and the last day on which it can be answered
    (business dates). ``code`` is its public address, /s/<code>/.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.SlugField(_("address"), max_length=40, unique=True)
    mode = models.CharField(_("how people answer"), max_length=10, choices=WaveMode.choices)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    invited = models.PositiveIntegerField(_("how many were asked"), null=True, blank=True)
    reach = models.TextField(_("how people were reached"), blank=True)
    wording = models.JSONField(_("questions as asked"), editable=False)
    wording_hash = models.CharField(_("digest of the wording"), max_length=64, editable=False)
    finished_on = models.DateField(_("finished on"), null=True, blank=True)
    released_on = models.DateField(_("made public on"), null=True, blank=True)
    released_words = models.TextField(_("what we say about it publicly"), blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {"released_by": Personal.AUTHOR}
    impersonal: ClassVar[tuple[str, ...]] = (
        "code",
        "reach",
        "wording",
        "wording_hash",
        "released_words",
    )

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        ordering = ["survey", "number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="wave_number_once"),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="wave_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return _("%(survey)s, wave %(number)s") % {
            "survey": self.survey.title,
            "number": self.number,
        }

    def get_absolute_url(self) -> str:
        """Return its page under its location."""
        return reverse("surveys:wave-detail", args=[self.survey.location.slug, self.pk])

    @property
    def public_url(self) -> str:
        """The address at which people answer."""
        return reverse("surveys:answer-start", args=[self.code])

    @property
    def entry_ends_on(self) -> dt.date:
        """The last day on which sheets may be typed in, if nobody finishes it before."""
        return self.closes_on + dt.timedelta(days=PAPER_DAYS)

    def state_on(self, date: dt.date) -> WaveState:
        """Return where it stands on a day.

        After its last day sheets are typed in until somebody says that it is finished, or two
        weeks have gone by. Only then are there results: an answer more or less would betray itself.
        """
        if self.finished_on is not None and self.finished_on <= date:
            return WaveState.FINISHED
        if date < self.opens_on:
            return WaveState.PLANNED
        if date <= self.closes_on:
            return WaveState.OPEN
        return WaveState.ENTERING if date <= self.entry_ends_on else WaveState.FINISHED
