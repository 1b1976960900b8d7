"""Forms of the data pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HintedRadios, HouseFileField, HouseForm, MonthField
from core.screen import day, month_name
from incidents.models import DataPackage
from incidents.packages.recipe import PARTNER, PUBLIC


class PackageForm(HouseForm):
    """The months of a package; ``months`` are those that can be asked for, in order.

    ``partner`` says that there is something for a partner edition, so that it can be chosen.
    """

    creates = False
    first_month = MonthField(label=_("From"), required=True)
    last_month = MonthField(label=_("To"), required=True)
    edition = forms.ChoiceField(
        label=_("For whom?"),
        choices=[
            (PARTNER, _("For partners")),
            (PUBLIC, _("For everybody")),
        ],
        widget=HintedRadios(
            hints={
                PARTNER: _(
                    "With all that agencies supply and that is open to you: times, repeats, places."
                ),
                PUBLIC: _(
                    "Published data, and of what agencies supply only counts by quarter, as far as "
                    "they allow it, small ones hidden."
                ),
            }
        ),
        initial=PARTNER,
    )
    later = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        months: Sequence[dt.date],
        first: dt.date | None = None,
        last: dt.date | None = None,
        later: bool = False,
        partner: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not partner:  # nothing that agencies supply is open to the person
            del self.fields["edition"]
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


class CompareForm(HouseForm):
    """Which other version a package is set beside; ``versions`` are those the reader may open."""

    creates = False

    def __init__(self, *args: Any, versions: Sequence[DataPackage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(one.pk): one for one in versions}
        self.fields["with"] = forms.ChoiceField(
            label=_("Compare with"),
            choices=[(key, self._name(one)) for key, one in self.versions.items()],
        )

    def chosen(self) -> DataPackage | None:
        """Return the version that was asked for, None if none was or it is not among them."""
        return self.versions.get(self.data.get("with", "")) if self.is_bound else None

    @staticmethod
    def _name(one: DataPackage) -> str:
        words = _("%(first)s to %(last)s, built %(day)s, %(state)s") % {
            "first": month_name(f"{one.first_month:%Y-%m}"),
            "last": month_name(f"{one.last_month:%Y-%m}"),
            "day": day(one.built_on),
            "state": one.get_state_display().lower(),
        }
        return f"{words}, {_('for partners')}" if one.restricted else words


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
