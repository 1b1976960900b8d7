"""The list that reports give: every figure of every quarter, as reports and the API state it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from core import exports
from core.exports import Column, ColumnType, Export
from programmes.models import Location, Programme
from reports.gather import asb_of
from reports.models import ProgressReport
from reports.quarters import Quarter
from reports.selectors import quarters_of
from reports.work import work_of


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of one location in one quarter; ``value`` is None where it is not known."""

    location: str
    quarter: str
    first_day: dt.date
    last_day: dt.date
    key: str
    label: str
    value: int | None
    note: str
    marking: str


@dataclass(frozen=True, slots=True)
class FigureRows:
    """The figures of some locations over some quarters, counted when they are read."""

    locations: tuple[Location, ...]
    quarters: tuple[Quarter, ...]

    def filter(self, **where: dt.date) -> FigureRows:
        """Narrow to quarters that begin from one day or until another."""
        first = where.get("first_day__gte", dt.date.min)
        last = where.get("first_day__lte", dt.date.max)
        kept = tuple(one for one in self.quarters if first <= one.first_day <= last)
        return replace(self, quarters=kept)

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(1 for _row in self.iterator())

    def iterator(self, chunk_size: int = 0) -> Iterator[FigureRow]:
        """Yield the rows, the latest quarter first."""
        from core import clock

        for quarter in self.quarters:
            until = min(quarter.last_day, clock.today())
            work = work_of(self.locations, quarter.first_day, until)
            for location in self.locations:
                asb = asb_of(location, quarter, until)
                figures = [(one.key, one.label, one.value, one.note) for one in work[location.pk]]
                asb_note = asb.refused or _t("months held: %(held)s of 3") % {"held": asb.held}
                figures.append(("asb_reports", _t("Reports of ASB"), asb.quarter, asb_note))
                for key, label, value, note in figures:
                    yield FigureRow(
                        location=location.name,
                        quarter=str(quarter),
                        first_day=quarter.first_day,
                        last_day=until,
                        key=key,
                        label=label,
                        value=value,
                        note=note,
                        marking=location.marking,
                    )


def figures(user: Any, scope: Programme | Location) -> FigureRows:
    """Return the figures of the locations that a person may take lists of."""
    rows = Location.objects.all().visible_to(user, Permission.EXPORT)
    within = {"pk": scope.pk} if isinstance(scope, Location) else {"programme": scope}
    locations = rows.filter(**within).select_related("programme", "area").order_by("name")
    programme = scope if isinstance(scope, Programme) else scope.programme
    return FigureRows(tuple(locations), tuple(quarters_of(programme)))


FIGURES = Export(
    key="reports.figures",
    title=_("Figures of the quarters"),
    description=_(
        "What was done in each quarter, and reports of ASB: the figures that the progress reports "
        "print, one row for each."
    ),
    model=ProgressReport,
    scopes=(Programme, Location),
    permissions=(Permission.EXPORT, Permission.DATA_READ),
    queryset=figures,
    date="first_day",
    date_label=_("first day of the quarter"),
    order=60,
    columns=(
        Column(key="location", title=_("Location"), description=_("The town.")),
        Column(
            key="quarter",
            title=_("Quarter"),
            description=_("Financial quarter; 2023-24-Q4 is January to March 2024."),
        ),
        Column(
            key="first_day",
            title=_("From"),
            description=_("First day counted."),
            type=ColumnType.DATE,
        ),
        Column(
            key="last_day",
            title=_("To"),
            description=_("Last day counted: the end of the quarter, or the day of the export."),
            type=ColumnType.DATE,
        ),
        Column(
            key="key",
            title=_("Code"),
            description=_("A name of the figure that stays the same for good."),
        ),
        Column(key="label", title=_("Figure"), description=_("What is counted.")),
        Column(
            key="value",
            title=_("Value"),
            description=_("How many; empty where it is not known, which is not zero."),
            type=ColumnType.INTEGER,
        ),
        Column(key="note", title=_("Note"), description=_("How it is counted.")),
    ),
)


def register() -> None:
    """Make it known."""
    exports.register(FIGURES)
