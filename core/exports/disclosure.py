"""What of a list a person may take: the rules of disclosure, all in one place.

1. The reader needs every permission of the list on its scope, and each row comes out of
   ``visible_to``; asked when the list is requested, when it is made, and when it is fetched.
2. Who reads depersonalised data only gets no column that holds personal data. Whether somebody
   does, the floor that knows roles has registered; where nobody has, everybody does.
3. A column with a category of sharing is withheld in the rows for which the reader is not covered;
   the column "withheld" names it. A list that cannot say who is covered withholds it from all.
4. Rows marked OFFICIAL-SENSITIVE never stand in the main table: they go to an annex for those who
   may have them, and are counted as withheld for all others.
5. Small numbers of aggregated lists: ``hide_small``. Cells that could act as formulas:
   ``core.exports.cells``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from core.choices import Marking
from core.exports.registry import Column, Export
from core.exports.small_numbers import HIDDEN, hide_small

__all__ = ["HIDDEN", "Disclosure", "disclosure_for", "hide_small", "register_reader"]

SeesPersonal = Callable[[Any, Any], bool]

_readers: list[SeesPersonal] = []


def register_reader(sees_personal: SeesPersonal) -> None:
    """Say how to tell whether a person sees personal data in a scope: ``(user, scope) -> bool``."""
    if _readers and _readers != [sees_personal]:
        raise ImproperlyConfigured("Who sees personal data is registered twice.")
    _readers[:] = [sees_personal]


def sees_personal(user: Any, scope: Any) -> bool:
    """Say whether a person may have personal data of a scope; False while nobody can tell."""
    return bool(_readers) and _readers[0](user, scope)


@dataclass(slots=True)
class Disclosure:
    """The rules of one list for one person: which columns, and what of each row.

    ``left_out`` are the columns nobody of this kind gets, with the reason. ``cells_withheld`` and
    ``rows_withheld`` count while rows pass through ``row``.
    """

    columns: tuple[Column, ...]
    left_out: tuple[tuple[Column, str], ...]
    by_row: bool
    export: Export
    withheld: Callable[[Any], Collection[str]]
    may_sensitive: Callable[[Any], bool]
    cells_withheld: dict[str, int] = field(default_factory=dict)
    rows_withheld: int = 0
    touches: set[str] = field(default_factory=set)

    def titles(self) -> list[str]:
        """Return the headings."""
        own = [str(column.title) for column in self.columns]
        return [*own, _("Withheld")] if self.by_row else own

    def row(self, row: Any) -> tuple[list[Any], bool] | None:
        """Return a row's values and whether it belongs into the annex; None if it is withheld."""
        sensitive = self.export.marking(row) == Marking.OFFICIAL_SENSITIVE
        if sensitive and not self.may_sensitive(row):
            self.rows_withheld += 1
            return None
        hidden = set(self.withheld(row))
        values: list[Any] = []
        for column in self.columns:
            if column.key in hidden:
                self.cells_withheld[column.key] = self.cells_withheld.get(column.key, 0) + 1
                values.append(None)
            else:
                values.append(column.of(row))
                if column.category:
                    self.touches.add(column.category)
        if self.by_row:
            names = [str(column.title) for column in self.columns if column.key in hidden]
            values.append("; ".join(names))
        if sensitive:
            self.touches.add("sensitive")
        return values, sensitive


def disclosure_for(export: Export, user: Any, scope: Any) -> Disclosure:
    """Return the rules of a list for a person; nothing is counted yet."""
    personal = sees_personal(user, scope)
    kept, left_out = [], []
    for column in export.columns:
        if column.personal is not None and not personal:
            left_out.append((column, _("personal data, which your role does not include")))
        elif column.category is not None and export.withheld is None:
            left_out.append((column, _("no rule says who is covered for it")))
        else:
            kept.append(column)
    categories = any(column.category for column in kept)
    rule = export.withheld(user, scope) if export.withheld is not None else _nothing
    found = Disclosure(
        columns=tuple(kept),
        left_out=tuple(left_out),
        by_row=categories or export.withheld is not None,
        export=export,
        withheld=rule,
        may_sensitive=export.may_sensitive(user, scope) if export.may_sensitive else _nobody,
    )
    if any(column.personal is not None for column in kept):
        found.touches.add("personal")
    return found


def _nothing(_row: Any) -> Collection[str]:
    return ()


def _nobody(_row: Any) -> bool:
    return False
