"""Months as bars drawn at once, for pages whose filter asks for another chart each time.

``core.charts.draw`` takes a moment and keeps what it drew: right for a briefing, wrong for one
chart in a thousand that nobody looks at twice. This one takes under a millisecond and keeps
nothing. It looks the same: colours, type and the marks of missing and incomplete months.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from html import escape

from core.charts.look import FALLBACK_FONTS, INK, LINE, MAIN, PALE, QUIET
from core.charts.series import Figure, MonthlyBars, MonthValue
from core.charts.specs import SHORT_MONTHS

WIDTH, HEIGHT = 640, 270
LEFT, TOP, BOTTOM = 56, 18, 40
PLOT, DEEP = WIDTH - LEFT - 8, HEIGHT - TOP - BOTTOM
CROWDED = 14  # more months than that have no room for their numbers
LABELS = 12


def live(chart: MonthlyBars) -> Figure:
    """Return what a page prints of the chart, drawn now."""
    return Figure(
        title=chart.title,
        alt=chart.alt,
        src=_address(drawing(chart)),
        head=chart.head,
        rows=chart.rows,
        source=chart.source,
        note=chart.note,
    )


def drawing(chart: MonthlyBars) -> str:
    """Return the SVG: one ``rect`` with a ``data-month`` for each month that has a value."""
    step = _step(max((month.value or 0 for month in chart.months), default=0))
    top = step * max(math.ceil(max((m.value or 0 for m in chart.months), default=0) / step), 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="{escape(FALLBACK_FONTS)}" font-size="12" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    parts += [_line(value, top) for value in range(0, top + 1, step)]
    parts.append(
        f'<text transform="translate(13 {TOP + DEEP / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(chart.unit)}</text>"
    )
    wide = PLOT / max(len(chart.months), 1)
    every = math.ceil(len(chart.months) / LABELS)
    for number, month in enumerate(chart.months):
        middle = LEFT + wide * (number + 0.5)
        parts.append(_month(chart, month, middle, wide, top))
        if number % every == 0:
            parts.append(_label(month.month, middle))
    return "".join([*parts, "</svg>"])


def small(months: Sequence[MonthValue]) -> str:
    """Return months as small bars without axis or words, as the address of an image.

    For a line of a table, whose cells say the figures: the bars show only how they run, from 0 to
    the highest of them. A missing month is a gap with a dot beneath, as a bar of no height is zero.
    """
    wide, deep, base = 6, 30, 3
    top = max((month.value or 0 for month in months), default=0) or 1
    bars = []
    for number, month in enumerate(months):
        x = number * wide
        if month.value is None:
            bars.append(f'<circle cx="{x + 2.5}" cy="{deep + 1.5}" r="1" fill="{QUIET}"/>')
            continue
        high = round(deep * month.value / top, 1)
        colour = LINE if month.status == "partial" else MAIN
        bars.append(f'<rect x="{x}" y="{deep - high}" width="5" height="{high}" fill="{colour}"/>')
    width = max(len(months), 1) * wide
    return _address(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {deep + base}" '
        f'width="{width}" height="{deep + base}">{"".join(bars)}'
        f'<path d="M0 {deep}.5H{width}" stroke="{QUIET}" stroke-width="0.7"/></svg>'
    )


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def _step(highest: int) -> int:
    """Return a round distance between lines: at most five of them above the axis."""
    rough = max(highest / 5, 1)
    power: int = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def _height(value: int, top: int) -> float:
    return round(DEEP * value / top, 1)


def _line(value: int, top: int) -> str:
    y = round(TOP + DEEP - _height(value, top), 1)
    colour = QUIET if value == 0 else LINE
    return (
        f'<path d="M{LEFT} {y}H{WIDTH - 8}" stroke="{colour}" stroke-width="0.7"/>'
        f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{value:,}</text>'
    )


def _month(chart: MonthlyBars, month: MonthValue, middle: float, wide: float, top: int) -> str:
    floor = TOP + DEEP
    if month.value is None:
        size = min(12.0, max(wide * 0.9, 6))
        return (
            f'<text transform="translate({middle + 4:.1f} {floor - 8}) rotate(-90)" '
            f'font-style="italic" font-size="{size:.1f}" fill="{QUIET}">'
            f"{escape(chart.missing_label)}</text>"
        )
    high = _height(month.value, top)
    colour = PALE if month.status == "partial" else MAIN
    bar = (
        f'<rect data-month="{month.month}" x="{middle - wide * 0.38:.1f}" y="{floor - high:.1f}" '
        f'width="{wide * 0.76:.1f}" height="{high}" fill="{colour}" stroke="{MAIN}"/>'
    )
    if len(chart.months) > CROWDED:
        return bar
    return (
        f'{bar}<text x="{middle:.1f}" y="{floor - high - 5:.1f}" text-anchor="middle">'
        f"{month.value:,}</text>"
    )


def _label(month: str, middle: float) -> str:
    year, number = month.split("-")
    return "".join(
        f'<text x="{middle:.1f}" y="{TOP + DEEP + below}" text-anchor="middle">{text}</text>'
        for below, text in ((16, SHORT_MONTHS[int(number) - 1]), (31, year))
    )
