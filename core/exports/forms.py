"""The form with which a list is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.exports.registry import Export
from core.exports.services import FORMATS, REASON_MIN
from core.forms import GovDateField, HintedRadios, HouseForm


def _hint(export: Export) -> str:
    """Return what a list holds, and by which day a period narrows it."""
    if not export.date:
        return str(export.description)
    words = _("%(description)s A period goes by the day “%(day)s”.")
    return words % {"description": export.description, "day": export.date_label}


class ExportForm(HouseForm):
    """Which list, in which form, of which period, and why."""

    key = forms.ChoiceField(label=_("Which list"), widget=HintedRadios)
    form = forms.ChoiceField(
        label=_("As"), choices=FORMATS, initial="xlsx", widget=forms.RadioSelect
    )
    first = GovDateField(
        label=_("From"),
        help_text=_("Only for lists with dates. Leave empty for everything held."),
        required=False,
    )
    last = GovDateField(label=_("Until"), required=False)
    reason = forms.CharField(
        label=_("Why you take this list"),
        help_text=_("Noted in the ledger with your name, for example: quarterly board paper."),
        min_length=REASON_MIN,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say why you take this list"),
            "min_length": _("Say in a few words why you take this list"),
        },
    )

    def __init__(self, *args: Any, offered: Sequence[Export], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {export.key: export for export in offered}
        chosen: Any = self.fields["key"]
        chosen.choices = [(export.key, export.title) for export in offered]
        chosen.widget.hints = {export.key: _hint(export) for export in offered}

    def clean(self) -> dict[str, Any]:
        """Check that the period is one, and that the list has dates."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("“Until” must be the same day as “From” or later"))
        export = self.offered.get(cleaned.get("key", ""))
        if export is not None and not export.date and (first or last):
            self.add_error("first", _("This list has no dates to choose from: leave both empty"))
        return cleaned
