"""The forms with which a table is sent and stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseFileField, HouseForm
from core.tabular.reading import MAX_BYTES, Sheet, read_text, read_upload


class SendTableForm(HouseForm):
    """Pasted cells, or a file."""

    show_optional = False

    file = HouseFileField(
        label=_("A file"),
        help_text=_("CSV or Excel (.xlsx), at most 5,000 rows and 5 MB."),
        accept=(".csv", ".xlsx", ".txt", ".geojson", ".json"),
        max_bytes=MAX_BYTES,
        required=False,
    )
    pasted = forms.CharField(
        label=_("Or cells copied from a spreadsheet"),
        help_text=_("With the headings in the first row."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        required=False,
        strip=False,
    )

    def __init__(self, *args: Any, bare: str = "", has_places: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_places:
            self.fields["file"].help_text = _(
                "CSV, Excel (.xlsx) or GeoJSON with points, at most 5,000 rows and 5 MB."
            )
        if bare:
            self.fields["pasted"].help_text = _(
                "With the headings in the first row, or a bare list for the column “%(column)s”."
            ) % {"column": bare}

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned = super().clean() or {}
        given = [bool(cleaned.get("file")), bool((cleaned.get("pasted") or "").strip())]
        if not self.errors and given.count(True) != 1:
            words = _("Choose a file or paste cells, not both.")
            self.add_error("file", words if all(given) else _("Choose a file or paste cells."))
        return cleaned

    def sheet(self) -> Sheet:
        """Read what was sent. Raises core.errors.BadInput."""
        if self.cleaned_data.get("file"):
            return read_upload(self.cleaned_data["file"])
        return read_text(self.cleaned_data["pasted"], str(_("pasted cells")))
