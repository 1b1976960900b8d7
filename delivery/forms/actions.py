"""Forms about actions: asked, changed, handed over, answered by whoever is to do them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core import clock
from core.forms import (
    CountTextarea,
    GovDateField,
    HouseFileField,
    HouseForm,
    MarkedForm,
)
from delivery.choices import ActionState
from delivery.models import Action
from programmes.models import EvidenceWanted, StepRecord, TargetPlace

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MAX_PHOTO_BYTES = 20_000_000


class PersonField(forms.ModelChoiceField):
    """Somebody with a role at the location, shown with their agency."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and agency."""
        return f"{obj.name}, {obj.agency}" if obj.agency_id else str(obj.name)


class PeopleField(forms.ModelMultipleChoiceField):
    """Several of them."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and agency."""
        return f"{obj.name}, {obj.agency}" if obj.agency_id else str(obj.name)


class StepField(forms.ModelChoiceField):
    """A step of the location by number and name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return "3. Name"."""
        return f"{obj.definition.number}. {obj.definition.name}"


class PhotoField(HouseFileField):
    """A photo; a phone's own format is refused with the way out."""

    default_error_messages = {
        "heic": _(
            "%(name)s is in Apple’s own format (HEIC). Choose the photo from your library, which "
            "sends it as JPEG, or set the camera to “Most compatible”. What you wrote is kept"
        ),
        "too_large": _(
            "The photo must be %(limit)s or smaller; %(name)s is %(size)s. Send a smaller one. "
            "What you wrote is kept"
        ),
        "ending": _("The photo must be one of %(wanted)s; %(name)s is not. What you wrote is kept"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accept=PHOTO_ENDINGS, max_bytes=MAX_PHOTO_BYTES, **kwargs)

    def to_python(self, data: Any) -> Any:
        """Say what to do about HEIC before anything else."""
        name = getattr(data, "name", "") or ""
        if name.lower().endswith((".heic", ".heif")):
            raise ValidationError(self.error_messages["heic"], code="heic", params={"name": name})
        return super().to_python(data)


def _text(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=CountTextarea(attrs={"rows": rows}),
        max_length=2000,
        required=required,
    )


class ActionForm(MarkedForm, HouseForm):
    """What is to be done, by whom, by when; ``action`` given: an action that is changed."""

    title = forms.CharField(
        label=_("What is to be done?"),
        help_text=_("One thing that somebody can say “done” to."),
        max_length=200,
    )
    owner = PersonField(
        label=_("Who is asked?"),
        help_text=_("One person answers for it. They get a mail with a link to answer."),
        queryset=None,
        empty_label=_("Choose a person"),
    )
    due_on = GovDateField(label=_("By when?"))
    details = _text(
        _("Details"),
        required=False,
        help_text=_("What they need to know. Do not name residents."),
    )
    target_place: forms.ModelChoiceField[TargetPlace] = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=None,
        required=False,
        empty_label=_("The whole location"),
        to_field_name="slug",
    )
    step = StepField(
        label=_("Step"),
        help_text=_("The finished action can then become evidence on it."),
        queryset=None,
        required=False,
        empty_label=_("None yet"),
    )
    helpers = PeopleField(
        label=_("Who helps?"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = [
        "title",
        "owner",
        "due_on",
        "details",
        "target_place",
        "step",
        "helpers",
        "marking",
        "handling",
    ]

    def __init__(
        self,
        *args: Any,
        location: Any,
        people: Any,
        action: Action | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, version=action.version if action else None, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people
        fields["helpers"].queryset = people
        fields["target_place"].queryset = TargetPlace.objects.filter(location=location)
        fields["step"].queryset = steps_of(location)
        if action is None:
            return
        del fields["owner"]
        fields["helpers"].queryset = people.exclude(pk=action.owner_id)
        fields["helpers"].initial = list(action.helpers.values_list("pk", flat=True))
        for name in ("title", "due_on", "details", "step", "marking", "handling"):
            fields[name].initial = getattr(action, name)
        fields["target_place"].initial = action.target_place.slug if action.target_place else None

    def clean(self) -> dict[str, Any]:
        """Check that a new date does not lie in the past."""
        data = super().clean() or self.cleaned_data
        due, before = data.get("due_on"), self.fields["due_on"].initial
        if due is not None and due != before and due < clock.today():
            self.add_error("due_on", _("The date must be today or later"))
        return data


def steps_of(location: Any) -> Any:
    """Return the steps of a location in their order."""
    return (
        StepRecord.objects.filter(location=location)
        .select_related("definition")
        .order_by("definition__number")
    )


class HandOverForm(HouseForm):
    """Who does it instead."""

    creates = False
    owner = PersonField(
        label=_("Who is to do it?"), queryset=None, empty_label=_("Choose a person")
    )
    why = _text(_("Message"), required=False, help_text=_("It stands in the mail to them."))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = people


class ReasonForm(HouseForm):
    """Why."""

    creates = False
    reason = _text(_("Why?"))


class AnswerForm(HouseForm):
    """Whether a proposed date is agreed."""

    creates = False
    accept = forms.ChoiceField(choices=[("yes", _("Agree")), ("no", _("Decline"))])


class EvidenceForm(HouseForm):
    """For which step a finished action is evidence, and which kind of what the step asks for."""

    creates = False
    step = StepField(label=_("Step"), queryset=None, empty_label=_("Choose a step"))
    wanted = forms.ChoiceField(
        label=_("What does it show?"),
        help_text=_("A kind that the step asks for is then in place."),
        required=False,
    )
    out_of_order_reason = _text(
        _("Why out of order?"),
        required=False,
        help_text=_("Only needed where earlier steps are not signed off yet."),
    )

    def __init__(self, *args: Any, location: Any, step: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        steps = steps_of(location)
        fields["step"].queryset, fields["step"].initial = steps, step
        kinds = EvidenceWanted.objects.filter(step__in=steps.order_by().values("definition"))
        rows = kinds.select_related("step").order_by("step__number", "order")
        self.kinds = {str(kind.pk): kind for kind in rows}
        grouped: dict[str, list[tuple[str, str]]] = {}
        for key, kind in self.kinds.items():
            grouped.setdefault(str(kind.step), []).append((key, kind.label))
        fields["wanted"].choices = [("", _("Something else worth keeping")), *grouped.items()]

    def clean(self) -> dict[str, Any]:
        """Take the kind itself; it has to be one that the chosen step asks for."""
        data = super().clean() or self.cleaned_data
        step, kind = data.get("step"), self.kinds.get(data.get("wanted", ""))
        data["wanted"] = kind
        if step is not None and kind is not None and kind.step_id != step.definition_id:
            self.add_error(
                "wanted",
                _("Step %(step)d does not ask for this. It is asked for on step %(other)d")
                % {"step": step.definition.number, "other": kind.step.number},
            )
        return data


class CommentForm(HouseForm):
    """Something to say."""

    text = _text(_("Your comment"), rows=2)


class ProposeForm(HouseForm):
    """Another date."""

    creates = False
    due_on = GovDateField(label=_("Which date instead?"), min_value=clock.today)
    why = _text(_("Why?"), required=False, rows=2)


class PassOnForm(HouseForm):
    """To whom of one's own agency, with a message."""

    creates = False
    to = PersonField(
        label=_("To whom of your agency?"), queryset=None, empty_label=_("Choose a person")
    )
    why = _text(_("Message to them"), required=False, rows=2)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people


class SuggestForm(HouseForm):
    """Somebody else, in words."""

    words = _text(
        _("Who should do it instead?"),
        rows=2,
        help_text=_("In your own words. Whoever asked you reads it and sees to it."),
    )


class BlockForm(HouseForm):
    """What blocks it."""

    creates = False
    reason = _text(_("What blocks it?"), rows=2)


class FinishForm(HouseForm):
    """What was done, in words, with a photo, or both; ``asks_day`` for those who enter it later."""

    creates = False
    note = _text(
        _("What was done?"),
        required=False,
        rows=3,
        help_text=_("One sentence is enough; a photo alone, too. Do not name residents."),
    )
    photo = PhotoField(
        label=_("Photo"),
        help_text=_("No faces or number plates. Its place data are removed."),
        required=False,
    )
    closed_on = GovDateField(label=_("Date it was done"), max_value=clock.today)

    def __init__(self, *args: Any, asks_day: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_day:
            self.fields["closed_on"].initial = clock.today
        else:
            del self.fields["closed_on"]

    def clean(self) -> dict[str, Any]:
        """Ask for words or a photo, without hiding what is wrong with the photo."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("note", "").strip() or data.get("photo")):
            self.add_error("note", _("Say what was done, or add a photo of it"))
        return data


class ActionFilter(HouseForm):
    """Which actions of a location to show."""

    creates = False
    show_optional = False

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open")),
            ("late", _("Overdue")),
            ("blocked", ActionState.BLOCKED.label),
            ("proposed", _("Other date proposed")),
            ("asked", _("Not accepted yet")),
            ("done", ActionState.DONE.label),
            ("dropped", ActionState.DROPPED.label),
            ("all", _("All")),
        ],
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("Anybody’s")), ("mine", _("Mine"))]
    )
    agency: forms.ModelChoiceField[Agency] = forms.ModelChoiceField(
        label=_("Agency"), queryset=None, required=False, empty_label=_("Any")
    )
    place: forms.ModelChoiceField[TargetPlace] = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=None,
        required=False,
        empty_label=_("Any"),
        to_field_name="slug",
    )

    def __init__(self, *args: Any, location: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = agencies
        fields["place"].queryset = TargetPlace.objects.filter(location=location)

    def narrow(self, rows: Any, user: Any) -> Any:
        """Return the rows that are looked for; the open ones where the form says nothing."""
        if not self.is_bound or not self.is_valid():
            return rows.open()
        data, today = self.cleaned_data, clock.today()
        state = data["state"]
        if state == "late":
            rows = rows.late(today)
        elif state == "proposed":
            rows = rows.open().filter(proposed_due_on__isnull=False)
        elif state in ActionState.values:
            rows = rows.filter(state=state)
        elif state != "all":
            rows = rows.open()
        if data["whose"] == "mine":
            rows = rows.of(user)
        if data["agency"]:
            rows = rows.filter(owner__agency=data["agency"])
        if data["place"]:
            rows = rows.filter(target_place=data["place"])
        return rows


class NoticeForm(HouseForm):
    """Whether the weekly mail comes."""

    creates = False
    weekly_digest = forms.BooleanField(
        label=_("Send me the weekly mail"),
        help_text=_("On Mondays: what you owe, your meetings, what happened."),
        required=False,
    )
