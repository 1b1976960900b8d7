"""The map points in order, the most reports first: a page of them and the totals in one reading."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, Func, IntegerField, When, Window

from incidents.explore.layers import Points, PointTotals

PAGE = 10
DIGITS = 6  # of a page's number that is read at once; no area has a million pages


class _Overall(Func):
    """An aggregate over the groups of a query: Django refuses its own of what is one already."""

    window_compatible = True
    output_field = IntegerField()


def _overall(function: str, of: Any) -> Window:
    return Window(_Overall(of, function=function))


def ranked(points: Points, asked: str) -> tuple[Page[dict[str, Any]], PointTotals]:
    """Return a page of map points, each with rank and share, and the totals of all.

    ``asked`` is the page's number as the address has it; one beyond the last page gives the last,
    what is no number the first.
    """
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) <= DIGITS else 1
    found, totals = _read(points, (number - 1) * PAGE)
    pages = Paginator(points.located.order_by("-n", "at", "x", "y"), PAGE)
    pages.count = totals.points  # counted already
    page = pages.get_page(asked)
    if page.number == number:
        page.object_list = found
    for rank, row in enumerate(page.object_list, start=page.start_index()):
        row["rank"] = rank
        row["share"] = 100 * row["n"] / totals.reports
    return page, totals


def _read(points: Points, after: int) -> tuple[list[dict[str, Any]], PointTotals]:
    """Return a page of rows and the totals: counting is what it costs, so it is done once."""
    located = Case(When(x__isnull=False, then=F("n")))
    rows = points.rows.annotate(
        points=_overall("COUNT", F("x")),
        reports=_overall("SUM", located),
        every=_overall("SUM", F("n")),
    ).order_by(located.desc(nulls_last=True), "at", "x", "y")
    found = list(rows[after : after + PAGE])
    if not found:
        return [], points.totals() if after else PointTotals(0, 0, 0)
    reports = found[0]["reports"] or 0
    totals = PointTotals(found[0]["points"], reports, found[0]["every"] - reports)
    return [row for row in found if row["x"] is not None], totals
