"""What every list says of itself: its data dictionary, and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from core.choices import Marking
from core.exports.disclosure import Disclosure
from core.exports.registry import Column, ColumnType, Export
from core.screen import day, moment

HANDLING = _lazy(
    "Handle as OFFICIAL: share with people who need it for this work, keep it on managed devices, "
    "and delete it when it is no longer needed."
)
HANDLING_SENSITIVE = _lazy(
    "Handle as OFFICIAL-SENSITIVE: only for named people who need it, never by unprotected e-mail, "
    "and deleted as soon as it is no longer needed."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, by whom, when."""

    export: Export
    scope: Any
    by: Any
    form: str
    reason: str
    first: dt.date | None
    last: dt.date | None
    made_at: dt.datetime
    business_date: dt.date


@dataclass(frozen=True, slots=True)
class Counts:
    """What went out."""

    rows: int
    annex: int
    cut: int = 0


def dictionary_head() -> list[str]:
    """Return the headings of the data dictionary."""
    return [
        _("Column"),
        _("Key"),
        _("What it means"),
        _("Type"),
        _("Allowed values"),
        _("Personal data"),
        _("In this file"),
    ]


def dictionary(rules: Disclosure) -> Iterator[list[str]]:
    """Yield a line for each column of the list, those left out with the reason."""
    left_out = {column.key: why for column, why in rules.left_out}
    for column in rules.export.columns:
        why = left_out.get(column.key)
        here = _("left out: %(why)s") % {"why": why} if why else _("yes")
        yield [*_described(column), here]
    if rules.by_row:
        yield [
            _("Withheld"),
            "withheld",
            _("The columns withheld in this row, with a semicolon between them; empty for none."),
            ColumnType.TEXT.value,
            "",
            _("no"),
            _("yes"),
        ]


def _described(column: Column) -> list[str]:
    values = "; ".join(
        str(label) if value == label else f"{value} = {label}" for value, label in column.choices
    )
    personal = _("yes: %(kind)s") % {"kind": column.personal.label} if column.personal else _("no")
    return [
        str(column.title),
        column.key,
        str(column.description),
        column.type.value,
        values,
        personal,
    ]


def about(asked: Request, rules: Disclosure, counts: Counts) -> list[tuple[str, str]]:
    """Return what stands on the sheet "About", as pairs of heading and text.

    The line "Made" is the only one that differs between two files of the same content.
    """
    marking = Marking.OFFICIAL_SENSITIVE if counts.annex else Marking.OFFICIAL
    lines = [
        (_("List"), str(asked.export.title)),
        (_("What it holds"), str(asked.export.description)),
        (_("Of"), f"{asked.scope._meta.verbose_name}: {asked.scope}"),
        (_("Period"), _period(asked)),
        (_("Rows"), str(counts.rows)),
        (_("Marking"), str(marking.label)),
        (_("Handling"), str(HANDLING_SENSITIVE if counts.annex else HANDLING)),
        (_("Taken by"), str(asked.by)),
        (_("Why"), asked.reason),
        (_("Business date"), day(asked.business_date)),
        (_("Made"), moment(asked.made_at)),
        *((_("Withheld"), line) for line in withheld_lines(rules)),
        *((_("Source"), str(source)) for source in asked.export.sources),
    ]
    if counts.annex:
        words = ngettext(
            "%(count)s row marked OFFICIAL-SENSITIVE stands in the annex only.",
            "%(count)s rows marked OFFICIAL-SENSITIVE stand in the annex only.",
            counts.annex,
        )
        lines.append((_("Annex"), words % {"count": counts.annex}))
    if counts.cut:
        words = ngettext(
            "%(count)s text was longer than a cell can be and is cut; the CSV form has it whole.",
            "%(count)s texts were longer than a cell can be and are cut; the CSV form has them.",
            counts.cut,
        )
        lines.append((_("Cut"), words % {"count": counts.cut}))
    if asked.form == "csv":
        lines.append(
            (
                _("Apostrophes"),
                _(
                    "A text that a spreadsheet would take for a formula has an apostrophe in "
                    "front of it; take one away to have the text as it was written."
                ),
            )
        )
    if settings.DEMONSTRATION:
        lines.append(
            (_("Demonstration"), _("Made in a demonstration: what it tells is partly invented."))
        )
    return lines


def withheld_lines(rules: Disclosure) -> list[str]:
    """Return what the reader did not get, and why, in sentences."""
    lines = [
        _("Column “%(title)s”: %(why)s.") % {"title": column.title, "why": why}
        for column, why in rules.left_out
    ]
    for column in rules.columns:
        count = rules.cells_withheld.get(column.key, 0)
        if count:
            words = ngettext(
                "Column “%(title)s” in %(count)s row: neither your role nor a sharing agreement "
                "opens it to you.",
                "Column “%(title)s” in %(count)s rows: neither your role nor a sharing agreement "
                "opens it to you.",
                count,
            )
            lines.append(words % {"title": column.title, "count": count})
    if rules.rows_withheld:
        words = ngettext(
            "%(count)s row marked OFFICIAL-SENSITIVE, which is not open to you.",
            "%(count)s rows marked OFFICIAL-SENSITIVE, which are not open to you.",
            rules.rows_withheld,
        )
        lines.append(words % {"count": rules.rows_withheld})
    return lines


def _period(asked: Request) -> str:
    if asked.first and asked.last:
        return _("%(first)s to %(last)s") % {"first": day(asked.first), "last": day(asked.last)}
    if asked.first:
        return _("from %(first)s") % {"first": day(asked.first)}
    if asked.last:
        return _("until %(last)s") % {"last": day(asked.last)}
    return _("everything held")
