"""The list of problems, a problem's plan on one page, and what changes it."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import CreateView, DetailView, HistoryView, UpdateView
from problems.choices import ProblemState
from problems.forms.problems import (
    AnalysisForm,
    AssessmentForm,
    CloseForm,
    NewProblemForm,
    ObjectiveForm,
    ProblemForm,
    ReasonForm,
    StageForm,
    TestsForm,
)
from problems.models import (
    EvidenceLink,
    Hypothesis,
    Intervention,
    Plan,
    Problem,
    RichPicture,
    StageChange,
)
from problems.selectors.lists import pictures_of, problems_of
from problems.selectors.plan import plan_page
from problems.services import problems as services
from problems.views.common import PROBLEMS, OfProblem, list_crumb, people_of, places_of
from programmes.models import Location
from programmes.pages import location_crumbs, location_page, note_programme
from programmes.views.access import AccessView

LOCATIONS = Location.objects.select_related("programme__lead_agency", "area")


class ProblemListView(DetailView):
    """The problems and rich pictures of a location."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "problems/problem_list.html"
    also_shows = (Problem, RichPicture)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them, as far as the reader may see them."""
        location = self.object
        return {
            **kwargs,
            **location_page(self.request, location, current="problems"),
            "problems": problems_of(location, self.request.user),
            "pictures": pictures_of(location, self.request.user),
        }


class ProblemNewView(CreateView):
    """Opens a problem at a location."""

    queryset = LOCATIONS
    permission = Permission.PROBLEM_RECORD
    template_name = "programmes/form.html"
    form_class = NewProblemForm
    success_message = _("The problem is opened. Answer the six tests next.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the people and target places of the location."""
        return {
            "people": people_of(self.object),
            "places": places_of(self.object, self.request.user),
            "initial": {"owner": self.request.user.pk},
        }

    def perform(self, form: Any) -> str:
        """Open it."""
        problem = services.open_problem(
            location=self.object, by=self.request.user, **form.cleaned_data
        )
        return problem.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        note_programme(self.request, self.object.programme)
        return {
            **kwargs,
            "heading": _t("Open a problem"),
            "intro": _t(
                "A problem is a group of similar events that keep coming back and harm people. "
                "One event, or a person, is not a problem in this sense."
            ),
            "submit_label": _t("Open the problem"),
            "caption": self.object.name,
            "cancel_url": list_crumb(self.object)[1],
            "crumbs": location_crumbs(self.object, list_crumb(self.object)),
        }


class ProblemView(OfProblem, DetailView):
    """A plan on one page: where it stands, what is missing, what to press next."""

    queryset = PROBLEMS
    permission = Permission.VIEW
    template_name = "problems/problem_detail.html"
    also_shows = (Plan, Hypothesis, EvidenceLink, Intervention, StageChange, RichPicture)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the plan."""
        frame = self.frame()
        may = frame["can"]["problem_record"]
        return {
            **kwargs,
            **frame,
            "problem": self.object,
            "plan": self.object.plan,
            "page": plan_page(self.object, self.request.user),
            "may_change": may and self.object.state == ProblemState.OPEN,
            "may_reopen": may and self.object.state == ProblemState.CLOSED,
        }


class _ProblemForm(OfProblem):
    """A form about an open problem; those who may record reach it."""

    queryset: ClassVar[Any] = PROBLEMS
    permission: ClassVar[Any] = Permission.PROBLEM_RECORD
    template_name: ClassVar[str] = "programmes/form.html"


class ProblemEditView(_ProblemForm, UpdateView):
    """Changes what is said of a problem."""

    form_class = ProblemForm
    heading = _("Change what the problem is")
    success_message = _("The problem is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {
            "instance": copy(self.object),
            "people": people_of(self.object.location),
            "places": places_of(self.object.location, self.request.user),
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_problem(
            problem=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ProblemTestsView(_ProblemForm, UpdateView):
    """Answers the six tests."""

    form_class = TestsForm
    heading = _("Is it a problem? Six tests")
    submit_label = _("Save the answers")
    success_message = _("The answers are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show the answers that are there."""
        return {"problem": self.object}

    def perform(self, form: Any) -> str:
        """Save them."""
        return services.edit_problem(
            problem=self.object,
            version=form.cleaned_data["version"],
            by=self.request.user,
            **form.answers(),
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what the tests are for."""
        intro = _t(
            "CHEERS: community, harm, expectation, events, recurring, similarity. If one answer "
            "is no, describe the problem differently or leave it to others."
        )
        return super().get_context_data(**{"intro": intro, **kwargs})


class _PlanForm(_ProblemForm, UpdateView):
    """A form of the plan."""

    abstract = True
    success_message = _("The plan is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Edit a copy."""
        return {"instance": copy(self.object.plan)}

    def perform(self, form: Any) -> str:
        """Save it."""
        return services.edit_plan(
            plan=self.object.plan, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ObjectiveView(_PlanForm):
    """Objective and next review."""

    form_class = ObjectiveForm
    heading = _("Objective and next review")


class AnalysisView(_PlanForm):
    """Five Ws and an H, and the triangle."""

    form_class = AnalysisForm
    heading = _("What, where, when, who, why, how – and the triangle")
    submit_label = _("Save the analysis")


class AssessmentView(_PlanForm):
    """What the results mean."""

    form_class = AssessmentForm
    heading = _("What the results mean")


class StageView(_ProblemForm, UpdateView):
    """Moves the plan to another stage."""

    form_class = StageForm
    heading = _("Move to another stage")
    submit_label = _("Move the plan")
    success_message = _("The plan is at its new stage.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the other stages."""
        return {"plan": self.object.plan, "wanted": self.request.GET.get("to", "")}

    def perform(self, form: Any) -> str:
        """Move it."""
        services.move_stage(plan=self.object.plan, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where it is."""
        intro = _t("The plan is at the stage “%(stage)s”.") % {
            "stage": self.object.plan.get_stage_display()
        }
        return super().get_context_data(**{"intro": intro, **kwargs})


class CloseView(_ProblemForm, UpdateView):
    """Closes a problem."""

    form_class = CloseForm
    heading = _("Close this problem")
    submit_label = _("Close the problem")
    success_message = _("The problem is closed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Close it."""
        return services.close_problem(
            problem=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ReopenView(_ProblemForm, UpdateView):
    """Opens a closed problem again."""

    form_class = ReasonForm
    heading = _("Open this problem again")
    submit_label = _("Open the problem again")
    success_message = _("The problem is open again.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version that the person saw."""
        return {"version": self.object.version}

    def perform(self, form: Any) -> str:
        """Open it."""
        return services.reopen_problem(
            problem=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ProblemAccessView(OfProblem, AccessView):
    """Who can see a problem."""

    queryset = PROBLEMS

    def crumbs(self) -> list[Any]:
        """Return the way to the problem."""
        location = self.object.location
        return location_crumbs(location, list_crumb(location), self.crumb())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the account, without the words of a form."""
        return AccessView.get_context_data(self, **kwargs)


class ProblemHistoryView(OfProblem, HistoryView):
    """What was changed on a problem and its plan, by whom and why."""

    queryset = PROBLEMS
    permission = Permission.HISTORY_READ
    template_name = "problems/history.html"

    def parts(self) -> list[Any]:
        """Return the problem, its plan, stages, hypotheses and interventions."""
        problem = self.object
        return [
            problem,
            Plan.objects.filter(problem=problem),
            StageChange.objects.filter(plan__problem=problem),
            Hypothesis.objects.filter(problem=problem),
            Intervention.objects.filter(problem=problem),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the frame."""
        return {**kwargs, **self.frame(self.crumb()), "problem": self.object}
