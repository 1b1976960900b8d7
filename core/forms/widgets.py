"""Widgets that GOV.UK patterns need beyond Django's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
PARTS = ("day", "month", "year")


def month_number(text: str) -> int | None:
    """Read a month from a number or its English name ("3", "03", "Mar", "March")."""
    text = text.strip().lower()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    found = [n for n, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.startswith(text)]
    return found[0] if len(found) == 1 else None


def wrong_parts(values: tuple[str, str, str]) -> list[str]:
    """Return which of day, month, year are missing or cannot be; all three if only together wrong.

    "31", "2", "2024" has no single wrong part: the three boxes are marked together.
    """
    day, month, year = (value.strip() for value in values)
    wrong = []
    if not (day.isascii() and day.isdigit() and 1 <= int(day) <= 31):
        wrong.append("day")
    if month_number(month) is None:
        wrong.append("month")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) > 0):
        wrong.append("year")
    return wrong or list(PARTS)


class DateInputParts(forms.Widget):
    """A date in three boxes, day, month and year; also reads one ISO date under the plain name."""

    template_name = "forms/widgets/date_parts.html"
    use_fieldset = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> Any:
        """Return the three texts as typed, the ISO text, or None where nothing was typed."""
        if data.get(name):
            return data[name]
        day, month, year = (str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)
        return (day, month, year) if day or month or year else None

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> bool:
        """Tell whether the form that came in had none of the boxes."""
        return name not in data and all(f"{name}_{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the first box, for a link; the legend labels the group."""
        return f"{id_}_day" if id_ and index is not None else ""

    def first_part_in_error(self, bound: Any) -> str:
        """Return the id of the box that an error summary's link focuses."""
        return f"{bound.auto_id}_{wrong_parts(self.texts(bound.value()))[0]}"

    @staticmethod
    def texts(value: object) -> tuple[str, str, str]:
        """Return the three texts of a value as typed, as a date or as ISO text."""
        if isinstance(value, str):
            try:
                return DateInputParts.texts(dt.date.fromisoformat(value))
            except ValueError:
                return ("", "", value)
        if isinstance(value, dt.date):
            return (str(value.day), str(value.month), str(value.year))
        if isinstance(value, (tuple, list)) and len(value) == 3:
            return (str(value[0]), str(value[1]), str(value[2]))
        return ("", "", "")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template its three boxes with ids, texts and which are wrong."""
        context = super().get_context(name, None, attrs)
        texts = self.texts(value)
        invalid = context["widget"]["attrs"].get("aria-invalid")
        wrong = wrong_parts(texts) if invalid else []
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        html_id = context["widget"]["attrs"].get("id", f"id_{name}")
        context["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{html_id}_{part}",
                "label": labels[part],
                "value": text,
                "wrong": part in wrong,
                "width": 4 if part == "year" else 2,
            }
            for part, text in zip(PARTS, texts, strict=True)
        ]
        return context


class CountTextarea(forms.Textarea):
    """A textarea that counts down its characters; the field's ``max_length`` gives the limit.

    Django's plain ``Textarea`` does the same when its field has a ``max_length``; this one also
    takes the limit itself.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, max_length: int | None = None) -> None:
        super().__init__({**({"maxlength": max_length} if max_length else {}), **(attrs or {})})


class _Hinted:
    """Gives options a line of explanation under their words."""

    def __init__(self, *args: Any, hints: Mapping[str, Words] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the option's hint."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]  # mixed into a widget
        option["hint"] = self.hints.get(str(value), "")
        return option


class HintedRadios(_Hinted, forms.RadioSelect):
    """Radios whose options carry hints: ``HintedRadios(hints={"lsoa": "…"})``."""


class HintedCheckboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes whose options carry hints."""
