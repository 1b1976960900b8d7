"""Forms about stakeholders and their links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.choices import Involvement, LinkKind, LinkStrength, Sector
from assets.scales import scale_choices
from core import clock
from core.forms import CountTextarea, GovDateField, HouseForm, MarkedForm


def _scale(name: str, label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=scale_choices(name),
        coerce=int,
        empty_value=None,
        required=False,
    )


class StakeholderForm(MarkedForm, HouseForm):
    """An organisation, or a role that somebody holds."""

    name = forms.CharField(
        label=_("Organisation or role"),
        help_text=_("Name the role, not the person: “Chair of the traders' group”."),
        max_length=150,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    does = forms.CharField(
        label=_("What they do here"),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    contact = forms.CharField(
        label=_("How to reach them"),
        help_text=_("Seen only by those whose role shows how people are reached."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "20"}),
    )
    involvement = forms.ChoiceField(
        label=_("Taking part"), choices=Involvement.choices, initial=Involvement.NOT_YET
    )
    why_not = forms.CharField(
        label=_("If not yet involved: why, and how they will be asked"),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    interest = _scale("interest", _("Interest"), _("How much do they care?"))
    influence = _scale("influence", _("Influence"), _("How much can they change?"))
    capability = _scale("capability", _("Capability"), _("What could they do themselves?"))
    connectedness = _scale("connectedness", _("Connectedness"), _("Whom do they know?"))
    judged_on = GovDateField(label=_("Judged on"), max_value=clock.today)
    field_order = [
        "name",
        "sector",
        "does",
        "contact",
        "involvement",
        "why_not",
        "interest",
        "influence",
        "capability",
        "connectedness",
        "judged_on",
        "marking",
        "handling",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["judged_on"].initial = clock.today


class LinkForm(HouseForm):
    """Who is tied to whom, and how strongly."""

    target: Any = forms.ModelChoiceField(
        label=_("Linked with"), queryset=None, empty_label=_("Choose one")
    )
    kind = forms.ChoiceField(label=_("Kind of tie"), choices=LinkKind.choices)
    strength = forms.TypedChoiceField(
        label=_("Strength"),
        choices=LinkStrength.choices,
        coerce=int,
        initial=LinkStrength.REGULAR,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("How it shows"),
        help_text=_("For example: they run the youth night together."),
        widget=CountTextarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )
    seen_on = GovDateField(label=_("As it was on"), max_value=clock.today)

    def __init__(self, *args: Any, others: Any = None, names: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_on"].initial = clock.today
        if others is None:
            del self.fields["target"], self.fields["kind"]
        else:
            target: Any = self.fields["target"]
            target.queryset = others
            target.label_from_instance = lambda one: names[one.pk]  # as the reader sees it


class StakeholderFilter(HouseForm):
    """Narrows the register. By GET."""

    creates = False
    show_optional = False

    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    sector = forms.ChoiceField(
        label=_("Sector"), required=False, choices=[("", _("Any")), *Sector.choices]
    )
    involvement = forms.ChoiceField(
        label=_("Taking part"), required=False, choices=[("", _("Any")), *Involvement.choices]
    )

    def fits(self, row: Any) -> bool:
        """Say whether a stakeholder, as shown, is looked for."""
        if not self.is_bound or not self.is_valid():
            return True
        data = self.cleaned_data
        text = f"{row.name} {row.does} {row.get_sector_display()}".casefold()
        return (
            all(word in text for word in data["q"].casefold().split())
            and data["sector"] in ("", row.sector)
            and data["involvement"] in ("", row.involvement)
        )
