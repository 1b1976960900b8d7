"""Forms about assets: what kind, what it is, whether it is still so, who is connected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.choices import AssetKind, AssetTheme
from assets.points import PointField
from assets.selectors.assets import Wanted
from core import clock
from core.forms import CountTextarea, GovDateField, HintedRadios, HouseForm, MarkedForm

HALF_A_YEAR = dt.timedelta(days=182)
KIND_HINTS = {
    AssetKind.PERSON.value: _("Somebody who offers to do something. Only with their consent."),
    AssetKind.GROUP.value: _("A club, a residents' group, a team of volunteers."),
    AssetKind.INSTITUTION.value: _("A school, a surgery, a church, a shop, a public service."),
    AssetKind.PLACE.value: _("A hall, a park, a bench where people meet."),
    AssetKind.CONNECTION.value: _("What brings people together: a message group, a yearly fair."),
}


class KindForm(HouseForm):
    """What sort of strength it is; asked first, because the questions depend on it. By GET."""

    creates = False
    kind = forms.ChoiceField(
        label=_("What do you want to record?"),
        choices=AssetKind.choices,
        widget=HintedRadios(hints=KIND_HINTS),
    )


class _About(MarkedForm, HouseForm):
    """What every asset says."""

    theme = forms.ChoiceField(label=_("What it is about"), choices=AssetTheme.choices)
    offers = forms.CharField(
        label=_("What it offers"),
        help_text=_("What people can find there or ask for, and when."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    contact = forms.CharField(
        label=_("How to reach it"),
        help_text=_("Seen only by those whose role shows how people are reached."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    last_checked_on = GovDateField(
        label=_("Last checked on"),
        help_text=_("The day on which somebody saw or asked that it is so."),
        max_value=clock.today,
    )
    check_by = GovDateField(label=_("Check again by"), required=False)

    def __init__(self, *args: Any, target_places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_checked_on"].initial = clock.today
        self.fields["check_by"].initial = lambda: clock.today() + HALF_A_YEAR
        if "target_place" in self.fields:
            place: Any = self.fields["target_place"]
            place.queryset = target_places

    def clean(self) -> dict[str, Any]:
        """Check that the next look comes after the last."""
        data = super().clean() or self.cleaned_data
        last, again = data.get("last_checked_on"), data.get("check_by")
        if last and again and again < last:
            self.add_error("check_by", _("The day must be on or after the day it was last checked"))
        return data


def _target_place() -> Any:
    return forms.ModelChoiceField(
        label=_("Target place"),
        help_text=_("If it lies in one of the target places."),
        queryset=None,
        required=False,
        empty_label=_("None of them"),
    )


class AssetForm(_About):
    """A group, an institution, a place or a connection."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"data-width": "20"})
    )
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", max_length=200
    )
    address = forms.CharField(
        label=_("Street or building"),
        help_text=_("For example: Corn Square. No private address."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    point = PointField()
    target_place = _target_place()
    field_order = [
        "name",
        "theme",
        "offers",
        "contact",
        "website",
        "address",
        "point",
        "target_place",
        "last_checked_on",
        "check_by",
        "marking",
        "handling",
    ]


class ContributorForm(_About):
    """A local contributor: chosen among those who agreed to be listed."""

    consent: Any = forms.ModelChoiceField(
        label=_("Who"),
        help_text=_("People who agreed to be listed as a local contributor and are not yet."),
        queryset=None,
        empty_label=_("Choose a person"),
    )
    role = forms.CharField(
        label=_("Known as"),
        help_text=_("In a few words, for example: knows everybody on the estate."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    field_order = [
        "consent",
        "role",
        "theme",
        "offers",
        "contact",
        "last_checked_on",
        "check_by",
        "marking",
        "handling",
    ]

    def __init__(self, *args: Any, consents: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offers"].label = _("What they offer")
        self.fields["offers"].help_text = _("As they would say it themselves.")
        self.fields["contact"].label = _("How to reach them")
        if consents is None:
            del self.fields["consent"]
        else:
            who: Any = self.fields["consent"]
            who.queryset = consents
            who.label_from_instance = lambda consent: consent.name


class OwnEntryForm(HouseForm):
    """What a local contributor puts right about themselves."""

    role = forms.CharField(
        label=_("Known as"), max_length=150, required=False, widget=forms.TextInput()
    )
    offers = forms.CharField(
        label=_("What I offer"),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )
    contact = forms.CharField(label=_("How to reach me"), max_length=200, required=False)


class LeaveForm(HouseForm):
    """That somebody wants off the list."""

    creates = False
    note = forms.CharField(
        label=_("Anything you want us to know"),
        help_text=_("You need not give a reason."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )


class CheckForm(HouseForm):
    """That somebody looked, and it is still so."""

    checked_on = GovDateField(label=_("Checked on"), max_value=clock.today)
    check_by = GovDateField(label=_("Check again by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].initial = clock.today
        self.fields["check_by"].initial = lambda: clock.today() + HALF_A_YEAR


class TakeOffForm(HouseForm):
    """Why something is taken off a list."""

    creates = False
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("For example: it has closed. The record stays, with this reason."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
    )


class ConnectForm(HouseForm):
    """With what an asset is connected, and how."""

    target: Any = forms.ModelChoiceField(
        label=_("Connected with"), queryset=None, empty_label=_("Choose one")
    )
    how = forms.CharField(
        label=_("How"),
        help_text=_("For example: lends its hall every Thursday."),
        max_length=200,
    )

    def __init__(self, *args: Any, others: Any = None, names: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target: Any = self.fields["target"]
        target.queryset = others
        target.label_from_instance = lambda asset: names[asset.pk]  # as the reader sees it


class AssetFilter(HouseForm):
    """Narrows the list. By GET."""

    creates = False
    show_optional = False

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any kind")), *AssetKind.choices]
    )
    theme = forms.ChoiceField(
        label=_("What it is about"),
        required=False,
        choices=[("", _("Anything")), *AssetTheme.choices],
    )
    due = forms.ChoiceField(
        label=_("Checked"),
        required=False,
        choices=[("", _("Any")), ("yes", _("Due to be checked again"))],
    )

    def wanted(self) -> Wanted:
        """Return what is looked for; nothing where the form is not filled in rightly."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        data = self.cleaned_data
        return Wanted(data["q"].strip(), data["kind"], data["theme"], bool(data["due"]))
