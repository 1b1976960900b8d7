"""Narrows the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.choices import LedgerAction
from core.forms import GovDateField, HouseForm
from programmes.models import Location
from programmes.selectors.ledger import Wanted, kinds_of_records


class LedgerFilter(HouseForm):
    """What somebody looks for in the ledger; ``locations`` are those they may choose."""

    creates = False
    show_optional = False

    person = forms.CharField(label=_("Person"), max_length=150, required=False)
    what = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[("", _("Anything")), *LedgerAction.choices],
    )
    subject = forms.ChoiceField(label=_("Kind of record"), required=False)
    location: forms.ModelChoiceField[Location] = forms.ModelChoiceField(
        label=_("Location"), queryset=None, required=False, to_field_name="slug"
    )
    since = GovDateField(label=_("From"), required=False)
    until = GovDateField(label=_("Until"), required=False)
    id = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, locations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["subject"]
        kinds.choices = [("", _("Any kind")), *kinds_of_records()]
        place: Any = self.fields["location"]
        if locations is None:
            del self.fields["location"], self.fields["person"]
        else:
            place.queryset, place.empty_label = locations, _("Any")

    def wanted(self) -> Wanted:
        """Return what is looked for; nothing where the form is not filled in rightly."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(
            person=data.get("person", "").strip(),
            action=data["what"],
            subject=data["subject"],
            subject_id=data["id"],
            location=data.get("location"),
            since=data["since"],
            until=data["until"],
        )
