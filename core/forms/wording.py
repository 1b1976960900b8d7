"""Says what is wrong with a field in the page's own words, the field's name included.

Django's messages ("This field is required.") are fine beside a field and useless in a list of
twelve. Messages that a form gives itself are kept.
"""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core import validators
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.forms.widgets import Words

CHOICES = (forms.RadioSelect, forms.Select, forms.CheckboxSelectMultiple)


def inside_sentence(label: Words) -> str:
    """Write a label as it stands within a sentence: "Done on" as "done on", "ASB" as it is."""
    text = str(label)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def required_words(field: forms.Field, label: Words) -> Words:
    """Say what to do about a field left empty."""
    if str(label).endswith("?"):
        return format_lazy(_("Answer the question: {label}"), label=label)
    if isinstance(field.widget, forms.CheckboxInput):
        return format_lazy(_("Tick: {label}"), label=label)
    verb = _("Choose {label}") if isinstance(field.widget, CHOICES) else _("Enter {label}")
    return format_lazy(verb, label=inside_sentence(label))


def validator_words(validator: Any, label: Words) -> Words | None:
    """Say what a value must be, for the limits that Django checks; None for any other validator."""
    if isinstance(validator, validators.MaxLengthValidator):
        return ngettext_lazy(
            "“%(name)s” must be %(limit_value)d character or fewer; it has %(show_value)d",
            "“%(name)s” must be %(limit_value)d characters or fewer; it has %(show_value)d",
            "limit_value",
        )
    if isinstance(validator, validators.MinValueValidator):
        return _("“%(name)s” must be %(limit_value)s or more")
    if isinstance(validator, validators.MaxValueValidator):
        return _("“%(name)s” must be %(limit_value)s or less")
    return None


class _Named:
    """A validator whose message may use ``%(name)s``, the field's label."""

    def __init__(self, validator: Any, name: Words, message: Words) -> None:
        self.validator, self.name = copy.copy(validator), name
        self.validator.message = message

    def __call__(self, value: Any) -> None:
        try:
            self.validator(value)
        except forms.ValidationError as error:
            error.params = {**(error.params or {}), "name": self.name}
            raise


def speak_plainly(field: forms.Field, label: Words) -> None:
    """Replace Django's own messages of one field; those given by the form stay."""
    given: dict[str, Words] = {
        "required": required_words(field, label),
        "invalid_choice": format_lazy(_("Choose one of the options for: {label}"), label=label),
    }
    if isinstance(field, forms.EmailField):
        given["invalid"] = _("Enter an e-mail address, like name@example.org")
    elif isinstance(field, forms.IntegerField) and not isinstance(
        field, (forms.FloatField, forms.DecimalField)
    ):
        given["invalid"] = format_lazy(_("“{label}” must be a whole number"), label=label)
    elif isinstance(field, (forms.FloatField, forms.DecimalField)):
        given["invalid"] = format_lazy(_("“{label}” must be a number"), label=label)
    defaults = _django_messages(field)
    for code, words in given.items():
        if code in defaults and str(field.error_messages.get(code)) == str(defaults[code]):
            field.error_messages[code] = words  # type: ignore[assignment]  # a lazy text, which Django takes
    for position, validator in enumerate(field.validators):
        if isinstance(validator, validators.EmailValidator) and "invalid" in given:
            field.validators[position] = _Named(validator, label, given["invalid"])
        elif (message := validator_words(validator, label)) is not None:
            field.validators[position] = _Named(validator, label, message)


def _django_messages(field: forms.Field) -> dict[str, Any]:
    """Return the messages that Django's own classes give this field."""
    messages: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            messages.update(getattr(kind, "default_error_messages", {}))
    return messages
