"""Forms about people who agreed to take part: to what they consent, and that they take it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import (
    CountTextarea,
    GovDateField,
    HouseForm,
    MarkedForm,
    MarkingField,
)
from core.marking import SENSITIVE
from programmes.choices import ConsentPurpose, ConsentWay
from programmes.consents import HANDLING, WORDING


class PurposeForm(HouseForm):
    """To what somebody consents; asked first, because the words depend on it. Sent by GET."""

    creates = False
    purpose = forms.ChoiceField(
        label=_("What do they agree to?"), choices=ConsentPurpose.choices, widget=forms.RadioSelect
    )


class ConsentForm(MarkedForm, HouseForm):
    """One person's consent to one purpose."""

    purpose = forms.ChoiceField(choices=ConsentPurpose.choices, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As the person wants it to be written."),
        max_length=150,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    contact = forms.CharField(
        label=_("How to reach them"),
        help_text=_("An e-mail address, a telephone number, or through whom. No home address."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    wording = forms.CharField(
        label=_("What they were told"),
        help_text=_("Read it out or hand it over. Change it to what was really said."),
        widget=CountTextarea(attrs={"rows": 6}),
        max_length=2000,
    )
    given_on = GovDateField(label=_("Date they agreed"), max_value=clock.today)
    given_how = forms.ChoiceField(
        label=_("How did they agree?"), choices=ConsentWay.choices, widget=forms.RadioSelect
    )
    ends_on = GovDateField(
        label=_("Until"),
        help_text=_("Leave empty if they set no end. It counts on that day for the last time."),
        required=False,
    )
    marking = MarkingField(default=SENSITIVE)
    field_order = [
        "purpose",
        "name",
        "contact",
        "wording",
        "given_on",
        "given_how",
        "ends_on",
        "marking",
        "handling",
    ]

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].initial = purpose
        self.fields["wording"].initial = WORDING.get(purpose, "")
        self.fields["given_on"].initial = clock.today
        self.fields["handling"].initial = HANDLING

    def clean(self) -> dict[str, Any]:
        """Check that it does not end before it was given."""
        data = super().clean() or self.cleaned_data
        given, ends = data.get("given_on"), data.get("ends_on")
        if given and ends and ends < given:
            self.add_error("ends_on", _("The end must be on or after the day they agreed"))
        return data


class WithdrawConsentForm(HouseForm):
    """That somebody changed their mind."""

    creates = False
    withdrawn_on = GovDateField(label=_("Date they said so"), max_value=clock.today)
    note = forms.CharField(
        label=_("What they said"),
        help_text=_("Nobody needs to give a reason. Write down only what they want kept."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, given_on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given_on = given_on
        self.fields["withdrawn_on"].initial = clock.today

    def clean_withdrawn_on(self) -> dt.date:
        """Check that it was given before."""
        date: dt.date = self.cleaned_data["withdrawn_on"]
        if date < self.given_on:
            raise forms.ValidationError(_("The date must be on or after the day they agreed"))
        return date
