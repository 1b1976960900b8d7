"""Forms about an intervention: what it is, what is compared, its days, its actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import CountTextarea, GovDateField, HouseForm, HouseModelForm, MonthField
from problems.choices import AreaRole, MeasureKind, technique_groups
from problems.forms.problems import area
from problems.models import Baseline, EvaluationArea, Intervention
from problems.services.baselines import Chosen
from programmes.models import Location, TargetPlace
from programmes.selectors.lsoas import codes_in

ROLES = (AreaRole.RESPONSE, AreaRole.COMPARISON, AreaRole.BUFFER, AreaRole.BUFFER_COMPARISON)
CODES = "codes"


class InterventionForm(HouseModelForm):
    """What is done, why it should work, and whose it is (EMMIE without the effect)."""

    starts_on = GovDateField(label=_("Planned start"))

    class Meta:
        model = Intervention
        fields = [
            "title",
            "what",
            "technique",
            "mechanism",
            "moderators",
            "implementation",
            "economics",
            "hypotheses",
            "owner",
            "starts_on",
        ]
        widgets = {
            **{
                name: area(3)
                for name in ("what", "mechanism", "moderators", "implementation", "economics")
            },
            "hypotheses": forms.CheckboxSelectMultiple,
        }
        labels = {
            "title": _("What we do, in a few words"),
            "what": _("What exactly is done?"),
            "technique": _("Which technique is it?"),
            "mechanism": _("How should it work? (mechanism)"),
            "moderators": _("Where and when does it work, and when not? (moderators)"),
            "implementation": _("What does it take to do it? (implementation)"),
            "economics": _("What does it cost, and who pays? (economics)"),
            "hypotheses": _("Which hypotheses does it answer?"),
            "owner": _("Owner"),
        }
        help_texts = {
            "technique": _("One of the 25 techniques of situational prevention; the nearest."),
            "mechanism": _(
                "The reason why it should change something, for example “light lets neighbours "
                "see who is there”."
            ),
        }

    def __init__(self, *args: Any, people: Any, hypotheses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people
        fields["owner"].empty_label = None
        fields["hypotheses"].queryset = hypotheses
        fields["hypotheses"].required = False
        fields["technique"].choices = [("", _("Choose a technique")), *technique_groups()]
        fields["technique"].required = True
        fields["mechanism"].required = True


class StartForm(HouseForm):
    """On which day the work began."""

    creates = False
    started_on = GovDateField(label=_("Date the work began"), max_value=clock.today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["started_on"].initial = clock.today


class EndForm(HouseForm):
    """On which day it ended, and why."""

    creates = False
    ended_on = GovDateField(label=_("Date it ended"), max_value=clock.today)
    ending_words = forms.CharField(
        label=_("Why did it end?"),
        help_text=_("Finished as planned, stopped, or never begun: what happened?"),
        widget=CountTextarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = clock.today


class AskForm(HouseForm):
    """An action that this intervention needs."""

    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    owner: Any = forms.ModelChoiceField(
        label=_("Who is asked?"), queryset=None, empty_label=_("Choose a person")
    )
    due_on = GovDateField(label=_("By when?"))
    details = forms.CharField(label=_("Details"), widget=area(3), required=False, max_length=2000)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people


class BaselineForm(HouseForm):
    """What is compared with what: measure, months, areas."""

    measure = forms.ChoiceField(
        label=_("What shows whether it worked?"),
        choices=MeasureKind.choices,
        initial=MeasureKind.ASB_REPORTS,
        widget=forms.RadioSelect,
    )
    question = forms.ChoiceField(
        label=_("Which question of which survey?"),
        help_text=_("Only if a survey question shows it."),
        required=False,
    )
    success_words = forms.CharField(
        label=_("What would success look like?"), widget=area(2), required=False, max_length=500
    )
    before_first = MonthField(
        label=_("Months before: from"),
        help_text=_("At least 24 months are wanted. “March 2022” or “3 2022”."),
    )
    before_last = MonthField(label=_("Months before: to"))
    after_first = MonthField(label=_("Months after: from"))
    after_last = MonthField(
        label=_("Months after: to"), help_text=_("Twelve months after the start are usual.")
    )
    reason = forms.CharField(
        label=_("Why is this set or changed now?"),
        help_text=_("It is said with every result."),
        widget=area(2),
        max_length=1000,
    )

    def __init__(
        self,
        *args: Any,
        areas: Iterable[tuple[str, Any]],
        questions: Iterable[tuple[str, Any]],
        needs_reason: bool,
        baseline: Baseline | None = None,
        starts_on: dt.date,
        **kwargs: Any,
    ) -> None:
        """``areas`` and ``questions`` are choices already scoped to who fills it in."""
        super().__init__(*args, version=baseline.version if baseline else None, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = list(areas)
        held = {one.role: one for one in baseline.areas.all()} if baseline else {}
        for role in ROLES:
            first = [("", _("None"))] if role != AreaRole.RESPONSE else []
            fields[role.value] = forms.ChoiceField(
                label=role.label,
                label_suffix="",
                choices=[*first, *choices, (CODES, _("A set of LSOAs, by their codes"))],
                required=role == AreaRole.RESPONSE,
                initial=_key(held[role]) if role in held else "",
                help_text=HELP[role],
            )
            fields[f"{role.value}_codes"] = forms.CharField(
                label=_("LSOA codes: %(role)s") % {"role": role.label},
                label_suffix="",
                widget=area(2),
                required=False,
                initial=_codes(held[role]) if role in held else "",
            )
        fields["question"].choices = [("", _("None")), *questions]
        if not needs_reason:
            del fields["reason"]
        self._start(baseline, starts_on)
        order = ["measure", "question", "success_words"]
        order += ["before_first", "before_last", "after_first", "after_last"]
        order += [name for role in ROLES for name in (role.value, f"{role.value}_codes")]
        self.order_fields([*order, "reason"])

    def _start(self, baseline: Baseline | None, starts_on: dt.date) -> None:
        """Suggest 24 months before and 12 after the planned start."""
        month = starts_on.replace(day=1)
        then = month if starts_on.day == 1 else shift(month, 1)
        usual = {
            "before_first": shift(month, -24),
            "before_last": shift(month, -1),
            "after_first": then,
            "after_last": shift(then, 11),
        }
        for name, value in usual.items():
            self.fields[name].initial = getattr(baseline, name) if baseline else value
        if baseline is not None:
            for name in ("measure", "success_words", "reason"):
                if name in self.fields:
                    self.fields[name].initial = getattr(baseline, name)
            if baseline.survey_id:
                self.fields["question"].initial = f"{baseline.survey_id}:{baseline.question}"

    def clean(self) -> dict[str, Any]:
        """Ask for codes where a set of LSOAs is chosen, and for a question where that counts."""
        data = super().clean() or self.cleaned_data
        for role in ROLES:
            codes = codes_in(data.get(f"{role.value}_codes", ""))
            if data.get(role.value) == CODES and not codes:
                self.add_error(f"{role.value}_codes", _("Enter LSOA codes, like E01014048"))
        if data.get("measure") == MeasureKind.SURVEY and not data.get("question"):
            self.add_error("question", _("Choose the question that is compared"))
        return data

    def chosen(self, *, locations: dict[str, Location], places: dict[str, TargetPlace]) -> Any:
        """Return the areas by role, as the service takes them."""
        found = {}
        for role in ROLES:
            value = self.cleaned_data.get(role.value, "")
            kind, __, key = value.partition(":")
            if value == CODES:
                codes = codes_in(self.cleaned_data[f"{role.value}_codes"])
                found[role.value] = Chosen(codes=tuple(codes))
            elif kind == "location":
                found[role.value] = Chosen(location=locations[key])
            elif kind == "place":
                found[role.value] = Chosen(target_place=places[key])
        return found


HELP = {
    AreaRole.RESPONSE: _("The area in which reports are counted."),
    AreaRole.COMPARISON: _(
        "A place like it where nothing of this kind is done: it shows what would have happened "
        "anyway. Without it no result can be claimed."
    ),
    AreaRole.BUFFER: _("Around it, to see whether the problem moves. Optional."),
    AreaRole.BUFFER_COMPARISON: _("Needed if a place nearby is chosen."),
}


def shift(month: dt.date, by: int) -> dt.date:
    """Return the first day of a month some months later or earlier."""
    number = month.year * 12 + month.month - 1 + by
    return dt.date(number // 12, number % 12 + 1, 1)


def _key(area: EvaluationArea) -> str:
    if area.location_id:
        return f"location:{area.location_id}"
    return f"place:{area.target_place_id}" if area.target_place_id else CODES


def _codes(area: EvaluationArea) -> str:
    if area.definition is None:
        return ""
    return " ".join(member.code for member in area.definition.areas.order_by("code"))
