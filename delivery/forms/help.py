"""Forms of asking for help: send, decide, take back to the group, withdraw."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.forms import CountTextarea, GovDateField, HintedRadios, HouseForm, MarkedForm
from delivery.choices import HelpOutcome, Tier
from delivery.models import Action
from programmes.models import StepRecord

WEEK = dt.timedelta(days=7)
ASKED = [(Tier.TASKING.value, Tier.TASKING.label), (Tier.BOARD.value, Tier.BOARD.label)]


def in_a_week() -> dt.date:
    """Return the day by which a decision is asked for unless another is named."""
    return clock.today() + WEEK


class SendHelpForm(MarkedForm, HouseForm):
    """What is asked, of whom, why, and by when a decision is needed."""

    creates = False
    tier = forms.ChoiceField(
        label=_("Ask for help from"),
        choices=ASKED,
        widget=HintedRadios(
            hints={
                Tier.TASKING.value: _("Police and partners who can move people and money."),
                Tier.BOARD.value: _("The leaders of the agencies, for what only they can settle."),
            }
        ),
        error_messages={"required": _("Choose who is asked")},
    )
    title = forms.CharField(
        label=_("What do you ask for?"),
        help_text=_("In one line, so that it can be decided. Everybody at the location sees it."),
        max_length=200,
        error_messages={"required": _("Say what you ask for")},
    )
    reason = forms.CharField(
        label=_("Why is help needed?"),
        help_text=_(
            "What was tried, what stands in the way, what happens otherwise. Do not name residents."
        ),
        widget=CountTextarea(attrs={"rows": 6}),
        max_length=4000,
        error_messages={"required": _("Say why help is needed")},
    )
    decide_by = GovDateField(
        label=_("By when is a decision needed?"), min_value=clock.today, initial=in_a_week
    )
    field_order = ["tier", "title", "reason", "decide_by", "action", "step", "marking", "handling"]


class AskForHelpForm(SendHelpForm):
    """The same for something new, with what it is about."""

    creates = True
    action: Any = forms.ModelChoiceField(
        label=_("About an action"),
        queryset=Action.objects.none(),
        required=False,
        empty_label=_("No action"),
    )
    step: Any = forms.ModelChoiceField(
        label=_("About a step"),
        queryset=StepRecord.objects.none(),
        required=False,
        empty_label=_("No step"),
    )

    def __init__(self, *args: Any, actions: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["action"].queryset = actions
        fields["step"].queryset = steps
        fields["step"].label_from_instance = lambda row: str(row.definition)


class DecideForm(HouseForm):
    """The decision of the tier that was asked."""

    creates = False
    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide")},
    )
    decision = forms.CharField(
        label=_("In words"),
        help_text=_("What is done; or why not; or why the next tier has to decide."),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": _("Say what is done, or why not")},
    )
    help_from = forms.CharField(
        label=_("Who helps?"),
        help_text=_("If you give help: the agency and post that does it."),
        max_length=150,
        required=False,
    )
    help_by = GovDateField(
        label=_("By when?"),
        help_text=_("If you give help: the day by which it is there."),
        required=False,
        min_value=clock.today,
    )
    next_decide_by = GovDateField(
        label=_("By when should the next tier decide?"),
        help_text=_("If you pass it up."),
        required=False,
        min_value=clock.today,
    )

    def __init__(self, *args: Any, may_pass_up: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [
            choice
            for choice in HelpOutcome.choices
            if may_pass_up or choice[0] != HelpOutcome.PASSED_UP
        ]
        if not may_pass_up:
            del self.fields["next_decide_by"]

    def clean(self) -> dict[str, Any]:
        """Ask for what each outcome needs."""
        data = super().clean() or self.cleaned_data
        outcome = data.get("outcome")
        if outcome == HelpOutcome.GIVEN:
            if not data.get("help_from"):
                self.add_error("help_from", _("Say who helps"))
            if not data.get("help_by") and "help_by" not in self.errors:
                self.add_error("help_by", _("Say by when the help is there"))
        if (
            outcome == HelpOutcome.PASSED_UP
            and not data.get("next_decide_by")
            and "next_decide_by" not in self.errors
        ):
            self.add_error("next_decide_by", _("Say by when the next tier should decide"))
        return data


class ReturnForm(HouseForm):
    """What the group is told, and the action that follows, if one does."""

    text = forms.CharField(
        label=_("What was decided, as the group reads it"),
        help_text=_("It becomes a decision on record. Everybody at the location can read it."),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": _("Say what was decided")},
    )
    action_title = forms.CharField(
        label=_("An action that follows"),
        help_text=_("Leave the three fields empty if nothing is to be done."),
        max_length=200,
        required=False,
    )
    action_owner: Any = forms.ModelChoiceField(
        label=_("Who does it?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Choose a person"),
    )
    action_due_on = GovDateField(label=_("By when?"), required=False, min_value=clock.today)

    def __init__(self, *args: Any, owners: Any, text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["action_owner"].queryset = owners
        fields["text"].initial = text

    def clean(self) -> dict[str, Any]:
        """Ask for all three of an action, or none."""
        data = super().clean() or self.cleaned_data
        names = {
            "action_title": _("Say what is to be done"),
            "action_owner": _("Choose who does it"),
            "action_due_on": _("Say by when"),
        }
        if any(data.get(name) for name in names):
            for name, words in names.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data


class TakeBackForm(HouseForm):
    """Why a proposal or a request is taken back."""

    creates = False
    reason = forms.CharField(
        label=_("Why is it taken back?"),
        help_text=_("It stays on the record with your reason. It is not proposed again."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why it is taken back")},
    )
