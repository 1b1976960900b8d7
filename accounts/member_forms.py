"""Forms with which people are given roles, and roles change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import CATALOGUE, Role
from core import clock
from core.forms import GovDateField, HintedRadios, HouseForm


class ReasonForm(HouseForm):
    """Why something is done, kept with the history."""

    creates = False

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class RoleForm(HouseForm):
    """A role for somebody who has an account, or for somebody who is invited by e-mail."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label=_("Somebody you work with already"),
        empty_label=_("Nobody from this list"),
    )
    email = forms.EmailField(
        label=_("Or anybody else, by e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("They get a mail with a link to open their account. It works for 14 days."),
    )
    name = forms.CharField(
        label=_("Their name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For somebody who has no account yet."),
    )
    agency = forms.ModelChoiceField(
        queryset=Agency.objects.all(),
        required=False,
        label=_("Their agency"),
        empty_label=_("None: a resident, or somebody of no agency"),
        help_text=_(
            "What agencies share with each other depends on it. Is it missing? Add it under "
            "Agencies first."
        ),
    )
    role = forms.ChoiceField(
        label=_("Role"), error_messages={"required": _("Choose a role")}, widget=HintedRadios()
    )
    starts_on = GovDateField(label=_("First day"), initial=clock.today)
    ends_on = GovDateField(
        label=_("Last day"), required=False, help_text=_("Leave it empty if there is no end yet.")
    )
    message = forms.CharField(
        label=_("A word to them"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the mail that they get."),
    )

    def __init__(
        self,
        *args: Any,
        known: Iterable[User],
        roles: Iterable[Role],
        anchor: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        people = list(known)
        if people:
            rows = User.objects.filter(pk__in=[one.pk for one in people])
            fields["person"].queryset = rows.select_related("agency").order_by("name")
            fields["person"].label_from_instance = _named
        else:
            del fields["person"]
            fields["email"].label = _("E-mail address")
        offered = list(roles)
        fields["role"].choices = [(role.value, CATALOGUE[role].name) for role in offered]
        fields["role"].widget.hints = {
            role.value: CATALOGUE[role].described_on(anchor) for role in offered
        }
        if len(offered) == 1:
            fields["role"].initial = offered[0].value

    def clean(self) -> dict[str, Any]:
        """Ask for one person, by one of the two ways, and for dates in order."""
        data: dict[str, Any] = super().clean() or {}
        person, email = data.get("person"), data.get("email")
        if person and email:
            self.add_error("email", _("Choose from the list or enter an e-mail address, not both"))
        elif not person and not email and "email" not in self.errors:
            self.add_error("email", _("Enter the e-mail address of the person"))
        elif email and not data.get("name") and not _has_account(email):
            self.add_error("name", _("Enter their name: they have no account yet"))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first day"))
        return data


class RoleChangeForm(HouseForm):
    """Sets another end for a role, or ends it at once."""

    creates = False

    NOW, ON, OPEN = "now", "on", "open"

    how = forms.ChoiceField(
        label=_("What shall happen to this role?"),
        widget=HintedRadios(),
        error_messages={"required": _("Choose what shall happen")},
    )
    ends_on = GovDateField(label=_("Last day"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )

    def __init__(
        self, *args: Any, is_own: bool, until: dt.date | None, version: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, version=version, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = [(self.ON, _("It ends on a day")), (self.NOW, _("It ends now"))]
        if not is_own and until is not None:
            choices.append((self.OPEN, _("It goes on without an end")))
        fields["how"].choices = choices
        fields["how"].widget.hints = {self.NOW: _("It counts no more from this moment.")}
        fields["how"].initial = self.ON
        fields["ends_on"].initial = until
        fields["ends_on"].help_text = _("The last day on which it counts. Only if it ends on a day")

    def clean(self) -> dict[str, Any]:
        """Ask for the day where one is meant."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("how") == self.ON and not data.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Enter the last day of the role, like 12 March 2024"))
        return data


def _named(person: User) -> str:
    return f"{person} ({person.agency})" if person.agency_id else str(person)


def _has_account(email: str) -> bool:
    return User.objects.filter(email__iexact=email.strip()).exists()
