"""The plan of a problem: its stage, its analysis, its hypotheses."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import Record
from core.personal import Personal
from problems.choices import Stage, Verdict
from problems.models.problem import Problem


class OfProblemQuerySet(ScopedQuerySet):
    """As the problem."""

    scope_paths = ("problem",)


@tracked()
class Plan(Record):
    """What is done about a problem. Stages are fluid: going back or ahead needs a reason."""

    problem = models.OneToOneField(Problem, on_delete=models.CASCADE, related_name="plan")
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage.choices, default=Stage.SCANNING
    )
    objective = models.TextField(_("objective"), blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    what = models.TextField(_("what"), blank=True)
    where = models.TextField(_("where"), blank=True)
    when = models.TextField(_("when"), blank=True)
    who = models.TextField(_("who"), blank=True)
    why = models.TextField(_("why"), blank=True)
    how = models.TextField(_("how"), blank=True)
    offender = models.TextField(_("who does it"), blank=True)
    handler = models.TextField(_("who could influence them"), blank=True)
    target = models.TextField(_("who or what is affected"), blank=True)
    guardian = models.TextField(_("who could protect them"), blank=True)
    place = models.TextField(_("the place"), blank=True)
    manager = models.TextField(_("who looks after the place"), blank=True)
    assessment = models.TextField(_("what the results mean"), blank=True)

    personal: ClassVar[dict[str, Personal]] = {
        "what": Personal.FREE_TEXT,
        "where": Personal.FREE_TEXT,
        "when": Personal.FREE_TEXT,
        "who": Personal.FREE_TEXT,
        "why": Personal.FREE_TEXT,
        "how": Personal.FREE_TEXT,
        "offender": Personal.FREE_TEXT,
        "handler": Personal.FREE_TEXT,
        "target": Personal.FREE_TEXT,
        "guardian": Personal.FREE_TEXT,
        "place": Personal.FREE_TEXT,
        "manager": Personal.FREE_TEXT,
        "assessment": Personal.FREE_TEXT,
    }
    impersonal: ClassVar[tuple[str, ...]] = ("objective",)

    objects = OfProblemQuerySet.as_manager()

    named_by = "problem"  # in the history

    class Meta:
        verbose_name = _("plan")
        ordering = ["problem"]

    def __str__(self) -> str:
        return str(self.problem)

    def get_absolute_url(self) -> str:
        """Return the problem's page."""
        return self.problem.get_absolute_url()


class OfPlanQuerySet(ScopedQuerySet):
    """As the plan's problem."""

    scope_paths = ("plan__problem",)


@tracked()
class StageChange(Record):
    """A step from one stage to another; going back or passing one over keeps its reason."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(_("from"), max_length=10, choices=Stage.choices)
    to_stage = models.CharField(_("to"), max_length=10, choices=Stage.choices)
    changed_on = models.DateField(_("on"))
    out_of_order = models.BooleanField(_("back or out of order"), default=False)
    reason = models.TextField(_("why"), blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "reason": Personal.FREE_TEXT,
        "changed_by": Personal.AUTHOR,
    }

    objects = OfPlanQuerySet.as_manager()

    named_by = "plan"  # in the history

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["changed_on", "created_at"]

    def __str__(self) -> str:
        return f"{self.get_from_stage_display()} – {self.get_to_stage_display()}"


@tracked()
class Hypothesis(Record):
    """Why the problem keeps happening, as far as we think; evidence is linked to it."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="hypotheses")
    statement = models.TextField(_("what we think is behind it"))
    verdict = models.CharField(
        _("what the evidence says"), max_length=15, choices=Verdict.choices, default=Verdict.OPEN
    )
    verdict_words = models.TextField(_("why"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "statement": Personal.FREE_TEXT,
        "verdict_words": Personal.FREE_TEXT,
        "recorded_by": Personal.AUTHOR,
    }

    objects = OfProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("hypothesis")
        verbose_name_plural = _("hypotheses")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        """Return its passage on the problem's page."""
        return f"{self.problem.get_absolute_url()}#hypothesis-{self.pk}"
