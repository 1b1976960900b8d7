"""Forms of the report pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountTextarea, HouseForm
from reports.quarters import Quarter


class ReportForm(HouseForm):
    """The quarter to report on."""

    creates = False
    quarter = forms.ChoiceField(label=_("Financial quarter"))

    def __init__(self, *args: Any, quarters: Sequence[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one), one.words) for one in quarters]
        if len(quarters) > 1:  # the last one that is over
            field.initial = str(quarters[1])


class WordsForm(HouseForm):
    """The words of a quarter: what came of the work, in the order of the printed report."""

    deliverables = forms.CharField(
        label=_("What was delivered"),
        help_text=_("The figures stand above. What matters about them?"),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    impact = forms.CharField(
        label=_("Impact"),
        help_text=_("What changed for people at the places, and how you know."),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
    )
    learning = forms.CharField(
        label=_("What was learned"),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    mitigation = forms.CharField(
        label=_("What was in the way, and what is done about it"),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    next_quarter = forms.CharField(
        label=_("Next quarter"),
        help_text=_("What will be done, by whom, by when. Name agencies, not people."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )


class ReopenForm(HouseForm):
    """Why an approved quarter is opened again."""

    creates = False
    reason = forms.CharField(
        label=_("Why is it opened again?"),
        help_text=_("Kept with the history. For example: a figure of the council came late."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
    )
