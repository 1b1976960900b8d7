"""The season: which calendar months run high or low at a location, as far as years are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from core.screen import month_name
from incidents import selectors
from incidents.choices import Coverage
from incidents.models import Force
from incidents.packages.figures import ASB
from incidents.packages.findings import decimal_words, join_words, months_words
from incidents.packages.patterns import Season, SeasonMonth, SeasonRow
from incidents.packages.quality import PANDEMIC
from incidents.packages.recipe import Recipe, month_start, month_text
from places.models import AreaDefinition

LEAST_MONTHS = 6
"""Months of a calendar year that must be complete before its mean month says anything."""

LEAST_YEARS = 2
"""Years of a calendar month before it can be said to run high or low."""


def season_of(definition: AreaDefinition, recipe: Recipe, forces: Sequence[Force]) -> Season:
    """Return the season from all complete months held up to the recipe's last.

    For a drawn area whose map points were redrawn meanwhile the recipe's months are all there is.
    """
    last = month_start(recipe.last_month)
    start = month_start(recipe.first_month)
    earliest = selectors.first_held(forces)
    first = start if earliest is None else min(start, earliest)
    try:
        rows = selectors.monthly_counts(definition, first, last, categories=[ASB], forces=forces)
    except Refused:  # a drawn boundary is not counted across a redraw of the points
        rows = selectors.monthly_counts(definition, start, last, categories=[ASB], forces=forces)
    return season_from(
        {
            month_text(row.month): row.count
            for row in rows
            if row.count is not None and row.status == Coverage.OBSERVED
        }
    )


def season_from(counts: Mapping[str, int]) -> Season:
    """Return the season of complete months ("2024-01") with their reports, in any order."""
    left_out = tuple(month for month in sorted(counts) if _pandemic(month))
    years: dict[str, list[str]] = {}
    for month in sorted(counts):
        if not _pandemic(month):
            years.setdefault(month[:4], []).append(month)
    used: list[SeasonMonth] = []
    for months in years.values():
        mean = sum(counts[month] for month in months) / len(months)
        if len(months) >= LEAST_MONTHS and mean > 0:
            used += [SeasonMonth(month, counts[month], round(mean, 6)) for month in months]
    return Season(tuple(used), tuple(_row(used, number) for number in range(1, 13)), left_out)


def _pandemic(month: str) -> bool:
    return PANDEMIC[0] <= month <= PANDEMIC[1]


def _row(used: Sequence[SeasonMonth], number: int) -> SeasonRow:
    own = [one for one in used if int(one.month[5:]) == number]
    above = sum(one.count > one.year_mean for one in own)
    below = sum(one.count < one.year_mean for one in own)
    if len(own) < LEAST_YEARS:
        return SeasonRow(number, len(own), None, None, None, above, below)
    ratios = [one.count / one.year_mean for one in own]
    return SeasonRow(
        number,
        len(own),
        round(sum(ratios) / len(ratios), 4),
        round(min(ratios), 4),
        round(max(ratios), 4),
        above,
        below,
    )


def calendar_month(number: int) -> str:
    """Return the name of a calendar month, 1 for January."""
    return month_name(f"2000-{number:02d}").rsplit(" ", 1)[0]


def season_words(season: Season) -> str:
    """Say which calendar months ran above or below the mean of their year every time."""
    if not season.known:
        return _(
            "Too early to say which months of the year run high or low: a calendar month must be "
            "held in at least two years of which six months or more are complete, and %(years)s."
        ) % {"years": _years_words(season)}
    return ngettext(
        "Of the one calendar month that is held in two years or more, %(high)s and %(low)s.",
        "Of the %(known)s calendar months that are held in two years or more, %(high)s and "
        "%(low)s.",
        len(season.known),
    ) % {
        "known": len(season.known),
        "high": _("%(months)s ran above the mean month of its year each time")
        % {"months": _named([row for row in season.known if row.above == row.years])},
        "low": _("%(months)s below it each time")
        % {"months": _named([row for row in season.known if row.below == row.years])},
    }


def _years_words(season: Season) -> str:
    if not season.years:
        return _("no such year is held")
    return ngettext(
        "only %(years)s is such a year", "none is held in two of %(years)s", len(season.years)
    ) % {"years": join_words(season.years)}


def _named(rows: Sequence[SeasonRow]) -> str:
    return join_words(
        [
            _("%(month)s (%(ratio)s times)")
            % {
                "month": calendar_month(row.month_of_year),
                "ratio": decimal_words(row.ratio or 0.0, 2),
            }
            for row in rows
        ]
    ) or _("none")


def left_out_words(season: Season) -> str:
    """Say which months are left out because of the pandemic's rules; empty if none."""
    if not season.left_out:
        return ""
    return _(
        "Left out: %(months)s, because breaches of pandemic rules were recorded as ASB until "
        "%(last)s."
    ) % {"months": months_words(season.left_out), "last": month_name(PANDEMIC[1])}
