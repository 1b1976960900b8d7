"""Forms of groups: forming one, its seats, who joins and who leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core import clock
from core.forms import CountTextarea, GovDateField, HouseForm
from delivery.choices import GroupKind, GroupRole
from delivery.models import GroupSeat
from programmes.models import Consent, TargetPlace

WAYS = {
    "account": _("Somebody with an account here"),
    "community": _("One of the community, by name"),
    "agency": _("Somebody from an agency, without an account"),
    "unnamed": _("A resident whose name is not kept"),
}


class GroupForm(HouseForm):
    """Forms a group: the delivery group, or a working group for a target place."""

    name = forms.CharField(label=_("What is it called?"), max_length=150)
    target_place: Any = forms.ModelChoiceField(
        label=_("For which target place?"),
        queryset=TargetPlace.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the target place")},
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=_("A sentence or two that every member could read out."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    formed_on = GovDateField(label=_("When was it formed?"), max_value=clock.today)
    seats = forms.CharField(
        label=_("Who ought to be in it?"),
        help_text=_(
            "One seat on each line, whether somebody sits there yet or not. For example: police, "
            "council, housing provider, secondary school, residents of the place."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, kind: str, places: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["formed_on"].initial = clock.today
        fields["name"].initial = name
        if kind == GroupKind.DELIVERY:
            del fields["target_place"]
        else:
            fields["target_place"].queryset = places

    def clean_seats(self) -> list[str]:
        """Return the seats, one for each line."""
        lines = [line.strip() for line in self.cleaned_data["seats"].splitlines()]
        if any(len(line) > 150 for line in lines):
            raise forms.ValidationError(_("Each line must have 150 characters or fewer"))
        return [line for line in lines if line]


class GroupChangeForm(HouseForm):
    """Changes what a group is called and for, or keeps when it ended."""

    name = forms.CharField(label=_("What is it called?"), max_length=150)
    purpose = forms.CharField(
        label=_("What is it for?"),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=1000,
        required=False,
    )
    formed_on = GovDateField(label=_("When was it formed?"), max_value=clock.today)
    ended_on = GovDateField(
        label=_("When did it end?"),
        help_text=_("Leave empty while it works."),
        max_value=clock.today,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Check that it does not end before it was formed."""
        data = super().clean() or self.cleaned_data
        formed, ended = data.get("formed_on"), data.get("ended_on")
        if formed and ended and ended < formed:
            self.add_error("ended_on", _("The end must be on or after the day it was formed"))
        return data


class SeatForm(HouseForm):
    """Says who ought to be in a group."""

    label = forms.CharField(
        label=_("Who ought to be there?"),
        help_text=_("A part of an agency or of the community, never a person’s name."),
        max_length=150,
    )
    agency: Any = forms.ModelChoiceField(
        label=_("Of which agency?"),
        help_text=_("Leave open for the community, or an agency that is not known here."),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("None, or not known here"),
    )
    why = forms.CharField(
        label=_("Why?"), widget=CountTextarea(attrs={"rows": 3}), max_length=500, required=False
    )
    asked_on = GovDateField(
        label=_("When were they last asked?"),
        help_text=_("Leave empty if nobody has asked them yet."),
        max_value=clock.today,
        required=False,
    )
    is_needed = forms.BooleanField(
        label=_("The seat is needed"),
        help_text=_("Take the tick away if nobody need sit there any more."),
        required=False,
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["agency"].queryset = agencies
        if "version" not in fields:
            del fields["is_needed"]


class _PersonField(forms.ModelChoiceField):
    """Somebody with their agency, so that two of one name are told apart."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "Name, agency"."""
        return f"{obj}, {obj.agency}" if obj.agency else str(obj)


class _ConsentField(forms.ModelChoiceField):
    """One of the community who agreed."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name alone; the purpose is the same for all."""
        return str(obj.name)


class MemberForm(HouseForm):
    """Lets somebody join a group; ``way`` says how they are known (``WAYS``)."""

    user: Any = _PersonField(
        label=_("Who?"),
        help_text=_("People with a role here. A manager gives a role under People and roles."),
        queryset=User.objects.none(),
        empty_label=_("Choose somebody"),
    )
    consent: Any = _ConsentField(
        label=_("Who?"),
        help_text=_("People who agreed to take part in a group, with their name known to it."),
        queryset=Consent.objects.none(),
        empty_label=_("Choose somebody"),
    )
    agency: Any = forms.ModelChoiceField(
        label=_("For which agency do they come?"),
        queryset=Agency.objects.none(),
        empty_label=_("Choose an agency"),
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("Leave it empty until it is known who comes."),
        max_length=150,
        required=False,
    )
    contact = forms.CharField(label=_("How to reach them at work"), max_length=200, required=False)
    seat: Any = forms.ModelChoiceField(
        label=_("On which seat?"),
        queryset=GroupSeat.objects.none(),
        required=False,
        empty_label=_("None of them"),
    )
    role = forms.ChoiceField(
        label=_("What do they do there?"),
        choices=GroupRole.choices,
        widget=forms.RadioSelect,
        initial=GroupRole.MEMBER,
    )
    joined_on = GovDateField(label=_("Since when?"), max_value=clock.today)

    NEEDED = {
        "account": {"user"},
        "community": {"consent"},
        "agency": {"agency", "name", "contact"},
        "unnamed": set(),
    }

    def __init__(
        self,
        *args: Any,
        way: str,
        people: Any,
        consents: Any,
        agencies: Any,
        seats: Any,
        seat: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["user"].queryset, fields["consent"].queryset = people, consents
        fields["agency"].queryset, fields["seat"].queryset = agencies, seats
        fields["seat"].initial = seat
        fields["joined_on"].initial = clock.today
        for name in {"user", "consent", "agency", "name", "contact"} - self.NEEDED[way]:
            del fields[name]


class MemberChangeForm(HouseForm):
    """Changes what a member does in the group."""

    role = forms.ChoiceField(
        label=_("What do they do there?"), choices=GroupRole.choices, widget=forms.RadioSelect
    )
    seat: Any = forms.ModelChoiceField(
        label=_("On which seat?"),
        queryset=GroupSeat.objects.none(),
        required=False,
        empty_label=_("None of them"),
    )

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat: Any = self.fields["seat"]
        seat.queryset = seats


class MemberEndForm(HouseForm):
    """Keeps the last day of a membership."""

    left_on = GovDateField(
        label=_("Last day in the group"),
        help_text=_("Their seat is vacant from the next day on."),
        max_value=clock.today,
    )

    def __init__(self, *args: Any, joined_on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.joined_on = joined_on
        self.fields["left_on"].initial = clock.today

    def clean_left_on(self) -> dt.date:
        """Check that they had joined."""
        date: dt.date = self.cleaned_data["left_on"]
        if date < self.joined_on:
            raise forms.ValidationError(_("The last day must be on or after the day they joined"))
        return date
