"""Forms of those who read, moderate and answer what residents say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.forms import CountTextarea, GovDateField, HintedRadios, HouseForm
from delivery.choices import AnswerKind, Channel, ConcernKind, NotTaken
from delivery.models import Action, Answer, Concern, Decision, Priority, PublicPage
from delivery.selectors.actions import people_to_ask
from delivery.services.voice import USUAL_DAYS
from programmes.models import Location, TargetPlace


def _places(location: Location) -> Any:
    return TargetPlace.objects.filter(location=location).order_by("name")


class ConcernForm(HouseForm):
    """What somebody said, entered for them."""

    kind = forms.ChoiceField(
        label=_("What do they bring?"), choices=ConcernKind.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In their words"),
        help_text=_("Without their name or address. Only those who moderate read this."),
        max_length=2000,
        widget=CountTextarea(attrs={"rows": 5}),
    )
    target_place = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=TargetPlace.objects.none(),
        required=False,
        empty_label=_("Somewhere else"),
    )
    where = forms.CharField(label=_("The spot, in words"), max_length=200, required=False)
    channel = forms.ChoiceField(
        label=_("How did it reach you?"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.PUBLIC_PAGE],
        widget=forms.RadioSelect,
    )
    heard_on = GovDateField(label=_("Date you heard it"), max_value=clock.today)

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["target_place"]
        place.queryset = _places(location)
        self.fields["heard_on"].initial = clock.today


class ModerateForm(HouseForm):
    """What a concern is, where, what residents read of it, and by when they get an answer."""

    creates = False
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=ConcernKind.choices, widget=forms.RadioSelect
    )
    target_place = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=TargetPlace.objects.none(),
        required=False,
        empty_label=_("Somewhere else"),
    )
    public_text = forms.CharField(
        label=_("What residents may read of it"),
        help_text=_(
            "Write it again without names, house numbers, or anything by which somebody could be "
            "recognised. What they wrote stays as it is, for those who moderate alone."
        ),
        max_length=1000,
        required=False,
        widget=CountTextarea(attrs={"rows": 4}),
    )
    publish = forms.TypedChoiceField(
        label=_("Show it on the public page?"),
        choices=[("yes", _("Yes, in these words")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer_by = GovDateField(
        label=_("Answer promised by"),
        help_text=_("Whoever has the reference reads this date."),
        required=False,
    )

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, version=concern.version, **kwargs)
        place: Any = self.fields["target_place"]
        place.queryset = _places(concern.location)
        self.initial = {
            "kind": concern.kind,
            "target_place": concern.target_place_id,
            "public_text": concern.public_text,
            "publish": "yes" if concern.published_on else ("no" if concern.read_on else ""),
            "answer_by": concern.answer_by,
            **self.initial,
        }


class NotTakenForm(HouseForm):
    """Why something is not taken further."""

    creates = False
    why = forms.ChoiceField(
        label=_("Why is it not taken further?"), choices=NotTaken.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What we tell them"),
        help_text=_("Whoever has the reference reads this. Say who can help instead, if anybody."),
        max_length=1000,
        required=False,
        widget=CountTextarea(attrs={"rows": 4}),
    )


class SureForm(HouseForm):
    """Asks once more before something that cannot be undone."""

    creates = False


class PriorityForm(HouseForm):
    """A priority, new or changed."""

    title = forms.CharField(
        label=_("What is the priority?"),
        help_text=_("As residents would say it, for example “Light in the garage court”."),
        max_length=200,
    )
    target_place = forms.ModelChoiceField(
        label=_("Target place"),
        queryset=TargetPlace.objects.none(),
        required=False,
        empty_label=_("The whole location"),
    )
    agreed_on = GovDateField(label=_("Date it was agreed"), max_value=clock.today)
    decision = forms.ModelChoiceField(
        label=_("Decided at a meeting"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_("Not at a meeting"),
    )
    why = forms.CharField(
        label=_("Why this"),
        help_text=_("For those inside. Residents do not read it."),
        max_length=2000,
        required=False,
        widget=CountTextarea(attrs={"rows": 3}),
    )
    doing = forms.CharField(
        label=_("What we do about it"),
        help_text=_("Residents read this on the public page. No names."),
        max_length=1000,
        required=False,
        widget=CountTextarea(attrs={"rows": 3}),
    )
    publish = forms.TypedChoiceField(
        label=_("Show it on the public page?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ended_on = GovDateField(
        label=_("Ended on"),
        help_text=_("Leave empty while it stands."),
        max_value=clock.today,
        required=False,
    )

    def __init__(
        self, *args: Any, location: Location, priority: Priority | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, version=priority.version if priority else None, **kwargs)
        place: Any = self.fields["target_place"]
        place.queryset = _places(location)
        decision: Any = self.fields["decision"]
        decision.queryset = Decision.objects.filter(location=location).order_by("-decided_on")
        if priority is None:
            del self.fields["ended_on"]
            self.fields["agreed_on"].initial = clock.today
            return
        self.initial = {
            "title": priority.title,
            "target_place": priority.target_place_id,
            "agreed_on": priority.agreed_on,
            "decision": priority.decision_id,
            "why": priority.why,
            "doing": priority.doing,
            "publish": "yes" if priority.published_on else "no",
            "ended_on": priority.ended_on,
            **self.initial,
        }


class JoinForm(HouseForm):
    """Which concerns are part of a priority."""

    creates = False
    concerns = forms.ModelMultipleChoiceField(
        label=_("What people said"),
        queryset=Concern.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )

    def __init__(self, *args: Any, concerns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["concerns"]
        field.queryset = concerns
        field.label_from_instance = lambda one: (
            f"{one.get_kind_display()}: {one.public_text or one.text}"[:140]
        )


class LinkActionsForm(HouseForm):
    """Which actions asked for elsewhere are part of a priority."""

    creates = False
    actions = forms.ModelMultipleChoiceField(
        label=_("Actions"),
        queryset=Action.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )

    def __init__(self, *args: Any, actions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["actions"]
        field.queryset = actions


class PriorityActionForm(HouseForm):
    """Who does what by when about a priority."""

    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    owner = forms.ModelChoiceField(
        label=_("Who does it?"),
        help_text=_("They get an e-mail with a link."),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
    )
    due_on = GovDateField(label=_("By when?"), min_value=clock.today)
    details = forms.CharField(
        label=_("Details"),
        max_length=2000,
        required=False,
        widget=CountTextarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, location: Location, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people_to_ask(location)
        owner.label_from_instance = lambda person: (
            f"{person.name} ({person.agency})" if person.agency else person.name
        )


class AnswerForm(HouseForm):
    """An answer, drafted or changed."""

    kind = forms.ChoiceField(
        label=_("What can we say?"),
        choices=AnswerKind.choices,
        widget=HintedRadios(
            hints={
                AnswerKind.DID: _("Something was done, or is being done by a date"),
                AnswerKind.COULD_NOT: _("It is not possible: say why, and what is instead"),
            }
        ),
    )
    text = forms.CharField(
        label=_("The answer"),
        help_text=_(
            "Residents read this on the public page. Say what, by whom as an agency, and when. No "
            "names of people."
        ),
        max_length=2000,
        widget=CountTextarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, answer: Answer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=answer.version if answer else None, **kwargs)
        if answer is not None:
            self.initial = {"kind": answer.kind, "text": answer.text, **self.initial}


class WithdrawAnswerForm(HouseForm):
    """Why an answer leaves the public page."""

    creates = False
    reason = forms.CharField(
        label=_("Why is it withdrawn?"), max_length=1000, widget=CountTextarea(attrs={"rows": 3})
    )


class PublicPageForm(HouseForm):
    """Whether the public page is open, and what it says and promises."""

    creates = False
    is_open = forms.TypedChoiceField(
        label=_("Is the public page open?"),
        choices=[
            ("yes", _("Open: residents can read it and tell you something")),
            ("no", _("Closed: the address shows nothing, from the next click on")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    intro = forms.CharField(
        label=_("Introduction"),
        help_text=_("Two or three sentences: who works here together, and on what."),
        max_length=1000,
        required=False,
        widget=CountTextarea(attrs={"rows": 4}),
    )
    promise_days = forms.IntegerField(
        label=_("Days until an answer"),
        help_text=_("Counted from the day you hear something. Promise what you can keep."),
        min_value=1,
        max_value=90,
        widget=forms.NumberInput(attrs={"data-width": "3", "data-suffix": "days"}),
    )
    indexed = forms.TypedChoiceField(
        label=_("May search engines list it?"),
        choices=[("yes", _("Yes")), ("no", _("No, only those who know the address find it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, page: PublicPage | None, **kwargs: Any) -> None:
        super().__init__(*args, version=page.version if page else None, **kwargs)
        is_open = page is not None and page.is_open_on(clock.today())
        self.initial = {
            "is_open": "yes" if is_open else "no",
            "intro": page.intro if page else "",
            "promise_days": page.promise_days if page else USUAL_DAYS,
            "indexed": "yes" if page is not None and page.indexed else "no",
            **self.initial,
        }


class PassedOnForm(HouseForm):
    """To whom a safeguarding message was passed on."""

    creates = False
    handled_on = GovDateField(label=_("Date you passed it on"), max_value=clock.today)
    note = forms.CharField(
        label=_("To whom, and how"),
        help_text=_("For example “Council’s children’s team, by phone, reference 123”."),
        max_length=1000,
        widget=CountTextarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handled_on"].initial = clock.today
