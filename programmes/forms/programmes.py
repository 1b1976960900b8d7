"""Forms that set up a programme, a location, a target place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import GovDateField, HouseModelForm
from programmes.models import Location, Programme, StepTemplate, TargetPlace


class ProgrammeForm(HouseModelForm):
    """A programme; its list of steps is chosen once, at the start."""

    starts_on = GovDateField(
        label=_("First day of the programme"),
        help_text=_("Week 1 begins on this day. A Monday is best, for example 4 12 2023"),
    )

    class Meta:
        model = Programme
        fields = [
            "name",
            "template",
            "lead_agency",
            "starts_on",
            "weeks",
            "purpose",
            "summary",
            "grant_pounds",
            "grant_note",
            "source_note",
        ]
        labels = {"template": _("Which list of steps")}
        help_texts = {
            "name": _("For example: West Mercia"),
            "template": _("It stays once the programme is set up; only its editions grow newer."),
            "weeks": _("At least 40 weeks are advised."),
            "lead_agency": _(
                "What the programme holds is its information. People of other agencies see what is "
                "sensitive only while a sharing agreement covers it."
            ),
            "purpose": _("What the programme is to achieve, in a sentence or two."),
            "summary": _("What a new colleague should know first."),
            "grant_pounds": _("Whole pounds. Leave empty if there is no grant."),
        }
        error_messages = {
            "name": {"required": _("Enter the programme’s name")},
            "template": {"required": _("Choose a list of steps")},
            "weeks": {"required": _("Enter the length in weeks")},
        }
        widgets = {
            "name": forms.TextInput(attrs={"data-width": "20"}),
            "template": forms.RadioSelect,
            "weeks": forms.TextInput(
                attrs={"data-width": "3", "data-suffix": _("weeks"), "inputmode": "numeric"}
            ),
            "grant_pounds": forms.TextInput(
                attrs={"data-width": "10", "data-prefix": "£", "inputmode": "numeric"}
            ),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 3}),
            "grant_note": forms.Textarea(attrs={"rows": 2}),
            "source_note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, agencies: Any, usual_agency: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead: Any = self.fields["lead_agency"]
        lead.queryset = agencies
        # Without a choice the service takes the person's own agency.
        lead.empty_label = None if self.instance.lead_agency_id else _("Not said yet")
        if self.creates:
            lead.initial = usual_agency
        if not self.creates:
            del self.fields["template"]
            self.fields["starts_on"].help_text = _(
                "If you move it, the planned dates of steps that have not begun move with it."
            )
        else:
            template: Any = self.fields["template"]
            template.queryset = StepTemplate.objects.newest()
            template.empty_label = None


class LocationForm(HouseModelForm):
    """A location of a programme."""

    class Meta:
        model = Location
        fields = ["name", "summary"]
        help_texts = {
            "name": _("The town, for example Leominster."),
            "summary": _("In a few sentences, why the programme works here."),
        }
        error_messages = {"name": {"required": _("Enter the location’s name")}}
        widgets = {
            "name": forms.TextInput(attrs={"data-width": "20"}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }


class TargetPlaceForm(HouseModelForm):
    """A target place within a location."""

    class Meta:
        model = TargetPlace
        fields = ["name", "summary"]
        help_texts = {
            "name": _("A spot within the town: an estate, a park, a parade of shops."),
            "summary": _("What is known of the place, and what already works there."),
        }
        error_messages = {"name": {"required": _("Enter the place’s name")}}
        widgets = {
            "name": forms.TextInput(attrs={"data-width": "20"}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }
