"""Forms about a problem: what it is, the six tests, analysis, stages, hypotheses, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import CountTextarea, GovDateField, HouseForm, HouseModelForm, MarkedForm
from problems.choices import Bearing, Outcome, Stage, Verdict
from problems.models import Hypothesis, Plan, Problem
from problems.models.problem import CHEERS
from problems.selectors.plan import FIVE_WS, QUESTIONS, TRIANGLE
from problems.services.problems import is_out_of_order

NO_NAMES = _("Do not name people or describe somebody who can be recognised.")


def area(rows: int = 3) -> forms.Textarea:
    """Return a text box of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class ProblemForm(MarkedForm, HouseModelForm):
    """What the problem is, where, and who is harmed."""

    class Meta:
        model = Problem
        fields = [
            "title",
            "what",
            "where",
            "target_place",
            "who_harmed",
            "owner",
            "marking",
            "handling",
        ]
        widgets = {"what": area(4), "where": area(2), "who_harmed": area(3)}
        labels = {
            "title": _("The problem in a few words"),
            "what": _("What happens?"),
            "where": _("Where?"),
            "target_place": _("Target place"),
            "who_harmed": _("Who is harmed, and how?"),
            "owner": _("Who leads the work?"),
        }
        help_texts = {
            "title": _("For example “Young people gathering in the unlit garage court”."),
            "what": NO_NAMES,
            "who_harmed": _("As groups: residents of a street, children, shop staff."),
        }

    def __init__(self, *args: Any, people: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people
        fields["owner"].empty_label = None
        fields["target_place"].queryset = places
        fields["target_place"].empty_label = _("The whole location")
        fields["target_place"].required = False


class NewProblemForm(ProblemForm):
    """The same with the day and the objective."""

    opened_on = GovDateField(label=_("Date it was taken up"), max_value=clock.today)
    objective = forms.CharField(
        label=_("Objective"),
        help_text=_("What should be different, by when. It can be agreed later."),
        widget=area(2),
        required=False,
    )
    field_order = [
        "title",
        "what",
        "where",
        "target_place",
        "who_harmed",
        "objective",
        "opened_on",
        "owner",
        "marking",
        "handling",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_on"].initial = clock.today


YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("Not answered yet"))]
MEANT = {"yes": True, "no": False, "": None}


class TestsForm(HouseForm):
    """The six tests of a problem: each yes or no, with words."""

    creates = False
    __test__ = False

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, version=problem.version, **kwargs)
        for test in CHEERS:
            title, question = QUESTIONS[test]
            met = getattr(problem, f"cheers_{test}")
            self.fields[f"cheers_{test}"] = forms.ChoiceField(
                label=f"{title}: {question}",
                label_suffix="",
                choices=YES_NO,
                widget=forms.RadioSelect(attrs={"data-small": "1"}),
                required=False,
                initial={True: "yes", False: "no", None: ""}[met],
            )
            self.fields[f"cheers_{test}_words"] = forms.CharField(
                label=_("In words: %(title)s") % {"title": title},
                label_suffix="",
                widget=area(2),
                required=False,
                max_length=1000,
                initial=getattr(problem, f"cheers_{test}_words"),
            )

    def answers(self) -> dict[str, Any]:
        """Return the fields of the problem."""
        return {
            name: value if name.endswith("_words") else MEANT[value]
            for name, value in self.cleaned_data.items()
            if name.startswith("cheers_")
        }


class ObjectiveForm(HouseModelForm):
    """What is to be reached, and when the plan is looked at again."""

    review_on = GovDateField(label=_("Next review"), required=False)

    class Meta:
        model = Plan
        fields = ["objective", "review_on"]
        widgets = {"objective": area(3)}
        labels = {"objective": _("Objective")}
        help_texts = {"objective": _("What should be different, for whom, by when.")}


class AnalysisForm(HouseModelForm):
    """Five Ws and an H, and the triangle."""

    class Meta:
        model = Plan
        fields = [
            *(name for name, __ in FIVE_WS),
            *(name for pair in TRIANGLE for name, __ in pair),
        ]
        widgets = {name: area(2) for name in fields}
        labels = {
            **dict(FIVE_WS),
            **{name: label for pair in TRIANGLE for name, label in pair},
        }
        help_texts = {"who": NO_NAMES, "offender": NO_NAMES}


class AssessmentForm(HouseModelForm):
    """What the results mean, in the group's words."""

    class Meta:
        model = Plan
        fields = ["assessment"]
        widgets = {"assessment": area(6)}
        labels = {"assessment": _("What do the results mean?")}
        help_texts = {
            "assessment": _(
                "What worked, for whom, what did not, and what you do next. The result itself "
                "stands above and stays as it was computed."
            )
        }


class StageForm(HouseForm):
    """To which stage, and why if it goes back or passes one over."""

    to = forms.ChoiceField(label=_("Move to which stage?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why, if it goes back or passes a stage over?"),
        help_text=_("The reason is kept and shown with the plan."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, plan: Plan, wanted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        fields: dict[str, Any] = self.fields
        fields["to"].choices = [(v, label) for v, label in Stage.choices if v != plan.stage]
        fields["to"].initial = wanted
        fields["version"].initial = plan.version

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where one is needed."""
        data = super().clean() or self.cleaned_data
        to = data.get("to")
        if to and is_out_of_order(self.plan.stage, to) and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why the plan goes back or passes a stage over"))
        return data


class CloseForm(HouseForm):
    """How a problem ended, and what was learned."""

    creates = False
    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    closing_words = forms.CharField(
        label=_("What did you learn?"),
        help_text=_("For those who meet a problem like it: what would you do again?"),
        widget=CountTextarea(attrs={"rows": 5}),
        max_length=2000,
    )


class ReasonForm(HouseForm):
    """Why something is opened again or taken back."""

    creates = False
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The reason is kept."),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
    )


class HypothesisForm(HouseForm):
    """What may be behind the problem."""

    statement = forms.CharField(
        label=_("What do you think is behind the problem?"),
        help_text=_(
            "One sentence that evidence could show to be wrong, for example “People gather there "
            "because nobody can see in after dark”."
        ),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=500,
    )


class VerdictForm(HouseModelForm):
    """What the evidence says of a hypothesis."""

    class Meta:
        model = Hypothesis
        fields = ["statement", "verdict", "verdict_words"]
        widgets = {
            "statement": area(3),
            "verdict": forms.RadioSelect,
            "verdict_words": area(3),
        }
        labels = {
            "statement": _("What you think is behind the problem"),
            "verdict": _("What does the evidence say?"),
            "verdict_words": _("Why?"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict: Any = self.fields["verdict"]
        verdict.choices = Verdict.choices


class EvidenceLinkForm(HouseForm):
    """Which piece of evidence, for which hypothesis, and what it tells us."""

    target = forms.ChoiceField(label=_("Which one?"), widget=forms.RadioSelect)
    hypothesis = forms.ModelChoiceField(
        label=_("For which hypothesis?"),
        queryset=Hypothesis.objects.none(),
        empty_label=_("The problem as a whole"),
        required=False,
    )
    bearing = forms.ChoiceField(
        label=_("Which way does it point?"),
        choices=Bearing.choices,
        initial=Bearing.FOR,
        widget=forms.RadioSelect(attrs={"data-small": "1"}),
    )
    note = forms.CharField(
        label=_("What does it tell us?"),
        help_text=NO_NAMES,
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Who says so, or where it can be read, with its date."),
        max_length=200,
    )

    def __init__(
        self,
        *args: Any,
        targets: Iterable[tuple[str, Any]] | None,
        hypotheses: Any,
        chosen: str = "",
        **kwargs: Any,
    ) -> None:
        """``targets`` are what can be chosen; None for a note, which names its source instead."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["hypothesis"].queryset = hypotheses
        fields["hypothesis"].initial = chosen
        if targets is None:
            del fields["target"]
            fields["note"].required = True
        else:
            fields["target"].choices = list(targets)
            del fields["source"]
