"""The form of a training session: the course, and how many of each agency came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core import clock
from core.forms import CountTextarea, GovDateField, HouseForm
from delivery.models import DeliveryGroup, GroupMember, TrainingCourse
from delivery.selectors.groups import MemberLine
from delivery.services.training import MOST, Heads

COMMUNITY = "community"
MOST_ROWS = 20


class _CourseField(forms.ModelChoiceField):
    """A course with whom it is for."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "Course (level)"."""
        return f"{obj.name} ({obj.level})" if obj.level else str(obj.name)


class _MembersField(forms.ModelMultipleChoiceField):
    """Members of groups, under the words by which the reader may know them."""

    words: dict[Any, str]

    def label_from_instance(self, obj: Any) -> str:
        """Return what the reader may be shown."""
        return self.words.get(obj.pk, "")


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "3", "inputmode": "numeric"}),
    )


class TrainingForm(HouseForm):
    """A session with who came: a number for each agency here, rows for others, ticks by name."""

    course: Any = _CourseField(
        label=_("Which course?"),
        queryset=TrainingCourse.objects.all(),
        empty_label=_("Choose a course"),
    )
    held_on = GovDateField(label=_("When was it held?"), max_value=clock.today)
    where = forms.CharField(label=_("Where?"), max_length=200, required=False)
    trainer = forms.CharField(
        label=_("Who trained?"),
        help_text=_("The trainer’s name, or the body they come from."),
        max_length=150,
        required=False,
    )
    group: Any = forms.ModelChoiceField(
        label=_("For which group?"),
        queryset=DeliveryGroup.objects.none(),
        required=False,
        empty_label=_("No group in particular"),
    )
    members: Any = _MembersField(
        label=_("Who of the groups was there?"),
        help_text=_("They count among the numbers above."),
        queryset=GroupMember.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "1"}),
        required=False,
    )
    notes = forms.CharField(
        label=_("What is worth keeping?"),
        help_text=_("What worked, what people asked. No names of residents."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        agencies: Sequence[Agency],
        all_agencies: Sequence[Agency],
        groups: Any,
        members: Any,
        lines: Sequence[MemberLine],
        counted: dict[Any, int] | None = None,
        rows: int | None = None,
        hides_trainer: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.agencies = list(agencies)
        self.by_id = {str(agency.pk): agency for agency in all_agencies}
        fields["held_on"].initial = fields["held_on"].initial or clock.today
        fields["group"].queryset = groups
        fields["members"].queryset = members
        fields["members"].words = {line.id: _words(line) for line in lines}
        counted = counted or {}
        for agency in self.agencies:
            fields[f"heads_{agency.pk}"] = _number(agency.name)
            fields[f"heads_{agency.pk}"].initial = counted.get(agency.pk)
        fields[f"heads_{COMMUNITY}"] = _number(_("The community"))
        fields[f"heads_{COMMUNITY}"].initial = counted.get(None)
        self.row_count = min(rows, MOST_ROWS) if rows is not None else self.rows_sent()
        others = [a for a in all_agencies if a.pk not in {one.pk for one in self.agencies}]
        choices = [("", _("Choose an agency")), *((str(a.pk), a.name) for a in others)]
        for number in range(self.row_count):
            fields[f"other_{number}"] = forms.ChoiceField(
                label=_("Another agency"), choices=choices, required=False
            )
            fields[f"people_{number}"] = _number(_("People from this agency"))
        if not lines:
            del fields["members"]
        if hides_trainer:  # no agreement opens the name: it stays as it is
            del fields["trainer"]

    def rows_sent(self) -> int:
        """Return how many rows for other agencies the form came with."""
        if not self.is_bound:
            return 1
        text = str(self.data.get("rows", "1"))
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
        return min(number, MOST_ROWS)

    def as_typed(self) -> dict[str, Any]:
        """Return what was typed, unchecked, to show it again."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }

    @property
    def head_fields(self) -> list[Any]:
        """The number boxes, agency by agency."""
        return [self[f"heads_{a.pk}"] for a in self.agencies] + [self[f"heads_{COMMUNITY}"]]

    @property
    def other_fields(self) -> list[tuple[Any, Any]]:
        """The rows for other agencies: which, and how many."""
        return [
            (self[f"other_{number}"], self[f"people_{number}"]) for number in range(self.row_count)
        ]

    def clean(self) -> dict[str, Any]:
        """Gather the numbers into heads; a number needs its agency, an agency its number."""
        data = super().clean() or self.cleaned_data
        heads = [
            Heads(agency, data.pop(f"heads_{agency.pk}", None) or 0) for agency in self.agencies
        ]
        heads.append(Heads(None, data.pop(f"heads_{COMMUNITY}", None) or 0))
        for number in range(self.row_count):
            agency = self.by_id.get(data.pop(f"other_{number}", "") or "")
            people = data.pop(f"people_{number}", None) or 0
            if people and agency is None:
                self.add_error(f"other_{number}", _("Choose the agency these people come from"))
            elif agency is not None and not people and f"people_{number}" not in self.errors:
                self.add_error(f"people_{number}", _("Enter how many people came from there"))
            elif agency is not None and people:
                heads.append(Heads(agency, people))
        data["heads"] = [one for one in heads if one.people]
        data["members"] = list(data.get("members") or [])
        if not self.errors and not data["heads"] and not data["members"]:
            raise forms.ValidationError(_("Enter how many people came from at least one agency"))
        return data


def _words(line: MemberLine) -> str:
    if line.is_named:
        return f"{line.name}, {line.agency_name}" if line.agency_name else line.name
    return f"{line.name} ({line.seat_label})" if line.seat_label else line.name
