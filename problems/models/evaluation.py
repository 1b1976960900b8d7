"""What is measured, where and over which months, locked beforehand; and what it came to."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedQuerySet
from core.history import tracked
from core.models import JobRun, Record
from core.personal import Personal
from places.models import AreaDefinition
from problems.choices import AreaRole, EvaluationVerdict, MeasureKind
from problems.models.intervention import Intervention
from programmes.models import Location, TargetPlace
from surveys.models import Survey


class OfInterventionQuerySet(ScopedQuerySet):
    """As the intervention's problem."""

    scope_paths = ("intervention__problem",)


@tracked()
class Baseline(Record):
    """What is to be compared with what: the measure, the months before and after, the areas.

    ``number`` counts versions. Once locked it never changes (the database refuses it); another
    choice is another version. One that was locked on or after the day work began
    (``locked_late``) needs a reason, which is said with every result. ``frozen`` holds, by role,
    the codes that counted when it was locked, so that an area changed since is noticed;
    ``outlook`` what could be said beforehand (``problems.evaluation.outlook``).
    """

    intervention = models.ForeignKey(
        Intervention, on_delete=models.CASCADE, related_name="baselines"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    measure = models.CharField(_("success measure"), max_length=15, choices=MeasureKind.choices)
    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.SlugField(_("question"), max_length=60, blank=True)
    success_words = models.TextField(_("what success would look like"), blank=True)
    before_first = models.DateField(_("before, from"))
    before_last = models.DateField(_("before, to"))
    after_first = models.DateField(_("after, from"))
    after_last = models.DateField(_("after, to"))
    reason = models.TextField(_("why it was set or changed after the start"), blank=True)
    outlook = models.JSONField(default=dict, editable=False)
    frozen = models.JSONField(default=dict, editable=False)
    locked_on = models.DateField(_("locked on"), null=True, blank=True)
    locked_late = models.BooleanField(_("locked after the start"), default=False, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {
        "reason": Personal.FREE_TEXT,
        "locked_by": Personal.AUTHOR,
    }
    impersonal: ClassVar[tuple[str, ...]] = (
        "success_words",
        "question",
        "outlook",
        "frozen",
    )

    objects = OfInterventionQuerySet.as_manager()

    named_by = "intervention"  # in the history

    class Meta:
        verbose_name = _("baseline")
        ordering = ["intervention", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intervention", "number"], name="one_baseline_a_version"
            ),
            models.UniqueConstraint(
                fields=["intervention"],
                condition=Q(locked_on__isnull=True),
                name="one_open_baseline_an_intervention",
            ),
            models.CheckConstraint(
                condition=Q(before_last__gte=models.F("before_first"))
                & Q(after_first__gt=models.F("before_last"))
                & Q(after_last__gte=models.F("after_first")),
                name="before_lies_before_after",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_locked_baseline_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__locked_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.intervention} – {self.number}"

    def get_absolute_url(self) -> str:
        """Return the intervention's page."""
        return self.intervention.get_absolute_url()


class EvaluationAreaQuerySet(ScopedQuerySet):
    """As the intervention's problem."""

    scope_paths = ("baseline__intervention__problem",)


@tracked()
class EvaluationArea(Record):
    """An area of an evaluation: a location, one of its target places, or a set of LSOAs."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="areas")
    role = models.CharField(_("role"), max_length=20, choices=AreaRole.choices)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    target_place = models.ForeignKey(
        TargetPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    definition = models.ForeignKey(
        AreaDefinition, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EvaluationAreaQuerySet.as_manager()

    named_by = "baseline"  # in the history

    class Meta:
        verbose_name = _("evaluation area")
        ordering = ["baseline", "role"]
        constraints = [
            models.UniqueConstraint(fields=["baseline", "role"], name="one_area_a_role"),
            models.CheckConstraint(
                condition=Q(location__isnull=False, target_place=None, definition=None)
                | Q(location=None, target_place__isnull=False, definition=None)
                | Q(location=None, target_place=None, definition__isnull=False),
                name="an_area_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())

    @property
    def area(self) -> AreaDefinition | None:
        """The definition by which reports are counted."""
        owner = self.location or self.target_place
        return owner.area if owner is not None else self.definition


@tracked()
class Evaluation(Record):
    """What came out, on a day, from a baseline: one sentence, one interval, and the working.

    It never changes (the database refuses it); another run is another row. ``figures`` is the
    record of ``problems.evaluation.figures`` as plain values, ``fingerprint`` its sha-256.
    """

    intervention = models.ForeignKey(
        Intervention, on_delete=models.CASCADE, related_name="evaluations"
    )
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="evaluations")
    as_of = models.DateField(_("as at"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=EvaluationVerdict.choices)
    sentence = models.TextField(_("in one sentence"))
    figures = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    job = models.ForeignKey(
        JobRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    personal: ClassVar[dict[str, Personal]] = {"made_by": Personal.AUTHOR}
    impersonal: ClassVar[tuple[str, ...]] = ("sentence", "figures", "fingerprint")

    objects = OfInterventionQuerySet.as_manager()

    named_by = "intervention"  # in the history

    class Meta:
        verbose_name = _("evaluation")
        ordering = ["-as_of", "-created_at"]
        triggers = [
            pgtrigger.Protect(
                name="an_evaluation_stays",
                operation=pgtrigger.Update,
                # The job's row may go; nothing else may change.
                condition=pgtrigger.AnyChange(exclude=["job", "updated_at"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.intervention}, {self.as_of}"

    def get_absolute_url(self) -> str:
        """Return its page under its intervention."""
        problem = self.intervention.problem
        return reverse(
            "problems:evaluation-detail",
            args=[problem.location.slug, problem.pk, self.intervention_id, self.pk],
        )
