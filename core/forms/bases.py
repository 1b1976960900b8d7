"""The bases of all forms: a client-made id for what is created, a version for what is edited."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import pretty_name
from django.utils.translation import gettext_lazy as _

from core.forms.wording import speak_plainly

TAMPERED = _("This form did not arrive as it was sent. Reload the page and try again.")


class _House:
    """What both bases share.

    A form that creates carries ``id``, a UUID made when the form was shown: the service stores it
    under a unique constraint, so sending the same form twice is harmless. A form that edits
    carries ``version`` instead, so that a stale save is noticed and both texts can be shown.
    """

    creates = True
    show_optional = True
    use_required_attribute = False  # our own errors, in the page's words, not the browser's

    def _add_hidden(self, version: int | None) -> None:
        self.label_suffix = ""
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # mixed into a form
        for name, field in fields.items():
            if not field.widget.is_hidden:
                speak_plainly(field, field.label or pretty_name(name))
        messages = {"required": TAMPERED, "invalid": TAMPERED}
        if version is not None:
            fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=version, min_value=0, error_messages=messages
            )
        elif self.creates:
            fields["id"] = forms.UUIDField(
                widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=messages
            )

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error; that a text is no key of our tables is nothing a person can act on."""
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # mixed into a form
        choice = fields.get(field or "")
        if isinstance(choice, forms.ModelChoiceField) and getattr(error, "code", "") == "invalid":
            error = ValidationError(
                choice.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": (error.params or {}).get("value", "")},
            )
        super().add_error(field, error)  # type: ignore[misc]  # mixed into a form


class HouseForm(_House, forms.Form):
    """A form that belongs to no single model."""

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_hidden(version)


class HouseModelForm(_House, forms.ModelForm):
    """A form of one model. It validates; a service saves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = not self.instance._state.adding
        if saved:
            self.creates = False
        self._add_hidden(getattr(self.instance, "version", None) if saved else None)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave ``id`` and ``version`` to the service: a repeat of the same id is no error."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # mixed into a form of a model
        return excluded | {"id", "version"}
