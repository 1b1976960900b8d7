"""Forms of the verification of a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountTextarea, HouseForm


class SendForm(HouseForm):
    """What the verifier should know; after a return, what was done about its reasons."""

    text = forms.CharField(
        label=_("What should the verifier know?"),
        help_text=_("Where to look first, who can be asked. You may leave it empty."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args: Any, returned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if returned:
            text: Any = self.fields["text"]
            text.label = _("What was done about the verifier’s reasons?")
            text.help_text = _("One sentence for each reason. It is kept beside them.")
            text.required = True
            text.error_messages["required"] = _("Say what was done about the reasons")


class VerifyForm(HouseForm):
    """What a third party found of a step."""

    AGREED, RETURNED = "agreed", "returned"
    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[
            (AGREED, _("The step is done in depth: I verify it")),
            (RETURNED, _("Something is missing: I return it with reasons")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you found")},
    )
    text = forms.CharField(
        label=_("Your reasons"),
        help_text=_(
            "What you looked at and whom you asked. If you return the step: what is missing, and "
            "what would put it right. Do not name residents."
        ),
        widget=CountTextarea(attrs={"rows": 6}),
        max_length=4000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for reasons where the step is returned."""
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == self.RETURNED and not data.get("text"):
            self.add_error("text", _("Say what is missing, so that it can be put right"))
        return data
