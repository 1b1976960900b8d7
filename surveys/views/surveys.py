"""A location's surveys: list, one survey with its questions and waves, as people will see it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import clock
from core.views import CreateView, DetailView, UpdateView
from surveys.answering import shown
from surveys.forms.surveys import ChooseForm, NewSurveyForm, SurveyForm
from surveys.models import Question, SurveyQuestion
from surveys.selectors.lists import bank_of, surveys_of, waves_of
from surveys.services.surveys import change_survey, choose_questions, make_survey
from surveys.views.common import (
    LOCATIONS,
    SURVEYS,
    SurveyLookup,
    form_of,
    page_of,
    survey_crumb,
    surveys_url,
)
from surveys.wording import asked


class SurveysView(DetailView):
    """All surveys of a location with their waves."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "surveys/survey_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the surveys."""
        return {
            **kwargs,
            **page_of(self.request, self.object, under=False),
            "surveys": surveys_of(self.object),
            "on": clock.today(),
        }


class SurveyCreateView(CreateView):
    """Makes a survey, with the standard questions if wished."""

    queryset = LOCATIONS
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = NewSurveyForm
    success_message = _("The survey is made. Look at its questions, then open the first wave.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Suggest who asks."""
        return {"initial": {"asked_by": f"{self.object.name} delivery group"}}

    def perform(self, form: Any) -> str:
        """Make it."""
        data = dict(form.cleaned_data)
        standard = data.pop("standard")
        questions = Question.objects.filter(location=None).newest() if standard else []
        return make_survey(
            location=self.object, questions=list(questions), by=self.request.user, **data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            **form_of(
                self.request,
                self.object,
                heading=_("Make a survey"),
                submit_label=_("Make the survey"),
                cancel_url=surveys_url(self.object),
            ),
        }


class SurveyView(SurveyLookup, DetailView):
    """One survey: its questions, its waves."""

    queryset = SURVEYS
    permission = Permission.VIEW
    template_name = "surveys/survey_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add questions and waves."""
        survey = self.object
        questions = Question.objects.filter(lines__survey=survey).order_by("lines__order")
        return {
            **kwargs,
            **page_of(self.request, survey.location, survey_crumb(survey)),
            "survey": survey,
            "questions": list(questions),
            "waves": waves_of(survey),
        }


class SurveyPreviewView(SurveyLookup, DetailView):
    """The survey as people will see it."""

    queryset = SURVEYS
    permission = Permission.VIEW
    template_name = "surveys/survey_preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions as a form prints them."""
        survey = self.object
        questions = Question.objects.filter(lines__survey=survey).order_by("lines__order")
        return {
            **kwargs,
            **page_of(self.request, survey.location, survey_crumb(survey)),
            "survey": survey,
            "fields": shown([asked(question) for question in questions]),
        }


class SurveyChangeView(SurveyLookup, UpdateView):
    """Changes what a survey says of itself."""

    queryset = SURVEYS
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = SurveyForm
    success_message = _("Saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Carry the version and the texts that the person saw."""
        names = ("title", "purpose", "asked_by", "contact")
        return {
            "version": self.object.version,
            "initial": {name: getattr(self.object, name) for name in names},
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return change_survey(
            survey=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        survey = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                survey.location,
                heading=_("Change the survey"),
                submit_label=_("Save"),
                cancel_url=survey.get_absolute_url(),
                way=[survey_crumb(survey)],
            ),
        }


class SurveyQuestionsView(SurveyLookup, UpdateView):
    """Chooses the questions of the next wave from the bank, and their order."""

    queryset = SURVEYS
    permission = Permission.SURVEY_MANAGE
    template_name = "surveys/survey_questions.html"
    form_class = ChooseForm
    success_message = _("Saved. The next wave asks these questions.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the bank, with what is chosen now."""
        survey = self.object
        lines = SurveyQuestion.objects.filter(survey=survey).order_by("order")
        order = {line.question_id: place for place, line in enumerate(lines, 1)}
        return {
            "version": survey.version,
            "questions": list(bank_of(survey.location)),
            "order": order,
        }

    def perform(self, form: Any) -> str:
        """Save it."""
        return choose_questions(
            survey=self.object,
            version=form.cleaned_data["version"],
            questions=form.cleaned_data["questions"],
            by=self.request.user,
        ).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        survey = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                survey.location,
                heading=_("Choose the questions"),
                submit_label=_("Save the questions"),
                cancel_url=survey.get_absolute_url(),
                way=[survey_crumb(survey)],
                caption=survey.title,
            ),
            "new_question_url": reverse("surveys:question-new", args=[survey.location.slug]),
        }
