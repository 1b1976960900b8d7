"""The two questions about a record's protective marking, the same on every form that asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.choices import Marking
from core.forms.widgets import HintedRadios
from core.marking import HANDLING_MAX, SENSITIVE

HINTS = {
    Marking.OFFICIAL.value: _("Everyday work. Whoever has a role here reads it as far as it goes."),
    SENSITIVE.value: _(
        "Harm could follow if it were known more widely: it tells of people, or of police work. "
        "Other agencies read it only while a sharing agreement opens it; reports only count it."
    ),
}


class MarkingField(forms.ChoiceField):
    """A marking; a program or page that does not ask sends none and means the default."""

    widget = HintedRadios

    def __init__(self, *, default: Marking = Marking.OFFICIAL, **kwargs: Any) -> None:
        self.default = default
        super().__init__(
            label=_("Protective marking"),
            choices=Marking.choices,
            initial=default,
            widget=HintedRadios(hints=HINTS),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Return the marking that was chosen, or the default."""
        return super().clean(value or self.default)


class HandlingField(forms.CharField):
    """How what is OFFICIAL-SENSITIVE is to be handled."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Handling instruction"),
            help_text=_(
                "Needed if it is OFFICIAL-SENSITIVE. For example: Do not share outside the "
                "agencies named in the sharing agreement."
            ),
            max_length=HANDLING_MAX,
            required=False,
            **kwargs,
        )


class MarkedForm(forms.Form):
    """Mixed into a form of the house: ``marking`` and ``handling``, checked together."""

    marking = MarkingField()
    handling = HandlingField()

    def clean_marking(self) -> Any:
        """Keep the marking that there is where the form that came in did not ask for it."""
        return self._sent_or_kept("marking")

    def clean_handling(self) -> Any:
        """Keep the instruction that there is where the form that came in did not ask for it."""
        return self._sent_or_kept("handling")

    def _sent_or_kept(self, name: str) -> Any:
        if self.add_prefix(name) in self.data:
            return self.cleaned_data[name]
        return self.get_initial_for_field(self.fields[name], name) or ""

    def clean(self) -> dict[str, Any]:
        """Ask for the instruction where the marking needs one."""
        data = super().clean() or self.cleaned_data
        if data.get("marking") == SENSITIVE and not str(data.get("handling") or "").strip():
            self.add_error(
                "handling", _("Say how it is to be handled, because it is OFFICIAL-SENSITIVE")
            )
        return data
