"""A location's reports of ASB beside those of similar and of larger areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.statistics import rate_per_1000
from incidents import selectors
from incidents.packages.figures import ASB, ComparisonRow
from incidents.packages.findings import decimal_words
from incidents.packages.recipe import Recipe, month_start
from places.models import AreaDefinition
from places.similar import Likeness


def comparison_of(
    definition: AreaDefinition,
    recipe: Recipe,
    name: str,
    own: Sequence[Any],
    likeness: Likeness,
) -> tuple[ComparisonRow, ...]:
    """Return the location's row, that of similar LSOAs and those of the larger areas.

    ``own`` are the location's monthly counts, ``name`` is what it is called.
    """
    asked = len(recipe.months)
    mine = [row.count for row in own if row.category == ASB and row.count is not None]
    rows = [_row("location", name, "", counted=mine, asked=asked, residents=definition.residents)]
    groups: dict[tuple[str, str, str, int | None], list[int]] = {}
    for row in selectors.comparison_counts(
        definition,
        month_start(recipe.first_month),
        month_start(recipe.last_month),
        categories=[ASB],
    ):
        group = groups.setdefault((row.kind, row.name, row.code, row.residents), [])
        if row.count is not None:
            group.append(row.count)
    for (kind, area, code, residents), counted in groups.items():
        plain = area.split(", ")[0]  # "Herefordshire, County of" is how lists sort it
        title = {
            "rest_of_district": _("the rest of %(area)s"),
            "csp": _("%(area)s (community safety partnership)"),
            "force": _("the %(area)s police area"),
        }.get(kind, "%(area)s") % {"area": plain}
        rows.append(_row(kind, title, code, counted=counted, asked=asked, residents=residents))
    if likeness.areas:
        rows.insert(1, _similar_row(definition, recipe, likeness))
    return tuple(rows)


def _similar_row(definition: AreaDefinition, recipe: Recipe, likeness: Likeness) -> ComparisonRow:
    counted = selectors.similar_counts(
        definition,
        likeness,
        month_start(recipe.first_month),
        month_start(recipe.last_month),
        category=ASB,
    )
    return _row(
        "similar",
        ngettext("the most similar LSOA", "the %(count)s most similar LSOAs", len(likeness.areas))
        % {"count": len(likeness.areas)},
        "",
        counted=[row.count for row in counted if row.count is not None],
        asked=len(recipe.months),
        residents=sum(area.residents for area in likeness.areas),
    )


def similar_words(likeness: Likeness) -> str:
    """Say how the similar LSOAs were found, or why there are none."""
    if not likeness.areas:
        return _(
            "No similar LSOAs are named: their rural–urban class, deprivation or residents are "
            "not held."
        )
    return _(
        "The most similar LSOAs are those of the same rural–urban class (%(kind)s) in the police "
        "area that lie nearest to the location’s mean by deprivation (index of %(year)s, score "
        "%(score)s) and residents of an LSOA (%(residents)s), both in standard deviations of that "
        "class."
    ) % {
        "kind": likeness.kind,
        "year": likeness.index_year,
        "score": decimal_words(likeness.score or 0.0, 1),
        "residents": f"{round(likeness.residents or 0):,}",
    }


def _row(
    kind: str, area: str, code: str, *, counted: Sequence[int], asked: int, residents: int | None
) -> ComparisonRow:
    if not counted:
        return ComparisonRow(kind, area, code, 0, asked, None, residents, None, None, None)
    total = sum(counted)
    if not residents:
        return ComparisonRow(kind, area, code, len(counted), asked, total, None, None, None, None)
    rate = rate_per_1000(total, residents)
    return ComparisonRow(
        kind,
        area,
        code,
        len(counted),
        asked,
        total,
        residents,
        round(rate.value, 4),
        round(rate.low, 4),
        round(rate.high, 4),
    )
