"""All reports of a police area by category: what a location's mix is set beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Count

from incidents.models import Force
from incidents.selectors.base import rows_of
from places.choices import DefinitionKind
from places.models import AreaDefinition


def counts_of_force(
    definition: AreaDefinition, forces: Sequence[Force], months: Collection[dt.date]
) -> dict[str, int]:
    """Count the located reports of whole forces in these months by category, in one query.

    Located is what the definition counts by: a code for a set of LSOAs, a map point for a drawn
    boundary; so the definition's own counts are always part of these.
    """
    if not months:
        return {}
    rows = rows_of(min(months), max(months), None, forces).filter(month__in=months)
    if definition.kind == DefinitionKind.LSOA_SET:
        rows = rows.exclude(lsoa_code="")
    else:
        rows = rows.filter(point__isnull=False)
    return dict(rows.values_list("category__name").annotate(n=Count("*")).order_by())
