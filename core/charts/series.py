"""What a chart is made from: frozen series with their words, and the table that says the same."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import Any

Cell = str | int | float
Head = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MonthValue:
    """One month of a series: ``month`` reads "2024-01"; ``value`` is None where it is missing.

    ``status`` is observed, partial or missing; a value may stand only where something is held.
    """

    month: str
    value: int | None
    status: str = "observed"

    def __post_init__(self) -> None:
        if (self.value is None) != (self.status == "missing"):
            raise ValueError(f"{self.month}: a missing month has no value, a held one has.")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a ranking; ``note`` is printed after its value."""

    label: str
    value: float
    note: str = ""


@dataclass(frozen=True)
class Chart(ABC):
    """What every chart carries: its title, a sentence for those who cannot see it, its source."""

    title: str
    alt: str
    unit: str
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError(f"The chart “{self.title}” needs a sentence that says what it shows.")

    @abstractmethod
    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification with its data inline."""

    @property
    @abstractmethod
    def head(self) -> Head:
        """Return the table's columns."""

    @property
    @abstractmethod
    def rows(self) -> list[list[Cell]]:
        """Return the table's rows: the same figures as drawn."""

    @property
    @abstractmethod
    def marks(self) -> int:
        """Return how many bars a right drawing has."""

    @property
    def digest(self) -> str:
        """Return the sha-256 of all that decides how the chart looks."""
        from core.charts.look import LOOK_VERSION

        content = {"kind": type(self).__name__, "look": LOOK_VERSION, **asdict(self)}
        return hashlib.sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=True).encode()
        ).hexdigest()


@dataclass(frozen=True)
class MonthlyBars(Chart):
    """Counts by month. Missing months stay as gaps, marked in words; partial ones are hatched.

    ``levels`` are values at which dashed lines run across all months; ``note`` says what they are.
    """

    months: tuple[MonthValue, ...] = ()
    levels: tuple[float, ...] = ()
    month_label: str = "Month"
    missing_label: str = "missing"
    partial_label: str = "looks incomplete"

    def spec(self) -> dict[str, Any]:
        """Return bars by month with their values printed above and gaps named."""
        from core.charts.specs import monthly_bars

        return monthly_bars(self)

    @property
    def marks(self) -> int:
        """Return how many months have a value."""
        return sum(value.value is not None for value in self.months)

    @property
    def head(self) -> Head:
        """Return month and count."""
        return [{"text": self.month_label}, {"text": self.unit, "numeric": True}]

    @property
    def rows(self) -> list[list[Cell]]:
        """Return one row a month; a missing month says so and has no number."""
        from core.screen import month_name

        return [
            [
                month_name(value.month),
                self.missing_label
                if value.value is None
                else f"{value.value:,} ({self.partial_label})"
                if value.status == "partial"
                else f"{value.value:,}",
            ]
            for value in self.months
        ]


@dataclass(frozen=True)
class Bars(Chart):
    """A ranking as horizontal bars, the largest first as given, each with its value in words."""

    bars: tuple[Bar, ...] = ()
    label_head: str = "Place"
    note_head: str = ""

    def spec(self) -> dict[str, Any]:
        """Return horizontal bars with their values printed at the end."""
        from core.charts.specs import bars

        return bars(self)

    @property
    def marks(self) -> int:
        """Return how many bars there are."""
        return len(self.bars)

    @property
    def head(self) -> Head:
        """Return label, value and, where bars have them, notes."""
        head: Head = [{"text": self.label_head}, {"text": self.unit, "numeric": True}]
        return [*head, {"text": self.note_head, "numeric": True}] if self.note_head else head

    @property
    def rows(self) -> list[list[Cell]]:
        """Return one row a bar."""
        return [
            [
                bar.label,
                f"{bar.value:,.4g}" if bar.value % 1 else f"{int(bar.value):,}",
                *([bar.note] if self.note_head else []),
            ]
            for bar in self.bars
        ]


@dataclass(frozen=True)
class Figure:
    """A chart as the ``chart_figure`` tag prints it; ``src`` is empty until it is drawn."""

    title: str
    alt: str
    src: str
    head: Head
    rows: list[list[Cell]]
    source: str
    note: str
