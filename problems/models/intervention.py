"""Interventions: planned responses with a mechanism, an owner and a measure of success."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from core.models import Record
from core.personal import Personal
from delivery.models import Action
from problems.choices import InterventionState, Technique
from problems.models.plan import Hypothesis, OfProblemQuerySet
from problems.models.problem import Problem


@tracked()
class Intervention(Record):
    """What we do about a problem, and why it should work.

    Mechanism, moderators, implementation and economics are the questions of EMMIE; the effect is
    what the evaluation finds. ``starts_on`` is planned until ``started_on`` is set.
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="interventions")
    title = models.CharField(_("what we do, in a few words"), max_length=150)
    what = models.TextField(_("what is done"), blank=True)
    technique = models.CharField(
        _("technique"), max_length=30, choices=Technique.choices, blank=True
    )
    mechanism = models.TextField(_("how it should work"), blank=True)
    moderators = models.TextField(_("where and when it works or fails"), blank=True)
    implementation = models.TextField(_("what it takes to do it"), blank=True)
    economics = models.TextField(_("what it costs, and who pays"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="interventions",
    )
    starts_on = models.DateField(_("planned start"))
    started_on = models.DateField(_("started on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=InterventionState.choices,
        default=InterventionState.PLANNED,
    )
    ending_words = models.TextField(_("why it ended"), blank=True)
    hypotheses = models.ManyToManyField(
        Hypothesis, verbose_name=_("what it answers"), blank=True, related_name="interventions"
    )
    actions = models.ManyToManyField(Action, blank=True, related_name="interventions")

    personal: ClassVar[dict[str, Personal]] = {
        "what": Personal.FREE_TEXT,
        "mechanism": Personal.FREE_TEXT,
        "moderators": Personal.FREE_TEXT,
        "implementation": Personal.FREE_TEXT,
        "economics": Personal.FREE_TEXT,
        "owner": Personal.AUTHOR,
        "ending_words": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("title",)

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("intervention")
        ordering = ["starts_on", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page under its problem."""
        return reverse(
            "problems:intervention-detail",
            args=[self.problem.location.slug, self.problem_id, self.pk],
        )
