"""Forms: data asked for, its answer, a gap made somebody's, a package used at a meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.forms import CountTextarea, GovDateField, HouseForm, MonthField
from core.screen import day
from delivery.forms.actions import PersonField
from delivery.models import Meeting
from incidents.choices import RequestState
from incidents.models import Feed
from programmes.models import SharingAgreement


class RequestForm(HouseForm):
    """What is asked of which agency, for which months, by when."""

    agency: forms.ModelChoiceField[Agency] = forms.ModelChoiceField(
        label=_("Which agency is asked?"), queryset=None, empty_label=_("Choose an agency")
    )
    wanted = forms.CharField(
        label=_("What is asked for?"),
        help_text=_("For example “noise complaints with date, time and place, without names”."),
        max_length=200,
    )
    feed: forms.ModelChoiceField[Feed] = forms.ModelChoiceField(
        label=_("Which feed will bring it?"),
        help_text=_("Then what came is counted by itself, month by month."),
        queryset=None,
        required=False,
        empty_label=_("None yet"),
    )
    agreement: forms.ModelChoiceField[SharingAgreement] = forms.ModelChoiceField(
        label=_("Under which sharing agreement?"),
        queryset=None,
        required=False,
        empty_label=_("None: by law or as open data"),
    )
    first_month = MonthField(label=_("From"))
    last_month = MonthField(label=_("To"))
    asked_on = GovDateField(label=_("Asked on"))
    due_on = GovDateField(
        label=_("By when?"),
        help_text=_("The regulations of 2007 give an agency until the end of the next quarter."),
    )

    def __init__(self, *args: Any, programme: Any, feeds: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = Agency.objects.order_by("name")
        fields["feed"].queryset = feeds
        fields["agreement"].queryset = SharingAgreement.objects.filter(programme=programme)
        fields["asked_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Check that months and days are in order."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_month"), data.get("last_month")
        if first and last and first > last:
            self.add_error("last_month", _("The last month must not come before the first"))
        asked, due = data.get("asked_on"), data.get("due_on")
        if asked and due and due < asked:
            self.add_error("due_on", _("It cannot be due before it was asked for"))
        return data


class RequestAnswerForm(HouseForm):
    """What became of a request."""

    state = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (state.value, state.label) for state in RequestState if state != RequestState.ASKED
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("What did the agency answer?"),
        help_text=_("Needed for a refusal. Do not name residents."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("state") == RequestState.REFUSED and not data.get("answer", "").strip():
            self.add_error("answer", _("Say why the agency refused"))
        return data


class GapForm(HouseForm):
    """Who sees to a gap, and by when."""

    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    owner = PersonField(
        label=_("Who is asked?"),
        help_text=_("One person answers for it. They get a mail with a link to answer."),
        queryset=None,
        empty_label=_("Choose a person"),
    )
    due_on = GovDateField(label=_("By when?"))
    details = forms.CharField(
        label=_("Details"),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, people: Any, title: str, details: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people
        fields["title"].initial = title
        fields["details"].initial = details


class MeetingField(forms.ModelChoiceField):
    """A meeting by its title and day."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "Delivery group, 12 March 2024"."""
        return f"{obj.title}, {day(obj.held_on)}"


class UseForm(HouseForm):
    """At which meeting a package was used, and what for."""

    meeting = MeetingField(
        label=_("Which meeting used it?"), queryset=None, empty_label=_("Choose a meeting")
    )
    used_for = forms.CharField(
        label=_("What was it used for?"),
        help_text=_("What was decided is read from the meeting’s own decisions."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, location: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.queryset = Meeting.objects.filter(location=location).order_by("-held_on")
