"""Forms about a wave: opening it, its days, codes, paper sheets, making it public."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import CountTextarea, GovDateField, HintedRadios, HouseForm
from surveys.choices import WaveMode
from surveys.models import Wave
from surveys.services.codes import MOST_AT_ONCE

NUMBER = {"data-width": "4"}


class WaveDaysForm(HouseForm):
    """What may change while a wave runs."""

    closes_on = GovDateField(label=_("Last day to answer"))
    invited = forms.IntegerField(
        label=_("How many people were asked"),
        help_text=_("Households with a letter, for instance. Leave empty if nobody can tell."),
        required=False,
        min_value=1,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs=NUMBER),
    )
    reach = forms.CharField(
        label=_("How they are reached"),
        help_text=_("Posters where, letters to whom, which groups. It says who may be missing."),
        required=False,
        max_length=1000,
        widget=CountTextarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, wave: Wave | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=wave.version if wave else None, **kwargs)
        if wave is not None:
            for name in ("closes_on", "invited", "reach"):
                self.fields[name].initial = getattr(wave, name)


class WaveForm(WaveDaysForm):
    """A new wave."""

    mode = forms.ChoiceField(
        label=_("How do people answer?"),
        choices=WaveMode.choices,
        initial=WaveMode.OPEN_LINK,
        widget=HintedRadios(
            hints={
                WaveMode.OPEN_LINK: _(
                    "Easy to spread. Those who answer may not stand for all, and may answer twice."
                ),
                WaveMode.CODES: _("You print a sheet of codes and hand them out, one a household."),
                WaveMode.PAPER: _("There is no page to answer on."),
            }
        ),
    )
    opens_on = GovDateField(label=_("First day to answer"))
    field_order = ["mode", "opens_on", "closes_on", "invited", "reach"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + dt.timedelta(days=27)

    def clean(self) -> dict[str, Any]:
        """Check the order of the days."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("opens_on"), data.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day must be on or after the first"))
        return data


class CodesForm(HouseForm):
    """How many single-use codes to make, and in which form they come."""

    creates = False
    number = forms.IntegerField(
        label=_("How many codes"),
        min_value=1,
        max_value=MOST_AT_ONCE,
        widget=forms.NumberInput(attrs=NUMBER),
    )
    form = forms.ChoiceField(
        label=_("As what"),
        choices=[
            ("pdf", _("A PDF to print and cut")),
            ("csv", _("A table (CSV) for your letters")),
        ],
        initial="pdf",
        widget=forms.RadioSelect,
    )


class SheetForm(HouseForm):
    """What is written on a paper sheet beside the answers."""

    batch = forms.CharField(
        label=_("Batch"),
        help_text=_("One name for a pile, like “Library”."),
        max_length=40,
        widget=forms.TextInput(attrs={"data-width": "10"}),
    )
    sheet = forms.IntegerField(
        label=_("Sheet number"),
        help_text=_("Write it on the sheet, so that none is typed in twice."),
        min_value=1,
        max_value=999_999,
        widget=forms.NumberInput(attrs=NUMBER),
    )
    answered_on = GovDateField(label=_("Day it was filled in"), max_value=clock.today)


class ReleaseForm(HouseForm):
    """What is said publicly about a wave."""

    words = forms.CharField(
        label=_("What people told you"),
        help_text=_("Two or three sentences in plain words. The main figures stand beneath them."),
        max_length=600,
        widget=CountTextarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, wave: Wave, **kwargs: Any) -> None:
        super().__init__(*args, version=wave.version, **kwargs)
        self.fields["words"].initial = wave.released_words


class TextForm(HouseForm):
    """One text to moderate."""

    creates = False
    keep = forms.ChoiceField(choices=[("yes", _("Keep it")), ("no", _("Hold it back"))])
    shown_text = forms.CharField(max_length=1000, required=False)
