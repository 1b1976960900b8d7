"""Forms of the data pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseFileField, HouseForm, MonthField


class PackageForm(HouseForm):
    """The months of a package; ``months`` are those that can be asked for, in order."""

    creates = False
    first_month = MonthField(label=_("From"), required=True)
    last_month = MonthField(label=_("To"), required=True)
    later = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        months: Sequence[dt.date],
        first: dt.date | None = None,
        last: dt.date | None = None,
        later: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_month"] = MonthField(label=_("From"), months=months, initial=first)
        self.fields["last_month"] = MonthField(label=_("To"), months=months, initial=last)
        self.fields["later"].initial = "on" if later else ""

    def clean(self) -> dict[str, Any]:
        """Check that the months are in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", _("The last month must not come before the first"))
        return cleaned


class WithdrawForm(HouseForm):
    """Why a package must not be used."""

    reason = forms.CharField(
        label=_("Why must this package not be used?"),
        max_length=1000,
        help_text=_("Shown wherever the package is listed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StreetFileForm(HouseForm):
    """A download of data.police.uk."""

    creates = False
    MAX_BYTES = 200 * 1024 * 1024
    file = HouseFileField(
        label=_("Street file"),
        help_text=_(
            "The zip as data.police.uk gives it, or one of its street CSV files with the name it "
            "has there, like 2024-05-west-mercia-street.csv. At most 200 MB."
        ),
        accept=(".zip", ".csv"),
        max_bytes=MAX_BYTES,
    )
    keep_good = forms.BooleanField(
        label=_("If some rows are wrong, store the others"),
        help_text=_("Otherwise one wrong row stops the import, and nothing is stored."),
        required=False,
    )
