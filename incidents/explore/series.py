"""The series of what is explored: its sentence, its chart, its totals by category."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import MonthlyBars, MonthValue
from core.screen import month_name
from incidents.choices import Coverage
from incidents.explore.layers import MonthTotal, Wanted
from incidents.packages.findings import months_words
from incidents.packages.recipe import month_text


@dataclass(frozen=True, slots=True)
class Series:
    """Months with what they come to; ``by_category`` has the highest first."""

    months: tuple[MonthTotal, ...]
    total: int
    missing: str
    partial: str
    by_category: tuple[tuple[str, int], ...]

    @property
    def any_held(self) -> bool:
        """Say whether any month can be counted at all."""
        return any(month.total is not None for month in self.months)


def series_of(months: Sequence[MonthTotal]) -> Series:
    """Sum up; missing and partial months in words, empty where there are none."""
    totals: Counter[str] = Counter()
    for month in months:
        totals.update(month.by_category)
    return Series(
        months=tuple(months),
        total=sum(month.total or 0 for month in months),
        missing=_named(months, Coverage.MISSING),
        partial=_named(months, Coverage.PARTIAL),
        by_category=tuple(sorted(totals.items(), key=lambda one: (-one[1], one[0]))),
    )


def _named(months: Sequence[MonthTotal], status: Coverage) -> str:
    return months_words([month_text(one.month) for one in months if one.status == status])


def what_words(wanted: Wanted) -> str:
    """Name the categories asked for, as part of a sentence."""
    if wanted.categories is None:
        return _("all categories")
    if len(wanted.categories) > 3:
        return _("%(count)s categories") % {"count": len(wanted.categories)}
    return ", ".join(wanted.categories)


def headline(series: Series, wanted: Wanted, name: str) -> str:
    """Return how many reports there are, where and when."""
    values = {
        "count": f"{series.total:,}",
        "place": name,
        "first": month_name(wanted.first_month),
        "last": month_name(wanted.last_month),
        "what": what_words(wanted),
    }
    if not series.any_held:
        return _("No month from %(first)s to %(last)s is held, so nothing can be counted.") % values
    if wanted.first_month == wanted.last_month:
        one = ngettext(
            "%(count)s report in %(place)s in %(first)s (%(what)s).",
            "%(count)s reports in %(place)s in %(first)s (%(what)s).",
            series.total,
        )
        return one % values
    many = ngettext(
        "%(count)s report in %(place)s from %(first)s to %(last)s (%(what)s).",
        "%(count)s reports in %(place)s from %(first)s to %(last)s (%(what)s).",
        series.total,
    )
    return many % values


def chart_of(series: Series, wanted: Wanted, name: str, source: str) -> MonthlyBars:
    """Return the months as bars; a missing month has none and says so."""
    held = [month.total for month in series.months if month.total is not None]
    alt = headline(series, wanted, name)
    if held:
        alt += " " + _("By month between %(low)s and %(high)s.") % {
            "low": f"{min(held):,}",
            "high": f"{max(held):,}",
        }
    if series.missing:
        alt += " " + _("Missing: %(months)s.") % {"months": series.missing}
    return MonthlyBars(
        title=_("Reports in %(place)s by month") % {"place": name},
        alt=alt,
        unit=_("Reports"),
        source=source,
        months=tuple(
            MonthValue(month_text(one.month), one.total, str(one.status)) for one in series.months
        ),
        month_label=_("Month"),
        missing_label=_("missing"),
        partial_label=_("looks incomplete"),
    )
