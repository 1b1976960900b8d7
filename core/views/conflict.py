"""What differs between a refused save and what is stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from core import screen


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a refused save: its label, the person's text and the stored text."""

    name: str
    label: str
    yours: str
    theirs: str


def differences(form: forms.BaseForm, current: Any) -> list[Difference]:
    """Return the fields in which the cleaned form differs from the stored object."""
    found: list[Difference] = []
    for name, field in form.fields.items():
        if name in ("id", "version") or not hasattr(current, name):
            continue
        yours = form.cleaned_data.get(name)
        theirs = getattr(current, name)
        if isinstance(theirs, models.Manager):
            theirs = theirs.all()
        words = (_text(field, yours), _text(field, theirs))
        if words[0] != words[1]:
            found.append(Difference(name, str(field.label or name), *words))
    return found


def resend(posted: QueryDict, current: Any) -> list[tuple[str, str]]:
    """Return what the person sent, to send once more on top of the version that is stored now.

    Files are not among it: a browser sends those only when they are chosen again.
    """
    kept = [
        (name, value)
        for name, values in posted.lists()
        if name not in ("csrfmiddlewaretoken", "version")
        for value in values
    ]
    return [*kept, ("version", str(current.version))]


def _text(field: Any, value: Any) -> str:
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (dt.date, dt.datetime)):
        return screen.moment(value)
    if isinstance(value, (models.QuerySet, list, tuple)):
        return ", ".join(str(one) for one in value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(screen.flat_choices(choices)).get(str(value), value))
    return str(value)
