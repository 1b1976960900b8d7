"""Forms of the report pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
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
