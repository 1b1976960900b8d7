"""Forms of sharing agreements: the text, signatures, a withdrawal, an end, a review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.sharing import Category, LegalBasis
from core import clock
from core.forms import (
    CountTextarea,
    GovDateField,
    HintedCheckboxes,
    HouseFileField,
    HouseForm,
    MarkedForm,
)

DOCUMENT_ENDINGS = (".pdf", ".png", ".jpg", ".jpeg")
MAX_DOCUMENT_BYTES = 20_000_000
HINTS: dict[str, Any] = {
    Category.PEOPLE: _("Names, e-mail addresses and telephone numbers of people, and consents."),
    Category.FORCE_EXTRACTS: _("Counts and packages made from data that the force gave."),
    Category.SENSITIVE_NOTES: _("Evidence and notes that are marked OFFICIAL-SENSITIVE."),
    Category.EXACT_COORDINATES: _("Boundaries drawn on the map. Sets of LSOAs are public."),
}


class AgreementForm(MarkedForm, HouseForm):
    """The text of an agreement: who, what, why, by which law, how long."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("For example: Sharing for Intensive Engagement in Leominster."),
        max_length=200,
    )
    parties: Any = forms.ModelMultipleChoiceField(
        label=_("Which agencies share with each other?"),
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two agencies")},
    )
    categories = forms.MultipleChoiceField(
        label=_("What do they share?"),
        choices=Category.choices,
        widget=HintedCheckboxes(hints=HINTS),
        error_messages={"required": _("Choose at least one kind of information")},
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        help_text=_("What the information is used for, and why less would not do."),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=4000,
    )
    legal_basis = forms.ChoiceField(
        label=_("Legal basis"), choices=LegalBasis.choices, widget=forms.RadioSelect
    )
    starts_on = GovDateField(label=_("First day"))
    review_on = GovDateField(
        label=_("Review on"), help_text=_("You are reminded six weeks before.")
    )
    ends_on = GovDateField(
        label=_("Last day"), help_text=_("From the next day on it opens nothing.")
    )
    responsible: Any = forms.ModelChoiceField(
        label=_("Who sees to its review?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Whoever drafts it"),
    )
    field_order = [
        "title",
        "parties",
        "categories",
        "purpose",
        "legal_basis",
        "starts_on",
        "review_on",
        "ends_on",
        "responsible",
        "marking",
        "handling",
    ]

    def __init__(self, *args: Any, agencies: Any, managers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["parties"].queryset = agencies
        fields["responsible"].queryset = managers

    def clean_parties(self) -> Any:
        """Ask for two."""
        chosen = self.cleaned_data["parties"]
        if len(chosen) < 2:
            raise forms.ValidationError(_("Choose at least two agencies"))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Check the order of the dates."""
        data = super().clean() or self.cleaned_data
        first, review, last = (data.get(name) for name in ("starts_on", "review_on", "ends_on"))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must be on or after the first day"))
        elif first and review and last and not first <= review <= last:
            self.add_error("review_on", _("The review must lie between the first and the last day"))
        return data


class SignForm(HouseForm):
    """A signature for an agency."""

    agency: Any = forms.ModelChoiceField(
        label=_("For which agency do you sign?"),
        queryset=Agency.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the agency for which you sign")},
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("It stands on the agreement as your signature."),
        max_length=150,
        widget=forms.TextInput(attrs={"data-width": "20"}),
        error_messages={"required": _("Enter your name")},
    )
    agree = forms.BooleanField(
        label=_("I have read the agreement and sign it for this agency"),
        error_messages={"required": _("Confirm that you sign for this agency")},
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.queryset = agencies
        if agencies.count() == 1:
            field.initial = agencies.first()


class PaperSignatureForm(HouseForm):
    """A signature given on paper, with the signed document."""

    agency: Any = forms.ModelChoiceField(
        label=_("Which agency has signed?"),
        queryset=Agency.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the agency that has signed")},
    )
    name = forms.CharField(
        label=_("Who signed"),
        help_text=_("The name as it stands on the paper."),
        max_length=150,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    signed_on = GovDateField(label=_("Date of the signature"), max_value=clock.today)
    document = HouseFileField(
        label=_("The signed document"),
        help_text=_("A PDF or a photo, up to 20 MB."),
        accept=DOCUMENT_ENDINGS,
        max_bytes=MAX_DOCUMENT_BYTES,
    )

    def __init__(self, *args: Any, agencies: Any, held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.queryset = agencies
        if held:
            document: Any = self.fields["document"]
            document.required = False
            document.help_text = _(
                "A PDF or a photo, up to 20 MB. Leave empty if the document that is held bears "
                "this signature too; a new one takes its place."
            )


class WithdrawPartyForm(HouseForm):
    """Why an agency withdraws."""

    creates = False
    reason = forms.CharField(
        label=_("Why does the agency withdraw?"),
        help_text=_("From now on nothing is opened to it, nor of its own. This cannot be undone."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why the agency withdraws")},
    )


class EndAgreementForm(HouseForm):
    """Why an agreement is ended early."""

    reason = forms.CharField(
        label=_("Why is it ended?"),
        help_text=_("From now on it opens nothing to anybody. This cannot be undone."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why the agreement is ended")},
    )


class ReviewForm(HouseForm):
    """What a review found, and when the next is."""

    found = forms.CharField(
        label=_("What did the review find?"),
        help_text=_("Whether the sharing is still needed, for this purpose, in this extent."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Say what the review found")},
    )
    review_on = GovDateField(label=_("Next review on"))
