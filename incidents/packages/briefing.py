"""The briefing: findings, charts, tables and sources, as a page that carries all and as a PDF."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.pdf import Asset, in_parts, render_pdf
from core.screen import month_name
from incidents.packages import drawings, supplied
from incidents.packages.figures import ASB, Figures, YearBack
from incidents.packages.findings import TOP_PLACES, decimal_words, findings, signed, usual_words

STYLE = "css/briefing.css"
BODY_START, BODY_END = "<!-- briefing -->", "<!-- end of briefing -->"
MONTHS_A_TABLE = 24


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category: reports in the months held."""

    category: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table: what is held of it, and the same month a year before if held."""

    month: str
    count: int | None
    status: str
    back: YearBack | None

    @property
    def z(self) -> str:
        """The Poisson score with its sign, empty without a year before."""
        return "" if self.back is None else signed(self.back.z, 1)


def months_of(figures: Figures) -> tuple[MonthRow, ...]:
    """Return the months of the recipe with the same month a year before."""
    years = {row.month: row for row in figures.usual.years}
    return tuple(
        MonthRow(row.month, row.count, row.status, years.get(row.month)) for row in figures.monthly
    )


def title_of(figures: Figures) -> str:
    """Return the briefing's title."""
    return _("Anti-social behaviour in %(location)s") % {"location": figures.location}


def period_of(figures: Figures) -> str:
    """Return the period asked for, in words."""
    first, last = figures.recipe.first_month, figures.recipe.last_month
    if first == last:
        return month_name(first)
    return _("%(first)s to %(last)s") % {"first": month_name(first), "last": month_name(last)}


def context_of(figures: Figures, images: Mapping[str, str]) -> dict[str, Any]:
    """Return what the briefing's templates read; ``images`` maps a drawing's name to its address.

    Names: monthly, places, map. A drawing that is not there is left out with its heading.
    """
    own = next(row for row in figures.comparison if row.kind == "location")
    mapped = drawings.points_map(figures)
    return {
        "f": figures,
        "title": title_of(figures),
        "subtitle": _("Data package, %(period)s") % {"period": period_of(figures)},
        "period": period_of(figures),
        "findings": findings(figures),
        "own": own,
        "mean": decimal_words(figures.total / len(figures.held), 1) if figures.held else None,
        "monthly": drawings.monthly_chart(figures),
        "months": list(in_parts(months_of(figures), MONTHS_A_TABLE)),
        "usual": " ".join(usual_words(figures.usual)),
        "places_chart": drawings.places_chart(figures),
        "top_places": figures.places[:TOP_PLACES],
        "map_alt": mapped[1] if mapped else "",
        "categories": categories(figures),
        "quality": list(in_parts(figures.quality)),
        **supplied.context_of(figures.supplied, figures.supplied_public),
        "images": images,
        "attribution": list(dict.fromkeys(source.attribution for source in figures.sources)),
        "marking": figures.marking,
        "handling": figures.handling,
        "produced_line": _("Fingerprint %(fingerprint)s")
        % {
            "fingerprint": figures.fingerprint[:12],
        },
    }


def categories(figures: Figures) -> tuple[CategoryRow, ...]:
    """Return all categories with their reports in the months held: ASB first, then by count."""
    totals = dict.fromkeys(figures.categories, 0)
    for row in figures.counts:
        if row.area == figures.location and row.count is not None:
            totals[row.category] += row.count
    return tuple(
        CategoryRow(name, count)
        for name, count in sorted(totals.items(), key=lambda t: (t[0] != ASB, -t[1], t[0]))
    )


def as_html(figures: Figures, drawn: Mapping[str, Asset]) -> bytes:
    """Return the briefing as one HTML file that needs no other file and no network."""
    images = {
        name: f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
        for name, (data, kind) in drawn.items()
    }
    css = (Path(settings.BASE_DIR) / "static" / STYLE).read_text()
    context = {**context_of(figures, images), "css": css}
    return render_to_string("incidents/packages/briefing.html", context).encode()


def as_pdf(figures: Figures, drawn: Mapping[str, Asset]) -> bytes:
    """Return the briefing as tagged PDF."""
    images = {name: f"app:{name}" for name in drawn}
    html = render_to_string("incidents/packages/briefing_pdf.html", context_of(figures, images))
    return render_pdf(html, marking=figures.marking, assets=drawn)


def body_of(html: str) -> str:
    """Return the part of ``briefing.html`` that a page of ours can show as its own content.

    The text is our own output: everything in it that came from data was escaped when it was made.
    Empty if the file holds no such part.
    """
    __, __, rest = html.partition(BODY_START)
    return rest.partition(BODY_END)[0]
