"""The filter of the page: all of it stands in the address, so a link shares the view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, MonthField
from incidents.explore.layers import Kind, Layer, Wanted

ALL = "all"
LSOAS = "lsoas"
KEYS = ("first_month", "last_month", "category", "source", "ground", "later")
USUAL_MONTHS = 12


def usual_first(held: Sequence[dt.date], last: dt.date) -> dt.date:
    """Return the first month that is held of the twelve that end with ``last``."""
    start = last.year * 12 + last.month - USUAL_MONTHS
    return next((one for one in held if one.year * 12 + one.month > start), last)


class ExploreForm(HouseForm):
    """Months, categories and source. By GET; what is left out is as usual."""

    creates = False
    show_optional = False

    first_month = MonthField(label=_("From"))
    last_month = MonthField(label=_("To"))
    category = forms.MultipleChoiceField(
        label=_("Categories"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "1"}),
        required=False,
    )
    source = forms.ChoiceField(label=_("Source"), required=False)
    ground = forms.ChoiceField(
        choices=[("", ""), (LSOAS, "")], required=False, widget=forms.HiddenInput
    )
    later = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        query: QueryDict,
        *,
        months: Sequence[dt.date],
        held: Sequence[dt.date],
        last: dt.date,
        layers: Sequence[Layer],
        kinds: Sequence[Kind],
        usual: Sequence[str],
    ) -> None:
        self.asked = any(key in query for key in KEYS)
        super().__init__(data=_filled(query, held, last, layers[0], usual))
        names = {"first_month": _("From"), "last_month": _("To")}
        for name, label in names.items():
            self.fields[name] = MonthField(label=label, months=months)
        shown: Any = self.fields["category"]
        shown.choices = [(ALL, _("All categories")), *((kind.slug, kind.name) for kind in kinds)]
        source: Any = self.fields["source"]
        source.choices = [(layer.slug, layer.label) for layer in layers]
        if len(layers) == 1:
            source.widget = forms.HiddenInput()
        self.kinds = {kind.slug: kind.name for kind in kinds}

    def clean(self) -> dict[str, Any]:
        """Check that the months are in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", _("The last month must not come before the first"))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """Return what the valid form asks for."""
        chosen = self.cleaned_data["category"]
        return Wanted(
            self.cleaned_data["first_month"],
            self.cleaned_data["last_month"],
            None if ALL in chosen else tuple(self.kinds[slug] for slug in chosen),
        )

    @property
    def query(self) -> QueryDict:
        """Return the whole view as a query that can be changed, what was left out written down."""
        data: Any = self.data
        copied: QueryDict = data.copy()
        return copied

    @property
    def address(self) -> str:
        """Return the whole view as a query string."""
        return self.query.urlencode()


def _filled(
    query: QueryDict, held: Sequence[dt.date], last: dt.date, layer: Layer, usual: Sequence[str]
) -> QueryDict:
    """Return the query with what was left out as usual; nothing that was written is changed."""
    data = query.copy()
    for key in [key for key in data if key not in KEYS]:
        del data[key]
    if not data.get("last_month"):
        data["last_month"] = f"{last:%Y-%m}"
    if not data.get("first_month"):
        until = next((m for m in held if f"{m:%Y-%m}" == data["last_month"]), last)
        data["first_month"] = f"{usual_first(held, until):%Y-%m}"
    if not any(data.getlist("category")):
        data.setlist("category", list(usual))
    if not data.get("source"):
        data["source"] = layer.slug
    return data
