"""Forms of the public page: nobody's name, address or e-mail is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountTextarea, HintedRadios, HouseForm
from delivery.choices import ConcernKind
from delivery.voice_words import clean_words
from programmes.models import Location, TargetPlace

ELSEWHERE = "elsewhere"
LONGEST = 2000


class _ForAnybody(HouseForm):
    """A form that anybody may send; a field that people do not see catches programs."""

    trap = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_trap(self) -> str:
        """Refuse what fills everything in; a person is told how to go on."""
        if self.cleaned_data["trap"]:
            raise forms.ValidationError(
                _("Something was written in the last field, which has to stay empty. Send it again")
            )
        return ""


class TellForm(_ForAnybody):
    """A concern, an idea or an offer."""

    kind = forms.ChoiceField(
        label=_("What would you like to tell us?"),
        choices=ConcernKind.choices,
        widget=HintedRadios(
            hints={
                ConcernKind.CONCERN: _("Something that worries you where you live"),
                ConcernKind.IDEA: _("Something that could make it better"),
                ConcernKind.OFFER: _("Something you would do, lend or lead"),
            }
        ),
    )
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_("Do not name anybody, and do not say who you are or where you live."),
        max_length=LONGEST,
        widget=CountTextarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what you would like to tell us")},
    )
    place = forms.ChoiceField(
        label=_("Where is it?"), required=False, widget=forms.RadioSelect, choices=()
    )
    where = forms.CharField(
        label=_("The spot, in words"),
        help_text=_("For example “the path behind the shops”. No house number."),
        max_length=200,
        required=False,
    )
    field_order = ["kind", "text", "place", "where", "trap"]

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.slug: place for place in location.target_places.order_by("name")}
        here: Any = self.fields["place"]
        here.choices = [
            *((slug, place.name) for slug, place in self.places.items()),
            (ELSEWHERE, _("Somewhere else in %(location)s") % {"location": location.name}),
        ]
        if not self.places:
            del self.fields["place"]

    def clean_text(self) -> str:
        """Refuse what holds nothing that can be read."""
        text = clean_words(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write what you would like to tell us"))
        return text

    def chosen_place(self) -> TargetPlace | None:
        """Return the target place that was chosen, if one was."""
        return self.places.get(self.cleaned_data.get("place", ""))


class WorryForm(_ForAnybody):
    """That somebody is worried about a child or an adult at risk."""

    text = forms.CharField(
        label=_("What worries you?"),
        help_text=_("Say what you saw or heard, when and where. You may name people here."),
        max_length=4000,
        widget=CountTextarea(attrs={"rows": 8}),
        error_messages={"required": _("Write what worries you")},
    )
    contact = forms.CharField(
        label=_("How somebody can reach you safely"),
        help_text=_("Only if you wish. Without it nobody can ask you anything."),
        max_length=200,
        required=False,
    )
    field_order = ["text", "contact", "trap"]

    def clean_text(self) -> str:
        """Refuse what holds nothing that can be read."""
        text = clean_words(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write what worries you"))
        return text


class ReferenceForm(HouseForm):
    """The reference that somebody was given."""

    creates = False
    reference = forms.CharField(
        label=_("Your reference"),
        help_text=_("13 letters and numbers, for example 7Q4K-M2XD-9HTRB."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"data-width": "20", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter your reference")},
    )
