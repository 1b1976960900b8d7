"""Figures of a wave as words: a hidden one never shows more than that it is hidden."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from core.exports.disclosure import HIDDEN
from surveys.charts import per_cent
from surveys.selectors.figures import Change, Share

register = template.Library()
EN_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


@register.filter
def share(figure: Share) -> str:
    """Return "38.2%", the mark of a hidden figure, or that there are too few answers."""
    if figure.state == "shown" and figure.share is not None:
        return f"{per_cent(figure.share):.1f}%"
    if not figure.base:
        return EN_DASH
    return HIDDEN if figure.state == "hidden" else _("too few answers")


@register.filter
def interval(figure: Share) -> str:
    """Return "31.9% to 44.9%" in its short form; a dash where nothing is shown."""
    if figure.low is None or figure.high is None:
        return EN_DASH
    return f"{per_cent(figure.low):.1f}{EN_DASH}{per_cent(figure.high):.1f}%"


@register.filter
def count(figure: Share) -> str:
    """Return the count, or the mark of a hidden one."""
    if figure.count is not None:
        return f"{figure.count:,}"
    return HIDDEN if figure.state == "hidden" else EN_DASH


@register.filter
def difference(change: Change) -> str:
    """Return "+4.1 (−2.0 to +10.2)", in percentage points; a dash where there is none."""
    if change.difference is None or change.low is None or change.high is None:
        return EN_DASH
    low, high = _signed(change.low), _signed(change.high)
    return _("%(difference)s (%(low)s to %(high)s)") % {
        "difference": _signed(change.difference),
        "low": low,
        "high": high,
    }


def _signed(value: float) -> str:
    points = per_cent(value)
    return f"{MINUS if points < 0 else '+'}{abs(points):.1f}"
