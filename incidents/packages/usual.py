"""What is usual at a location: the limits of chance, and the same month a year before."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Refused
from core.statistics import CLEAR_Z, control_limits, poisson_z
from incidents import selectors
from incidents.choices import Coverage
from incidents.packages.figures import ASB, Usual, YearBack
from incidents.packages.recipe import Recipe, month_start, month_text, months_between, shifted
from places.models import AreaDefinition

WINDOW = 24
"""Months that limits are judged by: two years, so that each season counts twice."""


def usual_of(definition: AreaDefinition, recipe: Recipe) -> Usual:
    """Return the limits of chance and the months of a year before, as far as they are held.

    Only complete months count. For a drawn area whose points were redrawn meanwhile the months of
    the recipe are all there is.
    """
    window = _window(recipe)
    counts = _observed(definition, min(window[0], shifted(recipe.first_month, -12)), recipe)
    limits = control_limits([counts.get(month) for month in window])
    asked = set(recipe.months)
    years = tuple(
        _year_back(month, counts[month], counts[shifted(month, -12)])
        for month in recipe.months
        if month in counts and shifted(month, -12) in counts
    )
    if limits is None:
        return Usual((), None, None, None, (), (), years)
    return Usual(
        months=tuple(month for month in window if month in counts),
        centre=round(limits.centre, 4),
        low=round(limits.low, 4),
        high=round(limits.high, 4),
        outside=tuple(window[place] for place in limits.outside if window[place] in asked),
        shifted=tuple(window[place] for place in limits.shifted if window[place] in asked),
        years=years,
    )


def _window(recipe: Recipe) -> tuple[str, ...]:
    first = min(recipe.first_month, shifted(recipe.last_month, 1 - WINDOW))
    return months_between(month_start(first), month_start(recipe.last_month))


def _observed(definition: AreaDefinition, first: str, recipe: Recipe) -> Mapping[str, int]:
    """Return the reports of ASB in each complete month from ``first``, else of the recipe."""
    last = month_start(recipe.last_month)
    try:
        rows = selectors.monthly_counts(definition, month_start(first), last, categories=[ASB])
    except Refused:  # a drawn boundary is not counted across a redraw of the points
        rows = selectors.monthly_counts(
            definition, month_start(recipe.first_month), last, categories=[ASB]
        )
    return {
        month_text(row.month): row.count
        for row in rows
        if row.count is not None and row.status == Coverage.OBSERVED
    }


def _year_back(month: str, count: int, before: int) -> YearBack:
    z = poisson_z(before, count)
    return YearBack(month, count, before, round(z, 2), abs(z) >= CLEAR_Z)
