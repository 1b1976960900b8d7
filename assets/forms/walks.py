"""Forms about walks: made for a phone, one hand, in the dark."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.choices import Light, ObservationKind, ObservationTheme
from assets.points import PointField
from core import clock
from core.forms import CountTextarea, GovDateField, HouseFileField, HouseForm, MarkedForm

PHOTO_BYTES = 20 * 1024 * 1024


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=500,
        initial=0,
        widget=forms.TextInput(attrs={"data-width": "3", "inputmode": "numeric"}),
    )


class _Placed(HouseForm):
    """Offers the target places of the location."""

    def __init__(self, *args: Any, target_places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["target_place"]
        place.queryset = target_places


class WalkForm(_Placed):
    """A walk: when, where, who took part in numbers."""

    walked_on = GovDateField(label=_("Date of the walk"), max_value=clock.today)
    route = forms.CharField(
        label=_("Route or place"),
        help_text=_("For example: from the bus station to the garage court."),
        max_length=200,
    )
    target_place: Any = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=None,
        required=False,
        empty_label=_("Several, or none of them"),
    )
    light = forms.ChoiceField(label=_("Light"), choices=Light.choices, widget=forms.RadioSelect)
    residents = _count(_("How many residents"))
    police = _count(_("How many from the police"))
    partners = _count(_("How many from other agencies"))
    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("No names."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["walked_on"].initial = clock.today
        self.fields["light"].initial = Light.DAY


class ObserveForm(_Placed):
    """Something seen. Kind, theme and a few words are enough; the rest may stay empty."""

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=ObservationKind.choices, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(label=_("About what?"), choices=ObservationTheme.choices)
    text = forms.CharField(
        label=_("What do you see?"),
        help_text=_("The place, not people: no names, no number plates."),
        widget=CountTextarea(attrs={"rows": 2}),
        max_length=1000,
    )
    photo = HouseFileField(
        label=_("Photo"),
        help_text=_("Without people, if you can. Where it was taken is removed from the file."),
        accept=(".jpg", ".jpeg", ".png", ".webp"),
        max_bytes=PHOTO_BYTES,
        required=False,
    )
    photo_shows = forms.CharField(
        label=_("What the photo shows"),
        help_text=_("In a few words, for people who cannot see it."),
        max_length=200,
        required=False,
    )
    place = forms.CharField(
        label=_("Where"), help_text=_("For example: by garage 7."), max_length=200, required=False
    )
    point = PointField()
    target_place: Any = forms.ModelChoiceField(
        label=_("Target place"), queryset=None, required=False, empty_label=_("None of them")
    )


class ObservationForm(MarkedForm, ObserveForm):
    """Changes an observation; its photo stays."""

    photo = None  # type: ignore[assignment]  # takes the field away, as Django has it
    field_order = [
        "kind",
        "theme",
        "text",
        "photo_shows",
        "place",
        "point",
        "target_place",
        "marking",
        "handling",
    ]


class FollowUpForm(HouseForm):
    """Who does something about what was seen, and by when."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    owner: Any = forms.ModelChoiceField(
        label=_("Who"), queryset=None, empty_label=_("Choose a person")
    )
    due_on = GovDateField(label=_("By when"), min_value=clock.today)
    details = forms.CharField(
        label=_("Details"),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, owners: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners


class MapFilter(HouseForm):
    """What is shown on the map and in its table. By GET."""

    creates = False
    show_optional = False

    layer = forms.MultipleChoiceField(
        label=_("Layers"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "1"}),
    )
    kind = forms.ChoiceField(label=_("What it is about"), required=False)

    def __init__(self, *args: Any, layers: Any = (), kinds: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["layer"]
        shown.choices = list(layers)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("Anything")), *((one, one) for one in kinds)]
