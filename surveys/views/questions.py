"""The question bank of a location: standard questions and the programme's own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import CreateView, DetailView, UpdateView
from surveys.choices import QuestionKind
from surveys.forms.surveys import QuestionForm, RewordForm
from surveys.selectors.lists import bank_of
from surveys.services.bank import add_question, change_question
from surveys.views.common import LOCATIONS, QUESTIONS, form_of, page_of


def bank_url(slug: str) -> str:
    """Return the address of the question bank."""
    return reverse("surveys:question-list", args=[slug])


class QuestionsView(DetailView):
    """The bank, as this location sees it."""

    queryset = LOCATIONS
    permission = Permission.VIEW
    template_name = "surveys/question_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions."""
        bank = list(bank_of(self.object))
        return {
            **kwargs,
            **page_of(self.request, self.object, (_("Questions"), "")),
            "standard": [one for one in bank if one.is_standard],
            "own": [one for one in bank if not one.is_standard],
        }


class QuestionCreateView(CreateView):
    """Adds a question of one's own."""

    queryset = LOCATIONS
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = QuestionForm
    success_message = _("The question is in the bank. Choose it on a survey.")

    def perform(self, form: Any) -> str:
        """Add it."""
        add_question(location=self.object, by=self.request.user, **form.cleaned_data)
        return bank_url(self.object.slug)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        return {
            **kwargs,
            **form_of(
                self.request,
                self.object,
                heading=_("Add a question"),
                submit_label=_("Add the question"),
                cancel_url=bank_url(self.object.slug),
                way=[(_("Questions"), bank_url(self.object.slug))],
            ),
        }


class QuestionChangeView(UpdateView):
    """Words a question anew: a new version, which the next waves ask."""

    queryset = QUESTIONS
    permission = Permission.SURVEY_MANAGE
    template_name = "programmes/form.html"
    form_class = RewordForm
    success_message = _("Saved as a new version. Waves that exist keep what they asked.")

    def lookup_filter(self) -> dict[str, Any]:
        """Find it under the location whose people wrote it."""
        return {"location__slug": self.kwargs["slug"], "pk": self.kwargs["question"]}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bring the question as it is."""
        return {"question": self.object}

    def perform(self, form: Any) -> str:
        """Save the new version."""
        change_question(question=self.object, by=self.request.user, **form.cleaned_data)
        return bank_url(self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words around the form."""
        question = self.object
        return {
            **kwargs,
            **form_of(
                self.request,
                question.location,
                heading=_("Word the question anew"),
                submit_label=_("Save as a new version"),
                cancel_url=bank_url(self.kwargs["slug"]),
                way=[(_("Questions"), bank_url(self.kwargs["slug"]))],
                caption=str(QuestionKind(question.kind).label),
                intro=_(
                    "Answers to the new words cannot be compared with answers to the old ones. "
                    "Waves that exist keep what they asked."
                ),
            ),
        }
