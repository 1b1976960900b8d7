"""What those who run actions change: the action, its owner, its date, its end, its evidence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core.views import UpdateView
from delivery.forms.actions import (
    ActionForm,
    AnswerForm,
    EvidenceForm,
    FinishForm,
    HandOverForm,
    ReasonForm,
)
from delivery.selectors.actions import people_to_ask
from delivery.services import actions as services
from delivery.services import answers
from delivery.services.action_rules import RECORD, require_words
from delivery.views.actions import ACTIONS, ActionLookup


class ActionUpdateView(ActionLookup, UpdateView):
    """Changes what is asked."""

    queryset = ACTIONS
    permission = RECORD
    form_class = ActionForm
    heading = _("Change the action")
    success_message = _("The action is changed.")

    def fetch(self) -> Any:
        """Return it; whose words are withheld cannot be changed by the reader."""
        action = super().fetch()
        require_words(self.request.user, action)
        return action

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from what stands."""
        location = self.object.location
        return {"location": location, "people": people_to_ask(location), "action": self.object}

    def perform(self, form: Any) -> str:
        """Save it."""
        data = dict(form.cleaned_data)
        return services.edit_action(
            action=self.object, by=self.request.user, helpers=list(data.pop("helpers")), **data
        ).get_absolute_url()


class ActionHandOverView(ActionLookup, UpdateView):
    """Gives it to somebody else."""

    queryset = ACTIONS
    permission = RECORD
    form_class = HandOverForm
    heading = _("Give this action to somebody else")
    submit_label = _("Ask them")
    success_message = _("They are asked, by mail.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer everybody else with a role here."""
        people = people_to_ask(self.object.location).exclude(pk=self.object.owner_id)
        return {"people": people}

    def perform(self, form: Any) -> str:
        """Hand it over."""
        return services.hand_over_action(
            action=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ActionDropView(ActionLookup, UpdateView):
    """Says that it is not going ahead."""

    queryset = ACTIONS
    permission = RECORD
    form_class = ReasonForm
    heading = _("This action is not going ahead")
    intro = _("Whoever was asked is told, with the reason. The action stays on the record.")
    submit_label = _("Drop the action")
    success_message = _("The action is dropped.")

    def perform(self, form: Any) -> str:
        """Drop it."""
        return services.drop_action(
            action=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ActionReopenView(ActionLookup, UpdateView):
    """Opens a closed action again."""

    queryset = ACTIONS
    permission = RECORD
    form_class = ReasonForm
    heading = _("Open this action again")
    submit_label = _("Open it again")
    success_message = _("The action is open again.")

    def perform(self, form: Any) -> str:
        """Open it."""
        return services.reopen_action(
            action=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ActionAnswerView(ActionLookup, UpdateView):
    """Agrees to the date that the owner proposed, or not: one press on the action's page."""

    queryset = ACTIONS
    permission = RECORD
    form_class = AnswerForm
    heading = _("Another date is proposed")
    submit_label = _("Answer")
    success_message = _("The owner is told.")

    def perform(self, form: Any) -> str:
        """Answer."""
        return services.answer_proposal(
            action=self.object,
            accept=form.cleaned_data["accept"] == "yes",
            by=self.request.user,
        ).get_absolute_url()


class ActionFinishView(ActionLookup, UpdateView):
    """Enters that it is done, for whoever did it."""

    queryset = ACTIONS
    permission = RECORD
    form_class = FinishForm
    heading = _("Enter that it is done")
    submit_label = _("It is done")
    success_message = _("The action is done.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the day."""
        return {"asks_day": True}

    def perform(self, form: Any) -> str:
        """Finish it."""
        return answers.finish_action(
            action=self.object, by=self.request.user, **form.cleaned_data
        ).get_absolute_url()


class ActionEvidenceView(ActionLookup, UpdateView):
    """Makes a finished action evidence on a step."""

    queryset = ACTIONS
    permission = Permission.STEP_RECORD
    form_class = EvidenceForm
    heading = _("Use this action as evidence")
    intro = _("What was done and its photo are recorded on the step, on the day it was done.")
    submit_label = _("Record it as evidence")
    success_message = _("It is evidence now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Start from the step that the action names."""
        return {"location": self.object.location, "step": self.object.step_id}

    def perform(self, form: Any) -> str:
        """Record it."""
        services.make_evidence(action=self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()
