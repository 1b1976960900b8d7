"""A table in words, for its page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.models import TabularImport
from core.tabular.checking import CREATE, ERROR, SAME, UPDATE, WHOLE_ROW
from core.tabular.columns import TableForm

WORDS = {
    CREATE: (_lazy("New"), "green"),
    UPDATE: (_lazy("Changed"), "blue"),
    SAME: (_lazy("Same"), "grey"),
    ERROR: (_lazy("Wrong"), "red"),
}
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One column's value, and what it was."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One error beside the text found."""

    title: str
    found: str
    text: str


@dataclass(frozen=True, slots=True)
class RowInWords:
    """One row: what would be done with it, its texts in the order of the columns."""

    row: int
    label: Any
    colour: str
    cells: tuple[str, ...]
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A table on its page. ``kept`` are rows that undoing left alone, with the reason."""

    columns: tuple[str, ...]
    new: int
    changed: int
    same: int
    wrong: int
    faults: tuple[RowInWords, ...]
    page: Page[Any]
    rows: tuple[RowInWords, ...]
    kept: tuple[tuple[str, str], ...]
    stored: int

    @property
    def good(self) -> int:
        """How many rows would be stored."""
        return self.new + self.changed

    @property
    def total(self) -> int:
        """How many rows there are."""
        return self.good + self.same + self.wrong


def preview(sent: TabularImport, form: TableForm, *, page: str | None = None) -> Preview:
    """Return a table's rows in words: wrong ones first and apart, the others in pages."""
    counts = Counter(row["plan"] for row in sent.rows)
    wrong = [row for row in sent.rows if row["plan"] == ERROR]
    good = [row for row in sent.rows if row["plan"] != ERROR]
    shown = Paginator(good, PER_PAGE).get_page(page)
    return Preview(
        columns=tuple(column["title"] for column in sent.columns),
        new=counts[CREATE],
        changed=counts[UPDATE],
        same=counts[SAME],
        wrong=counts[ERROR],
        faults=tuple(_in_words(sent, form, row) for row in wrong[:PER_PAGE]),
        page=shown,
        rows=tuple(_in_words(sent, form, row) for row in shown.object_list),
        kept=tuple((one["name"], one["kept"]) for one in sent.done if one.get("kept")),
        stored=len(sent.done),
    )


def _in_words(sent: TabularImport, form: TableForm, row: dict[str, Any]) -> RowInWords:
    titles = {column["name"]: column["title"] for column in sent.columns}
    label, colour = WORDS[row["plan"]]
    return RowInWords(
        row=row["row"],
        label=label,
        colour=colour,
        cells=tuple(row["values"].get(name, "") for name in titles),
        changes=tuple(
            Change(
                form.by_name[name].title if name in form.by_name else name,
                form.shown(name, before) if name in form.by_name else str(before),
                form.shown(name, after) if name in form.by_name else str(after),
            )
            for name, (before, after) in row["changes"].items()
        ),
        faults=tuple(
            Fault(
                titles.get(name, _("The row") if name == WHOLE_ROW else name),
                row["values"].get(name, ""),
                text,
            )
            for name, texts in row["errors"].items()
            for text in texts
        ),
    )
