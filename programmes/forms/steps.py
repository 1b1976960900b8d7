"""Forms about a step: its plan, its start, its evidence, its sign-off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import (
    CountTextarea,
    GovDateField,
    HouseFileField,
    HouseForm,
    HouseModelForm,
    MarkedForm,
)
from programmes.models import StepRecord
from programmes.selectors.step_page import StepDetail

FILE_ENDINGS = (
    ".pdf",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".docx",
    ".odt",
    ".txt",
    ".xlsx",
    ".ods",
    ".csv",
)
MAX_FILE_BYTES = 20_000_000


def reason_field() -> forms.CharField:
    """Return the question why work goes ahead of earlier steps."""
    return forms.CharField(
        label=_("Why is this done out of order?"),
        help_text=_("The reason is kept and shown with the step."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why this is done before the earlier steps")},
    )


class StartForm(HouseForm):
    """On which day work on a step began."""

    creates = False
    started_on = GovDateField(label=_("Date work on this step began"), max_value=clock.today)

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].initial = clock.today
        if needs_reason:
            self.fields["out_of_order_reason"] = reason_field()


class PlanForm(MarkedForm, HouseModelForm):
    """The planned dates and the notes of a step."""

    planned_start = GovDateField(label=_("Planned start"))
    planned_end = GovDateField(label=_("Planned end"))

    class Meta:
        model = StepRecord
        fields = ["planned_start", "planned_end", "notes", "marking", "handling"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"notes": _("What the next person should know about this step.")}

    def clean(self) -> dict[str, Any]:
        """Check that the end does not lie before the start."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("planned_start"), data.get("planned_end")
        if start and end and end < start:
            self.add_error(
                "planned_end", _("The planned end must be on or after the planned start")
            )
        return data


class EvidenceForm(MarkedForm, HouseForm):
    """One piece of evidence: what it shows, when it was done, and a note, a link or a file."""

    wanted = forms.ChoiceField(
        label=_("What does it show?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the evidence shows")},
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Leave empty to use the words chosen above."),
        max_length=200,
        required=False,
    )
    done_on = GovDateField(label=_("Date it was done"), max_value=clock.today)
    note = forms.CharField(
        label=_("Note"),
        help_text=_(
            "What was done and found. Do not name residents or describe a person who can be "
            "recognised."
        ),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
    )
    link = forms.URLField(
        label=_("Link"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Enter a full address, like https://www.example.org/page")},
    )
    file = HouseFileField(
        label=_("File"),
        help_text=_("A photo, a document or a table, up to 20 MB. Photos lose their place data."),
        accept=FILE_ENDINGS,
        max_bytes=MAX_FILE_BYTES,
        required=False,
    )
    OTHER = "other"
    field_order = ["wanted", "title", "done_on", "note", "link", "file", "marking", "handling"]

    def __init__(self, *args: Any, detail: StepDetail, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = detail.facts.evidence
        wanted: Any = self.fields["wanted"]
        wanted.choices = [
            *((str(kind.id), kind.label) for kind in kinds),
            (self.OTHER, _("Something else")),
        ]
        # Only what was asked for is chosen beforehand: a guess would be stored by who overlooks it.
        wanted.initial = chosen if chosen in dict(wanted.choices) else ""
        self.labels = {str(kind.id): kind.label for kind in kinds}
        self.fields["done_on"].initial = clock.today
        if detail.needs_reason:
            self.fields["out_of_order_reason"] = reason_field()

    def clean(self) -> dict[str, Any]:
        """Check that there is a title and something that shows what was done."""
        data = super().clean() or self.cleaned_data
        chosen = data.get("wanted", "")
        if not data.get("title"):
            if chosen == self.OTHER:
                self.add_error("title", _("Enter a title for something else"))
            data["title"] = self.labels.get(chosen, "")[:200]
        if not any(data.get(name) for name in ("note", "link", "file")) and not (
            {"note", "link", "file"} & set(self.errors)
        ):
            self.add_error(
                "note", ValidationError(_("Add a note, a link or a file that shows what was done"))
            )
        return data

    @property
    def wanted_id(self) -> str | None:
        """The id of the kind of evidence, None for something else."""
        chosen: str = self.cleaned_data["wanted"]
        return None if chosen == self.OTHER else chosen


class WithdrawForm(HouseForm):
    """Why evidence is taken back."""

    creates = False
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_("The evidence stays on the record with your reason, but counts no more."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why the evidence is withdrawn")},
    )


class SignOffForm(HouseForm):
    """A named person's statement that a step is done."""

    statement = forms.CharField(
        label=_("Statement"),
        help_text=_("What you have seen and agreed, in a sentence or two."),
        widget=CountTextarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
    )


class ReopenForm(HouseForm):
    """Why a signed-off step is opened again."""

    creates = False
    reason = forms.CharField(
        label=_("Why is it opened again?"),
        help_text=_("The sign-off stays on the record with your reason."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Say why the step is opened again")},
    )
