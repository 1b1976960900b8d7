"""How charts look: one palette, one font, made for print in black and white too."""

from __future__ import annotations

from typing import Any

LOOK_VERSION = 1
"""Counted up when the look changes, so that kept drawings are made anew."""

FONT = "Liberation Sans"
FALLBACK_FONTS = "Liberation Sans, Arial, Helvetica, sans-serif"

# Dark enough to differ in grey print; the pair is told apart by people with any colour vision.
INK = "#0b0c0c"
QUIET = "#505a5f"
LINE = "#b1b4b6"
MAIN = "#1d4f91"
PALE = "#c6d6ea"

CONFIG: dict[str, Any] = {
    "background": "white",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "domainColor": QUIET,
        "tickColor": QUIET,
        "gridColor": "#e5e6e7",
        "labelFont": FONT,
        "titleFont": FONT,
    },
    "text": {"font": FONT, "fontSize": 12, "color": INK},
}
