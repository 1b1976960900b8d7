"""Fields with one plain error each: a date in three boxes, a month, a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.widgets import DateInputParts, Words, month_number, wrong_parts
from core.screen import day, filesize_words, month_name

CHOOSE_MONTH = _("Choose a month")


class GovDateField(forms.Field):
    """A date typed in three boxes; months may be written as words.

    Cleans to ``datetime.date`` or None. ``min_value`` and ``max_value`` are included in what is
    allowed; each may be a date or a function that returns one (today, by the business clock).
    """

    widget = DateInputParts
    default_error_messages = {
        "required": _("Enter the date for “%(name)s”, like 12 March 2024"),
        "incomplete": _("“%(name)s” must include a %(parts)s, like 12 March 2024"),
        "invalid": _("“%(name)s” must be a real date, like 12 March 2024"),
        "year": _("“%(name)s” must have a year of four digits, like 2024"),
        "min_value": _("“%(name)s” must be %(limit)s or later"),
        "max_value": _("“%(name)s” must be %(limit)s or earlier"),
    }

    def __init__(self, *, min_value: Any = None, max_value: Any = None, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Turn what was typed into a date; says which part is missing or wrong."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError as error:
                raise self._error("invalid") from error
        return self._from_parts(value)

    def _from_parts(self, value: tuple[str, str, str]) -> dt.date:
        texts = dict(zip(("day", "month", "year"), value, strict=True))
        names = {"day": _("day"), "month": _("month"), "year": _("year")}
        empty = [str(names[part]) for part, text in texts.items() if not text.strip()]
        if empty:
            raise self._error("incomplete", parts=str(_(" and a ")).join(empty))
        if wrong_parts(value) == ["year"]:
            raise self._error("year")
        month = month_number(texts["month"])
        try:
            return dt.date(int(texts["year"]), month or 0, int(texts["day"]))
        except ValueError as error:
            raise self._error("invalid") from error

    def _error(self, code: str, **params: str) -> ValidationError:
        named = {"name": str(self.label or _("The date")), **params}
        return ValidationError(self.error_messages[code], code=code, params=named)

    def validate(self, value: dt.date | None) -> None:
        """Check that it is there, and within the limits."""
        if value is None:
            if self.required:
                raise self._error("required")
            return
        for code, limit, outside in (
            ("min_value", self.min_value, lambda limit: value < limit),
            ("max_value", self.max_value, lambda limit: value > limit),
        ):
            bound = limit() if callable(limit) else limit
            if bound is not None and outside(bound):
                raise self._error(code, limit=day(bound))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as dates: "03" and "March" are the same month."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class MonthField(forms.Field):
    """A month, cleaned to its first day.

    Typed as "03 2024", "March 2024" or "2024-03"; with ``months`` (dates, in the order to show) it
    is a list to choose from, and nothing else is accepted.
    """

    default_error_messages = {
        "required": _("Enter a month, like 3 2024 or March 2024"),
        "invalid": _("Enter a real month, like 3 2024 or March 2024"),
        "invalid_choice": _("Choose a month from the list"),
    }

    def __init__(
        self,
        *,
        months: Iterable[dt.date] | None = None,
        empty_label: Words = CHOOSE_MONTH,
        **kwargs: Any,
    ) -> None:
        self.months = None if months is None else [month.replace(day=1) for month in months]
        if self.months is not None:
            choices = [("", empty_label), *((f"{m:%Y-%m}", month_name(m)) for m in self.months)]
            kwargs.setdefault("widget", forms.Select(choices=choices))
            kwargs.setdefault("error_messages", {"required": CHOOSE_MONTH})
        else:
            kwargs.setdefault("widget", forms.TextInput(attrs={"data-width": "10"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a month as the widget writes it."""
        if not isinstance(value, dt.date):
            return value
        return f"{value:%Y-%m}" if self.months is not None else month_name(value)

    def to_python(self, value: Any) -> dt.date | None:
        """Read the month; its first day stands for it."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value.replace(day=1)
        text = str(value).strip()
        if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text):
            year, month = match.groups()
        elif match := re.fullmatch(r"([A-Za-z]+|[0-9]{1,2})[\s/.-]+([0-9]{4})", text):
            month, year = match.groups()
        else:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        found = month_number(month)
        if found is None or int(year) == 0:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return dt.date(int(year), found, 1)

    def validate(self, value: dt.date | None) -> None:
        """Check that it is there, and on the list where there is one."""
        super().validate(value)
        if value is not None and self.months is not None and value not in self.months:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as months."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class HouseFileField(forms.FileField):
    """A file, refused by its ending or size before anything reads it.

    The ending is a courtesy to the person; what the file truly is, the files room finds out.
    """

    widget = forms.FileInput
    default_error_messages = {
        "required": _("Choose a file"),
        "missing": _("Choose a file"),
        "empty": _("The file is empty. Choose another"),
        "ending": _("The file must be one of %(wanted)s; %(name)s is not"),
        "too_large": _("The file must be %(limit)s or smaller; %(name)s is %(size)s"),
    }

    def __init__(
        self, *, accept: Iterable[str] = (), max_bytes: int | None = None, **kwargs: Any
    ) -> None:
        self.accept = tuple(ending.lower() for ending in accept)
        self.max_bytes = max_bytes
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser which files to offer."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return {**attrs, "accept": ",".join(self.accept)} if self.accept else attrs

    def to_python(self, data: Any) -> Any:
        """Check ending and size; returns the uploaded file, or None where none came."""
        found = super().to_python(data)
        if found is None:
            return None
        name = found.name or ""
        if self.accept and not name.lower().endswith(self.accept):
            raise ValidationError(
                self.error_messages["ending"],
                code="ending",
                params={"wanted": ", ".join(self.accept), "name": name},
            )
        if self.max_bytes is not None and (found.size or 0) > self.max_bytes:
            raise ValidationError(
                self.error_messages["too_large"],
                code="too_large",
                params={
                    "limit": filesize_words(self.max_bytes),
                    "name": name,
                    "size": filesize_words(found.size),
                },
            )
        return found
