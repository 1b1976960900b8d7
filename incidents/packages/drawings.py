"""The charts and the map of a briefing, from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.charts import Bar, Bars, MonthlyBars, MonthValue
from core.maps import MapPoint, PrintMap
from core.records import from_plain
from incidents.packages.figures import Figures, PlaceCount, Usual
from incidents.packages.findings import (
    TOP_PLACES,
    clusters_words,
    decimal_words,
    months_words,
    reports,
)
from incidents.packages.ground import boundary_of

LABELLED = 5
FOCUS_SHARE = 0.9  # of the reports must lie in the enlarged part
FOCUS_WORTH = 0.5  # enlarged only if the part is at most half as wide as the whole


def source_line(figures: Figures) -> str:
    """Return the source of the reports, as it stands under charts."""
    return figures.sources[0].attribution if figures.sources else ""


def monthly_chart(figures: Figures) -> MonthlyBars:
    """Return reports of ASB by month, missing months as gaps."""
    return monthly_bars(
        location=figures.location,
        months=[MonthValue(row.month, row.count, str(row.status)) for row in figures.monthly],
        missing=figures.missing,
        source=source_line(figures),
        usual=figures.usual,
    )


def chart_of_summary(summary: Mapping[str, Any]) -> MonthlyBars:
    """Return the same chart from what lists say of a package: the one drawn when it was built."""
    return monthly_bars(
        location=summary["location_name"],
        months=[MonthValue(m["month"], m["count"], m["status"]) for m in summary["months"]],
        missing=summary["missing"],
        source=next(iter(summary["attribution"]), ""),
        usual=from_plain(Usual, summary["usual"]) if "usual" in summary else None,
    )


def monthly_bars(
    *,
    location: str,
    months: Sequence[MonthValue],
    missing: Sequence[str],
    source: str,
    usual: Usual | None = None,
) -> MonthlyBars:
    """Return reports of ASB at a location by month; a missing month has no bar."""
    held = [row for row in months if row.value is not None]
    if held:
        alt = _(
            "Bars of reports of ASB in %(location)s by month: between %(low)s and %(high)s "
            "in %(months)s."
        ) % {
            "location": location,
            "low": min(row.value or 0 for row in held),
            "high": max(row.value or 0 for row in held),
            "months": months_words([row.month for row in held]),
        }
    else:
        alt = _("No month of this period is held, so there are no bars.")
    if missing:
        alt += " " + _("Missing: %(months)s.") % {"months": months_words(missing)}
    return MonthlyBars(
        title=_("Reports of ASB in %(location)s by month") % {"location": location},
        alt=alt,
        unit=_("Reports of ASB"),
        source=source,
        months=tuple(months),
        levels=_levels(usual),
        month_label=_("Month"),
        missing_label=_("missing"),
        partial_label=_("looks incomplete"),
    )


def _levels(usual: Usual | None) -> tuple[float, ...]:
    """Return the limits of chance; none at 0, where the axis is."""
    if usual is None or usual.high is None:
        return ()
    return tuple(level for level in (usual.high, usual.low) if level)


def places_chart(figures: Figures) -> Bars | None:
    """Return the highest map points, or None if there is none."""
    top = figures.places[:TOP_PLACES]
    if not top:
        return None
    return Bars(
        title=_("Map points with the most reports of ASB"),
        alt=_(
            "Bars of the %(count)s highest map points. The first, “%(street)s”, has "
            "%(reports)s; together they hold %(share)s%% of those with a map point."
        )
        % {
            "count": len(top),
            "street": top[0].street,
            "reports": reports(top[0].count),
            "share": decimal_words(top[-1].cumulative_percent, 0),
        },
        unit=_("Reports of ASB"),
        source=source_line(figures),
        bars=tuple(
            Bar(
                f"{place.rank}. {_short(place.street)}",
                place.count,
                f"{decimal_words(place.share_percent, 0)}%",
            )
            for place in top
        ),
        label_head=_("Map point"),
        note_head=_("Share"),
    )


def _short(street: str) -> str:
    return street.removeprefix("On or near ")


def points_map(figures: Figures) -> tuple[PrintMap, str] | None:
    """Return the map of reports by map point and its alt text; None without a boundary."""
    boundary = boundary_of(figures)
    if boundary is None:
        return None
    content = PrintMap(
        boundary=boundary,
        points=[
            MapPoint(p.longitude, p.latitude, p.count, str(p.rank) if p.rank <= LABELLED else "")
            for p in figures.places
        ],
        legend=_("Reports of ASB at\none map point"),
        boundary_legend=_("Area counted"),
        focus=focus_of(figures.places, boundary.extent),
        whole_legend=_("The whole area"),
        outlines=[row.ring for row in figures.clear_clusters],
        outlines_legend=_("More than by\nchance"),
    )
    alt = _(
        "Map of %(location)s with the boundary of the area counted and %(points)s map points, "
        "larger where more reports of ASB were made; the %(labelled)s highest are numbered as "
        "in the ranking."
    ) % {
        "location": figures.location,
        "points": len(figures.places),
        "labelled": min(LABELLED, len(figures.places)),
    }
    alt = " ".join((alt, *clusters_words(figures)))
    return content, alt


def focus_of(
    places: Sequence[PlaceCount], extent: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    """Return the part of the area that holds nine in ten reports; None if it is most of it.

    Points are taken by their distance from the point in the middle of the reports.
    """
    total = sum(place.count for place in places)
    if not total:
        return None
    x0, y0 = _middle(places, "longitude"), _middle(places, "latitude")
    near: list[PlaceCount] = []
    held = 0
    for place in sorted(places, key=lambda p: (p.longitude - x0) ** 2 + (p.latitude - y0) ** 2):
        near.append(place)
        held += place.count
        if held >= FOCUS_SHARE * total:
            break
    xs, ys = [p.longitude for p in near], [p.latitude for p in near]
    focus = (min(xs), min(ys), max(xs), max(ys))
    wide = max(
        (focus[2] - focus[0]) / (extent[2] - extent[0]),
        (focus[3] - focus[1]) / (extent[3] - extent[1]),
    )
    return focus if 0 < wide <= FOCUS_WORTH else None


def _middle(places: Sequence[PlaceCount], axis: str) -> float:
    """Return the median of one coordinate, each point counted as often as it has reports."""
    ordered = sorted(places, key=lambda p: getattr(p, axis))
    half, running = sum(p.count for p in places) / 2, 0
    for place in ordered:
        running += place.count
        if running >= half:
            return float(getattr(place, axis))
    raise ValueError("no reports")
