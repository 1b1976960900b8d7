"""Forms of meetings: planning, asking people, the three short forms of the capture, closing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core import clock
from core.forms import CountTextarea, GovDateField, HintedRadios, HouseForm
from delivery.choices import Attended
from delivery.meeting_templates import TEMPLATES
from delivery.models import Concern, Decision, DeliveryGroup, Issue, MeetingAttendance
from delivery.selectors.meeting_choices import Choices
from delivery.selectors.meeting_people import Invitee

LONG = 2000
# Checked without a counter below the box: these boxes are many on one page.
NOT_TOO_LONG = [MaxLengthValidator(LONG)]
TIMES = ("%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M%p", "%I%p", "%I:%M %p", "%I %p")


class TimeOfDayField(forms.TimeField):
    """A time as people type it: 10:00, 14.30, 2pm."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=TIMES,
            widget=forms.TimeInput(format="%H:%M", attrs={"data-width": "5", "type": "text"}),
            error_messages={"invalid": _("Enter a time, like 10:00 or 2pm")},
            **kwargs,
        )


class KindForm(HouseForm):
    """Which kind of meeting is planned."""

    creates = False
    kind = forms.ChoiceField(
        label=_("What kind of meeting?"),
        choices=[(kind.value, template.title) for kind, template in TEMPLATES.items()],
        widget=HintedRadios(
            hints={kind.value: template.purpose for kind, template in TEMPLATES.items()}
        ),
        error_messages={"required": _("Choose a kind of meeting")},
    )


class MeetingForm(HouseForm):
    """When, where and about what; ``people`` only while it is planned first."""

    show_optional = False

    title = forms.CharField(label=_("Title"), max_length=200)
    held_on = GovDateField(label=_("Day"))
    starts_at = TimeOfDayField(
        label=_("Starts at"), help_text=_("Like 10:00 or 2pm."), required=False
    )
    ends_at = TimeOfDayField(label=_("Ends at"), required=False)
    where = forms.CharField(
        label=_("Where"),
        help_text=_("A room and its address, or a link to join."),
        max_length=200,
        required=False,
    )
    group: Any = forms.ModelChoiceField(
        label=_("Of which group?"),
        queryset=DeliveryGroup.objects.none(),
        required=False,
        empty_label=_("Of no group"),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        help_text=_("One point a line. They are numbered by themselves."),
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=NOT_TOO_LONG,
        required=False,
    )
    people = forms.MultipleChoiceField(
        label=_("Who is asked to come?"),
        help_text=_("Nobody is mailed yet: you send the invitations from the meeting’s page."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, *args: Any, groups: Any, people: Choices | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["group"].queryset = groups
        self.offered = people
        if people is None or not people.options:
            del fields["people"]
        else:
            fields["people"].choices = people.options

    def clean_people(self) -> list[Invitee]:
        """Return whom the ticks stand for."""
        assert self.offered is not None
        return [self.offered.found[key] for key in self.cleaned_data["people"]]

    def clean(self) -> dict[str, Any]:
        """Check the order of the times."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_at"), data.get("ends_at")
        if end and not start and "starts_at" not in self.errors:
            self.add_error("starts_at", _("Enter when it starts, too"))
        elif start and end and end <= start:
            self.add_error("ends_at", _("The meeting must end after it starts"))
        return data


class SummaryForm(HouseForm):
    """The meeting in a few sentences, for the minutes."""

    summary = forms.CharField(
        label=_("Summary and other business"),
        help_text=_("For the minutes. Issues, decisions and actions are in them by themselves."),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=LONG,
        required=False,
    )


class CancelForm(HouseForm):
    """Why a meeting does not take place."""

    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("Everybody who was mailed reads this."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=500,
    )


class InviteForm(HouseForm):
    """More people to ask: those here, and somebody else in words."""

    show_optional = False
    creates = False
    people = forms.MultipleChoiceField(
        label=_("Who else is asked?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    name = forms.CharField(
        label=_("Somebody else"),
        help_text=_("By role, for example: Ward councillor. They get no mail from here."),
        max_length=150,
        required=False,
    )
    agency: Any = forms.ModelChoiceField(
        label=_("For which agency?"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("The community"),
    )

    def __init__(self, *args: Any, people: Choices, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.offered = people
        fields["agency"].queryset = agencies
        fields["people"].choices = people.options
        if not people.options:
            del fields["people"]

    def invited(self) -> list[Invitee]:
        """Return whom the form names."""
        found = [self.offered.found[key] for key in self.cleaned_data.get("people", ())]
        if self.cleaned_data["name"].strip():
            found.append(
                Invitee(name=self.cleaned_data["name"], agency=self.cleaned_data["agency"])
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for somebody."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("people") and not data.get("name", "").strip():
            self.add_error("name", _("Tick somebody, or say who else is asked"))
        return data


class CaptureIssueForm(HouseForm):
    """Something raised."""

    show_optional = False

    text = forms.CharField(
        label=_("What was raised?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=NOT_TOO_LONG,
        required=False,
    )
    concern: Any = forms.ModelChoiceField(
        label=_("From a resident’s concern?"),
        queryset=Concern.objects.none(),
        required=False,
        empty_label=_("No"),
    )

    def __init__(self, *args: Any, concerns: Sequence[Concern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["concern"]
        if not concerns:
            del self.fields["concern"]
            return
        field.queryset = Concern.objects.filter(pk__in=[one.pk for one in concerns])
        field.label_from_instance = _concern_label

    def clean(self) -> dict[str, Any]:
        """Ask for words, unless a published concern brings its own."""
        data = super().clean() or self.cleaned_data
        concern = data.get("concern")
        words = data.get("text") or (concern.public_text if concern else "")
        if not words and "text" not in self.errors:
            self.add_error("text", _("Say what was raised"))
        return data


class CaptureDecisionForm(HouseForm):
    """Something decided at the meeting."""

    show_optional = False

    text = forms.CharField(
        label=_("What was decided?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=NOT_TOO_LONG,
        error_messages={"required": _("Say what was decided")},
    )
    issue: Any = forms.ModelChoiceField(
        label=_("On which issue?"),
        queryset=Issue.objects.none(),
        required=False,
        empty_label=_("On none in particular"),
    )

    def __init__(self, *args: Any, issues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["issue"]
        field.queryset = issues
        field.label_from_instance = _short


class CaptureActionForm(HouseForm):
    """An action: what, who, by when."""

    show_optional = False

    title = forms.CharField(
        label=_("What is to be done?"),
        max_length=200,
        error_messages={"required": _("Say what is to be done")},
    )
    owner: Any = forms.ModelChoiceField(
        label=_("Who does it?"),
        queryset=None,
        empty_label=_("Choose one person"),
        error_messages={"required": _("Choose who does it")},
    )
    due_on = GovDateField(label=_("By when?"), min_value=clock.today)
    decision: Any = forms.ModelChoiceField(
        label=_("From which decision?"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_("From none in particular"),
    )

    def __init__(self, *args: Any, owners: Any, decisions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].queryset = owners
        fields["owner"].label_from_instance = _person
        fields["decision"].queryset = decisions
        fields["decision"].label_from_instance = _short


class PresentForm(HouseForm):
    """Somebody who is there and was not on the list."""

    show_optional = False

    person = forms.ChoiceField(label=_("Who else is here?"), required=False)
    name = forms.CharField(
        label=_("Or somebody else"),
        help_text=_("By role, for example: Ward councillor."),
        max_length=150,
        required=False,
    )
    agency: Any = forms.ModelChoiceField(
        label=_("For which agency?"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("The community"),
    )

    def __init__(self, *args: Any, people: Choices, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.offered = people
        fields["agency"].queryset = agencies
        fields["person"].choices = [("", _("Nobody of these")), *people.options]

    def clean(self) -> dict[str, Any]:
        """Ask for one or the other."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("person") and not data.get("name", "").strip():
            self.add_error("person", _("Choose somebody, or say who it is"))
        return data

    def invitee(self) -> Invitee:
        """Return who that is."""
        if self.cleaned_data["person"]:
            return self.offered.found[self.cleaned_data["person"]]
        return Invitee(name=self.cleaned_data["name"], agency=self.cleaned_data["agency"])


class MarkForm(HouseForm):
    """Whether somebody on the list is there: a button."""

    creates = False
    attendance: Any = forms.ModelChoiceField(queryset=MeetingAttendance.objects.none())
    state = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Attended.PRESENT, Attended.APOLOGIES)]
        + [(Attended.ABSENT.value, Attended.ABSENT.label)]
    )

    def __init__(self, *args: Any, attendance: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["attendance"]
        field.queryset = attendance


class EntryForm(HouseForm):
    """Corrects an issue."""

    text = forms.CharField(
        label=_("What was raised?"), widget=CountTextarea(attrs={"rows": 5}), max_length=LONG
    )


class DecisionEntryForm(HouseForm):
    """Records a decision outside a meeting, or corrects one."""

    text = forms.CharField(
        label=_("What was decided?"), widget=CountTextarea(attrs={"rows": 5}), max_length=LONG
    )
    decided_on = GovDateField(label=_("Decided on"), max_value=clock.today)


class DecisionFilter(HouseForm):
    """Narrows the register."""

    creates = False
    show_optional = False
    words = forms.CharField(label=_("Words in it"), max_length=100, required=False)
    since = GovDateField(label=_("From"), required=False)
    until = GovDateField(label=_("Until"), required=False)

    def wanted(self) -> dict[str, Any]:
        """Return what is looked for; nothing where the form is not filled in rightly."""
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {"words": data["words"], "first": data["since"], "last": data["until"]}


def _short(row: Any) -> str:
    return row.text if len(row.text) <= 70 else f"{row.text[:69]}…"


def _concern_label(row: Concern) -> str:
    words = row.public_text or row.text
    short = words if len(words) <= 70 else f"{words[:69]}…"
    return f"{row.get_kind_display()}: {short}"


def _person(row: Any) -> str:
    return f"{row} ({row.agency})" if row.agency else str(row)
