"""Forms about a survey and the questions of the bank."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CountTextarea, HintedRadios, HouseForm
from surveys.choices import QuestionKind
from surveys.models import Question
from surveys.services.bank import FEWEST, MOST

WIDE = {"data-width": "20"}


class SurveyForm(HouseForm):
    """What a survey says of itself, on its first page."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("People read it first, like “Feeling safe in Leominster”."),
        max_length=150,
        widget=forms.TextInput(attrs=WIDE),
    )
    purpose = forms.CharField(
        label=_("Why we ask"),
        help_text=_("Two or three sentences: what it is for, and what will come of it."),
        max_length=600,
        widget=CountTextarea(attrs={"rows": 4}),
    )
    asked_by = forms.CharField(
        label=_("Who asks"),
        help_text=_("The group and its organisations, not a person."),
        max_length=150,
        widget=forms.TextInput(attrs=WIDE),
    )
    contact = forms.CharField(
        label=_("Whom to ask about it"),
        help_text=_("A shared e-mail address or telephone number. It is shown publicly."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
    )


class NewSurveyForm(SurveyForm):
    """A new survey; it may begin with all standard questions."""

    standard = forms.BooleanField(
        label=_("Begin with the standard questions"),
        help_text=_("They can be compared with other towns and later waves. Change them after."),
        required=False,
        initial=True,
    )


class QuestionForm(HouseForm):
    """A question of one's own."""

    wording = forms.CharField(
        label=_("Question"),
        help_text=_("Ask one thing. Do not ask who somebody is."),
        max_length=400,
        widget=CountTextarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(
        label=_("How is it answered?"),
        choices=QuestionKind.choices,
        widget=HintedRadios(
            hints={
                QuestionKind.TEXT: _("Somebody has to read every answer before it is used."),
                QuestionKind.SCALE: _("Say in the hint what 0 and 10 stand for."),
            }
        ),
    )
    labels = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One in each line, for “one of several” and “all that apply”."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    counted = forms.IntegerField(
        label=_("How many of them, from the first, are reported together"),
        help_text=_("2 reports “Very safe” and “Fairly safe” as one share. 0 reports none."),
        min_value=0,
        max_value=MOST,
        initial=0,
        required=False,
        widget=forms.NumberInput(attrs={"data-width": "2"}),
    )
    measure = forms.CharField(
        label=_("What that share says"),
        help_text=_("Like “Feel safe in the park by day”."),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
    )
    hint = forms.CharField(
        label=_("Hint under the question"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
    )
    topic = forms.CharField(
        label=_("Heading above it"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=WIDE),
    )

    def clean_labels(self) -> list[str]:
        """Return the answers, one from each line."""
        return [line.strip() for line in self.cleaned_data["labels"].splitlines() if line.strip()]

    def clean_counted(self) -> int:
        """Return none where nothing was typed."""
        return self.cleaned_data["counted"] or 0

    def clean(self) -> dict[str, Any]:
        """Ask for answers where some are to be chosen from."""
        data = super().clean() or self.cleaned_data
        chosen = data.get("kind") in (QuestionKind.SINGLE, QuestionKind.SEVERAL)
        if chosen and not FEWEST <= len(data.get("labels") or ()) <= MOST:
            self.add_error(
                "labels",
                _("Give between %(fewest)d and %(most)d answers, one in each line")
                % {"fewest": FEWEST, "most": MOST},
            )
        return data


class RewordForm(QuestionForm):
    """The next version of a question; how it is answered stays."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, version=question.version, **kwargs)
        self.question = question
        del self.fields["kind"]
        chosen = question.kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL)
        if not chosen:
            del self.fields["labels"]
        if question.kind != QuestionKind.SINGLE:
            del self.fields["counted"]
            del self.fields["measure"]
        for name in ("wording", "measure", "hint", "topic"):
            if name in self.fields:
                self.fields[name].initial = getattr(question, name)
        if chosen:
            self.fields["labels"].initial = "\n".join(one["label"] for one in question.options)
        if "counted" in self.fields:
            self.fields["counted"].initial = sum(bool(one["counts"]) for one in question.options)

    def clean(self) -> dict[str, Any]:
        """Check the answers as for a new question."""
        self.cleaned_data["kind"] = self.question.kind
        data = super().clean()
        data.pop("kind", None)
        return data


class ChooseForm(HouseForm):
    """Which questions a survey asks, and in which order; printed as a table by its page.

    For each question a box ``ask-<id>`` and a place ``place-<id>``. ``chosen`` after validation
    are the questions in their order: by place, those without one last, as they stand in the bank.
    """

    def __init__(
        self, *args: Any, questions: Sequence[Question], order: dict[Any, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"ask-{question.pk}"] = forms.BooleanField(
                label=question.wording, required=False, initial=question.pk in order
            )
            self.fields[f"place-{question.pk}"] = forms.IntegerField(
                label=_("Place"),
                required=False,
                min_value=1,
                max_value=99,
                initial=order.get(question.pk),
                error_messages={
                    "invalid": _("A place must be a number from 1 to 99"),
                    "min_value": _("A place must be a number from 1 to 99"),
                    "max_value": _("A place must be a number from 1 to 99"),
                },
            )

    def rows(self) -> list[tuple[Question, Any, Any]]:
        """Return each question with its box and its place, as bound fields."""
        return [(q, self[f"ask-{q.pk}"], self[f"place-{q.pk}"]) for q in self.questions]

    def clean(self) -> dict[str, Any]:
        """Put the chosen questions into their order."""
        data = super().clean() or self.cleaned_data
        asked = [q for q in self.questions if data.get(f"ask-{q.pk}")]
        places: dict[uuid.UUID, int] = {
            q.pk: data.get(f"place-{q.pk}") or 1000 + n for n, q in enumerate(asked)
        }
        if not asked:
            raise forms.ValidationError(_("Choose at least one question"))
        data["questions"] = sorted(asked, key=lambda q: places[q.pk])
        return data
