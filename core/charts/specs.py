"""Vega-Lite specifications. Data are always inline; nothing here comes from a person's input."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from core.charts.look import CONFIG, INK, LINE, MAIN, PALE, QUIET

if TYPE_CHECKING:
    from core.charts.series import Bars, MonthlyBars

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 600
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _month_lines(month: str) -> list[str]:
    """Return "Jan" over "2024": two lines fit under a narrow bar."""
    date = dt.date.fromisoformat(f"{month}-01")
    return [SHORT_MONTHS[date.month - 1], str(date.year)]


def monthly_bars(chart: MonthlyBars) -> dict[str, Any]:
    """Return counts by month; gaps carry their word, incomplete months are pale with an outline."""
    highest = [*(value.value or 0 for value in chart.months), *chart.levels]
    top = max(highest, default=0) or 1
    crowded = len(chart.months) > 14
    data = [
        {
            "month": value.month,
            "value": value.value,
            "shown": "" if value.value is None else f"{value.value:,}",
            "gap": chart.missing_label if value.value is None else None,
            "status": value.status,
            "middle": top / 2,
        }
        for value in chart.months
    ]
    labels = {value.month: _month_lines(value.month) for value in chart.months}
    every = 3 if crowded else 1
    shown = [value.month for i, value in enumerate(chart.months) if i % every == 0]
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [value.month for value in chart.months], "paddingInner": 0.25},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "values": shown,
            "labelExpr": f"{_json(labels)}[datum.value]",
            "labelPadding": 6,
            "ticks": False,
        },
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.12], "nice": False},
        "axis": {"title": chart.unit, "tickCount": 5, "format": ",d", "tickMinStep": 1},
    }
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "strokeWidth": 1.5, "stroke": MAIN},
            "encoding": {
                "x": x,
                "y": y,
                "color": {
                    "field": "status",
                    "scale": {"domain": ["observed", "partial"], "range": [MAIN, PALE]},
                    "legend": None,
                },
            },
            "transform": [{"filter": "datum.value !== null"}],
        },
        {
            "mark": {"type": "text", "angle": 270, "color": QUIET, "fontStyle": "italic"},
            "encoding": {
                "x": x,
                "y": {"field": "middle", "type": "quantitative"},
                "text": {"field": "gap"},
            },
            "transform": [{"filter": "datum.gap !== null"}],
        },
    ]
    if not crowded:
        layers.append(
            {
                "mark": {"type": "text", "dy": -8},
                "encoding": {"x": x, "y": y, "text": {"field": "shown"}},
                "transform": [{"filter": "datum.value !== null"}],
            }
        )
    return _chart(data, [*_levels(chart), *layers], height=220)


def _levels(chart: MonthlyBars) -> list[dict[str, Any]]:
    """Return dashed lines across the months, behind the bars."""
    if not chart.levels:
        return []
    return [
        {
            "data": {"values": [{"value": level} for level in chart.levels]},
            "mark": {"type": "rule", "color": INK, "strokeDash": [5, 3]},
            "encoding": {"y": {"field": "value", "type": "quantitative"}},
        }
    ]


def bars(chart: Bars) -> dict[str, Any]:
    """Return a ranking as horizontal bars, values at the end of each bar."""
    top = max((bar.value for bar in chart.bars), default=0) or 1
    data = [
        {
            "order": i,
            "label": bar.label,
            "value": bar.value,
            "shown": f"{bar.value:,.4g}" + (f"  ({bar.note})" if bar.note else ""),
        }
        for i, bar in enumerate(chart.bars)
    ]
    # Two places may share a name: they stay two bars, so the axis goes by position.
    labels = {str(row["order"]): row["label"] for row in data}
    y = {
        "field": "order",
        "type": "ordinal",
        "axis": {
            "title": None,
            "ticks": False,
            "labelExpr": f"{_json(labels)}[datum.value]",
            "labelLimit": 260,
            "labelPadding": 8,
            "domainColor": LINE,
        },
    }
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.25], "nice": False},
        "axis": {"title": chart.unit, "tickCount": 5, "tickMinStep": 1, "format": ",d"},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": MAIN}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "text", "align": "left", "dx": 6},
            "encoding": {"x": x, "y": y, "text": {"field": "shown"}},
        },
    ]
    return _chart(data, layers, height=max(26 * len(data), 40))


def _chart(data: list[dict[str, Any]], layers: list[dict[str, Any]], height: int) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": data},
        "layer": layers,
        "config": CONFIG,
    }


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=True)
