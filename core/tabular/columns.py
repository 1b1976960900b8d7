"""A table's columns, read off its form: headings, meaning, format, allowed values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.forms.models import ModelChoiceIterator
from django.forms.utils import pretty_name
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.forms import GovDateField, MonthField
from core.tabular.registry import Table

YES = frozenset({"yes", "y", "true", "1", "x", "✓"})
NO = frozenset({"no", "n", "false", "0", ""})
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
CHOICES_MAX = 1000  # more than that cannot be offered in a spreadsheet's list


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: the form field's name, its heading, and how its cells are written."""

    name: str
    title: str
    help_text: str
    required: bool
    expected: str
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    has_initial: bool = False

    @property
    def needed(self) -> bool:
        """Whether a file without this column cannot be taken."""
        return self.required and not self.has_initial


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table's form for one target and sender: knows the columns, makes a bound form of a row."""

    table: Table
    target: Any
    by: Any
    kwargs: dict[str, Any]
    fields: dict[str, forms.Field]
    columns: tuple[TableColumn, ...]
    initial: dict[str, Any]
    by_name: dict[str, TableColumn] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    def bind(self, cells: Mapping[str, str], row_id: Any) -> Any:
        """Return the form of one row; a column without a cell takes the field's initial value."""
        data: MultiValueDict[str, Any] = MultiValueDict()
        for column in self.columns:
            if column.name in cells:
                value = self._typed(column, cells[column.name])
            else:
                value = plain(self.initial.get(column.name))
            data.setlist(column.name, value if isinstance(value, list) else [value])
        data["id"] = str(row_id)
        return self.table.form_class(data=data, **self.kwargs)

    def _typed(self, column: TableColumn, text: str) -> Any:
        """Return what the form's widget would send for the text of a cell."""
        found = self.fields[column.name]
        if column.several:
            parts = [part.strip() for part in text.replace(",", ";").split(";")]
            return [_choice(column, part) for part in parts if part]
        if column.choices and text:
            return _choice(column, text)
        if isinstance(found, forms.BooleanField) and not isinstance(found, forms.NullBooleanField):
            return "on" if text.casefold() in YES else ""
        if isinstance(found, (GovDateField, forms.DateField)) and text:
            date = read_date(text)
            return date.isoformat() if date else text
        return text

    def wrong_words(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return errors that the form would not notice: a tick that is neither yes nor no."""
        return {
            name: _("Write yes or no.")
            for name, text in cells.items()
            if isinstance(self.fields[name], forms.BooleanField)
            and not isinstance(self.fields[name], forms.NullBooleanField)
            and text.casefold() not in YES | NO
        }

    def shown(self, name: str, value: Any) -> str:
        """Return a plain value as the table writes it: labels for choices, yes or no for ticks."""
        column = self.by_name[name]
        if isinstance(value, list):
            return "; ".join(self.shown(name, one) for one in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        text = "" if value is None else str(value)
        return dict(column.choices).get(text, text)

    def clean_again(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return plain values (JSON) as a cleaned form holds them."""
        return {name: self.fields[name].to_python(value) for name, value in values.items()}


def table_form(table: Table, target: Any, by: Any) -> TableForm:
    """Return the form of a table for one target and sender."""
    kwargs = table.form_kwargs(target, by)
    form: Any = table.form_class(**kwargs)
    fields = {bound.name: bound.field for bound in form.visible_fields()}
    fields = {name: one for name, one in fields.items() if not isinstance(one, forms.FileField)}
    initial = {name: form.get_initial_for_field(one, name) for name, one in fields.items()}
    columns = tuple(_column(name, one, initial[name]) for name, one in fields.items())
    lacking = set(table.key_columns) - fields.keys()
    if lacking:
        raise LookupError(f"{table.key}: no such key columns: {sorted(lacking)}.")
    return TableForm(table, target, by, kwargs, fields, columns, initial)


def plain(value: Any) -> Any:
    """Return a cleaned value as JSON holds it; nothing, in any form, is the empty text."""
    if value is None or isinstance(value, (bool, int)):
        return "" if value is None else value
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dt.date):  # and moments
        return value.isoformat()
    if isinstance(value, Iterable):
        return sorted((plain(one) for one in value), key=str)
    return str(value)


def read_date(text: str) -> dt.date | None:
    """Read a date as people here write it: 2024-03-12, 12/03/2024, 12 March 2024."""
    text = " ".join(text.split())
    for form in DATE_FORMATS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007  # a date has no zone
        except ValueError:
            continue
    return None


def _choice(column: TableColumn, text: str) -> str:
    """Return the value of a choice named by its label or by itself, whatever its case."""
    wanted = " ".join(text.split()).casefold()
    for value, label in column.choices:
        if wanted in (label.casefold(), value.casefold()):
            return value
    return text


def _column(name: str, found: forms.Field, initial: Any) -> TableColumn:
    choices = tuple(_choices(found))
    several = isinstance(found, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    return TableColumn(
        name=name,
        title=" ".join(str(found.label or pretty_name(name)).split()),
        help_text=str(found.help_text or ""),
        required=found.required and not isinstance(found, forms.BooleanField),
        expected=_expected(found, choices, several),
        choices=choices,
        several=several,
        has_initial=initial not in (None, "", []),
    )


def _choices(found: forms.Field) -> Iterable[tuple[str, str]]:
    source: Any = getattr(found, "choices", ())
    if isinstance(source, ModelChoiceIterator):
        source = list(source)[: CHOICES_MAX + 1]
    for value, label in source:
        if isinstance(label, (list, tuple)):  # a titled group
            yield from ((str(v), str(text)) for v, text in label)
        elif str(value) != "":
            yield str(value), str(label)


_KINDS: tuple[tuple[type[forms.Field] | tuple[type[forms.Field], ...], Any], ...] = (
    (forms.BooleanField, _lazy("yes or no")),
    ((GovDateField, forms.DateField), _lazy("a date, like 12/03/2024 or 12 March 2024")),
    (MonthField, _lazy("a month, like March 2024")),
    (forms.EmailField, _lazy("an e-mail address, like name@example.org")),
    ((forms.FloatField, forms.DecimalField), _lazy("a number")),
    (forms.IntegerField, _lazy("a whole number")),
    (forms.URLField, _lazy("a web address")),
)


def _expected(found: forms.Field, choices: tuple[tuple[str, str], ...], several: bool) -> str:
    if several:
        return _("one or more of the allowed values, with a semicolon between them")
    if choices:
        return _("one of the allowed values")
    for kinds, words in _KINDS:
        if isinstance(found, kinds):
            return str(words)
    limit = getattr(found, "max_length", None)
    return _("text, at most %(limit)s characters") % {"limit": limit} if limit else _("text")
