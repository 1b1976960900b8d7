"""An intervention: what it is, what is compared, its days, its actions, its results."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.charts import cached
from core.views import ActionView, CreateView, DetailView, UpdateView
from delivery.models import Action
from problems.choices import InterventionState, ProblemState
from problems.evaluation.chart import chart_of
from problems.forms.interventions import (
    AskForm,
    BaselineForm,
    EndForm,
    InterventionForm,
    StartForm,
)
from problems.models import Baseline, Evaluation, Intervention
from problems.selectors.choices import areas_to_choose, questions_to_choose
from problems.selectors.results import intervention_page, result_page
from problems.services import baselines, evaluations, interventions
from problems.views.common import PROBLEMS, OfProblem, people_of
from surveys.models import Survey

INTERVENTIONS = Intervention.objects.select_related(
    "problem__location__programme__lead_agency",
    "problem__location__area",
    "problem__plan",
    "problem__target_place",
    "owner",
)
EVALUATIONS = Evaluation.objects.select_related(
    "intervention__problem__location__programme__lead_agency",
    "intervention__problem__location__area",
    "intervention__problem__plan",
    "baseline",
    "made_by",
)


class _OfIntervention(OfProblem):
    """A page about an intervention."""

    queryset: ClassVar[Any] = INTERVENTIONS
    path = "problem"
    key = "intervention"


class _InterventionForm(_OfIntervention, UpdateView):
    """A form about an intervention of an open problem."""

    abstract = True
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"


class InterventionNewView(OfProblem, CreateView):
    """Plans an intervention."""

    queryset = PROBLEMS
    permission = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"
    form_class = InterventionForm
    heading = _("Plan an intervention")
    submit_label = _("Plan the intervention")
    success_message = _("The intervention is planned. Say next what is to be compared.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer people and hypotheses."""
        return {
            "people": people_of(self.object.location),
            "hypotheses": self.object.hypotheses.all(),
            "initial": {"owner": self.request.user.pk},
        }

    def perform(self, form: Any) -> str:
        """Plan it."""
        return interventions.plan_intervention(
            problem=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class InterventionView(_OfIntervention, DetailView):
    """One intervention: where it stands, what is compared, what came out."""

    permission = Permission.VIEW
    template_name = "problems/intervention_detail.html"
    also_shows = (Baseline, Evaluation, Action)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its page."""
        frame = self.frame(self.crumb())
        may = frame["can"]["problem_record"] and self.problem.state == ProblemState.OPEN
        state = self.object.state
        page = intervention_page(self.object, self.request.user)
        return {
            **kwargs,
            **frame,
            "problem": self.problem,
            "intervention": self.object,
            "page": page,
            "may_change": may,
            "may_start": may and state == InterventionState.PLANNED and page.locked is not None,
            "may_end": may and state in (InterventionState.PLANNED, InterventionState.RUNNING),
            "may_ask": may and frame["can"]["delivery_record"],
            "may_evaluate": frame["can"]["problem_record"]
            and page.locked is not None
            and self.object.started_on is not None,
        }


class InterventionEditView(_InterventionForm):
    """Changes what is said of an intervention."""

    form_class = InterventionForm
    heading = _("Change the intervention")
    success_message = _("The intervention is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {
            "instance": copy(self.object),
            "people": people_of(self.problem.location),
            "hypotheses": self.problem.hypotheses.all(),
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return interventions.edit_intervention(
            intervention=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class BaselineView(_InterventionForm):
    """Sets what is compared."""

    template_name = "problems/baseline_form.html"
    form_class = BaselineForm
    heading = _("What is compared with what")
    submit_label = _("Save what is compared")
    success_message = _("Saved. Read what it can show, then lock it before the work begins.")

    def current(self) -> Baseline | None:
        """Return the version that is not locked yet, read once."""
        if not hasattr(self, "_current"):
            rows = self.object.baselines.prefetch_related("areas__definition__areas")
            self._newest = rows.order_by("-number").first()
            newest = self._newest
            self._current = newest if newest is not None and not newest.locked_on else None
        return self._current

    def choices(self) -> Any:
        """Return the areas this person may choose, read once."""
        if not hasattr(self, "_areas"):
            self._areas = areas_to_choose(self.object, self.request.user)
        return self._areas

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer areas and questions; ask for a reason where one is needed."""
        current = self.current()
        later = self._newest is not None and (current is None or current.number > 1)
        return {
            "areas": self.choices()[0],
            "questions": questions_to_choose(self.problem.location, self.request.user),
            "needs_reason": later or self.object.state != InterventionState.PLANNED,
            "baseline": current,
            "starts_on": self.object.started_on or self.object.starts_on,
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        data = form.cleaned_data
        __, locations, places = self.choices()
        survey, __, question = data["question"].partition(":")
        rows: Any = Survey.objects.all()
        found = rows.visible_to(self.request.user).filter(pk=survey).first() if survey else None
        by_survey = data["measure"] == "survey"
        baselines.set_baseline(
            intervention=self.object,
            measure=data["measure"],
            before=(data["before_first"], data["before_last"]),
            after=(data["after_first"], data["after_last"]),
            areas={} if by_survey else form.chosen(locations=locations, places=places),
            survey=found if by_survey else None,
            question=question if by_survey else "",
            success_words=data["success_words"],
            reason=data.get("reason", ""),
            id=data.get("id"),
            version=data.get("version"),
            by=self.request.user,
        )
        return f"{self.object.get_absolute_url()}#compared"


class LockView(_OfIntervention, ActionView):
    """Locks what is compared."""

    permission = Permission.PROBLEM_RECORD
    success_message = _("What is compared is locked. The work can begin.")

    def perform(self) -> str:
        """Lock the newest version."""
        open_one = self.object.baselines.filter(locked_on__isnull=True).first()
        if open_one is not None:
            baselines.lock_baseline(
                baseline=open_one,
                version=int(self.request.POST.get("version", open_one.version)),
                by=self.request.user,
            )
        return f"{self.object.get_absolute_url()}#compared"


class StartView(_InterventionForm):
    """Says when the work began."""

    form_class = StartForm
    heading = _("The work has begun")
    submit_label = _("Say that it has begun")
    success_message = _("The intervention runs.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Start it."""
        return interventions.start_intervention(
            intervention=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class EndView(_InterventionForm):
    """Says when it ended, and why."""

    form_class = EndForm
    heading = _("The intervention has ended")
    submit_label = _("Say that it has ended")
    success_message = _("The intervention has ended.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """End it."""
        return interventions.end_intervention(
            intervention=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class AskView(_InterventionForm):
    """Asks somebody for an action of this intervention."""

    form_class = AskForm
    heading = _("Ask for an action")
    submit_label = _("Ask for it")
    success_message = _("The action is asked for. Its owner gets an e-mail.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people of the location."""
        return {"people": people_of(self.problem.location)}

    def perform(self, form: Any) -> str:
        """Ask for it."""
        interventions.ask_for(intervention=self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class EvaluateView(_OfIntervention, ActionView):
    """Asks for an evaluation as at today."""

    permission = Permission.PROBLEM_RECORD

    def perform(self) -> str:
        """Ask for it and go to its job."""
        return evaluations.request_evaluation(
            intervention=self.object, by=self.request.user
        ).get_absolute_url()


class EvaluationView(OfProblem, DetailView):
    """One result: the sentence, the interval, the chart, the working beneath."""

    queryset = EVALUATIONS
    path = "intervention__problem"
    key = "evaluation"
    permission = Permission.VIEW
    template_name = "problems/evaluation_detail.html"
    also_shows = (Baseline,)

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under its intervention too."""
        return {
            "intervention__problem__location__slug": self.kwargs["slug"],
            "intervention__problem_id": self.kwargs["pk"],
            "intervention_id": self.kwargs["intervention"],
            "pk": self.kwargs["evaluation"],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the result."""
        intervention = self.object.intervention
        page = result_page(self.object, self.request.user)
        chart = chart_of(page.figures)
        return {
            **kwargs,
            **self.frame(self.crumb(), (intervention.title, intervention.get_absolute_url())),
            "problem": self.problem,
            "intervention": intervention,
            "evaluation": self.object,
            "page": page,
            "chart": cached(chart) if chart is not None else None,
            "attributions": page.attributions,
            "evaluate_url": reverse(
                "problems:intervention-evaluate",
                args=[self.problem.location.slug, self.problem.pk, intervention.pk],
            ),
            "title": _t("Result of “%(title)s”") % {"title": intervention.title},
        }
