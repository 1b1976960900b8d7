"""The log's forms: one page for a thumb, and the filter of the timeline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import CountTextarea, GovDateField, HouseFileField, HouseForm, MarkedForm
from delivery.choices import LogKind
from programmes.models import StepRecord, TargetPlace

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")
MAX_PHOTO_BYTES = 25_000_000


class _StepField(forms.ModelChoiceField):
    """A step by its number and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "Step 4: Deliver training"."""
        return str(
            _("Step %(number)d: %(name)s")
            % {"number": obj.definition.number, "name": obj.definition.name}
        )


class LogForm(MarkedForm, HouseForm):
    """What somebody did, noted in a minute: kind, what happened, place, people, day, photo."""

    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=LogKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it was")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("A line or two. No names of residents."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
    )
    target_place: Any = forms.ModelChoiceField(
        label=_("At which target place?"),
        queryset=TargetPlace.objects.none(),
        required=False,
        empty_label=_("Elsewhere, or all of the town"),
    )
    where = forms.CharField(
        label=_("Where exactly?"),
        help_text=_("A street, a hall, a school. No home address."),
        max_length=150,
        required=False,
    )
    people = forms.IntegerField(
        label=_("How many people did you meet?"),
        min_value=0,
        max_value=5000,
        required=False,
        widget=forms.TextInput(attrs={"data-width": "4", "inputmode": "numeric"}),
    )
    done_on = GovDateField(label=_("When?"), max_value=clock.today)
    photo = HouseFileField(
        label=_("Photo"),
        help_text=_("Show the place, and nobody who did not agree."),
        accept=PHOTO_ENDINGS,
        max_bytes=MAX_PHOTO_BYTES,
        required=False,
    )
    remove_photo = forms.BooleanField(label=_("Remove the photo"), required=False)
    step: Any = _StepField(
        label=_("Does it belong to a step?"),
        queryset=StepRecord.objects.none(),
        required=False,
        empty_label=_("No step in particular"),
    )
    field_order = [
        "kind",
        "text",
        "target_place",
        "where",
        "people",
        "done_on",
        "photo",
        "remove_photo",
        "step",
        "marking",
        "handling",
    ]
    MORE = ("step", "marking", "handling")

    def __init__(
        self, *args: Any, places: Any, steps: Any, has_photo: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["target_place"].queryset, fields["step"].queryset = places, steps
        fields["done_on"].initial = clock.today
        if not has_photo:
            del fields["remove_photo"]

    @property
    def first_fields(self) -> list[Any]:
        """What is asked at once."""
        return [field for field in self.visible_fields() if field.name not in self.MORE]

    @property
    def more_fields(self) -> list[Any]:
        """What is asked behind "More"."""
        return [field for field in self.visible_fields() if field.name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether something is said, or wrong, behind "More"."""
        said = any(self.get_initial_for_field(self.fields[n], n) for n in ("step", "handling"))
        return said or any(name in self.errors for name in self.MORE)


class LogFilter(HouseForm):
    """Narrows the timeline; sent by GET."""

    creates = False
    show_optional = False

    kind = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("Anything")), *LogKind.choices]
    )
    place: Any = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=TargetPlace.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("Anywhere"),
    )
    since = GovDateField(label=_("From"), required=False)
    until = GovDateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.queryset = places

    def wanted(self) -> dict[str, Any]:
        """Return what to narrow by; nothing where the form is not filled in rightly."""
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "place": data["place"],
            "first": data["since"],
            "last": data["until"],
        }
