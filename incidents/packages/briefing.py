"""The briefing: findings, charts, tables and sources, as a page that carries all and as a PDF."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.pdf import Asset, in_parts, render_pdf
from core.screen import month_name
from incidents.packages import drawings, supplied
from incidents.packages.figures import Figures, QualityRow, YearBack
from incidents.packages.findings import (
    TOP_PLACES,
    decimal_words,
    findings,
    months_words,
    signed,
    usual_words,
)
from incidents.packages.in_short import in_short
from incidents.packages.mix import mix_words
from incidents.packages.recipe import month_start, months_between
from incidents.packages.season import calendar_month, left_out_words, season_words

STYLE = "css/briefing.css"
BODY_START, BODY_END = "<!-- briefing -->", "<!-- end of briefing -->"
MONTHS_A_TABLE = 24


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table: what is held of it, and the same month a year before if held."""

    month: str
    count: int | None
    status: str
    back: YearBack | None
    last: str = ""

    @property
    def words(self) -> str:
        """The month or the months in words."""
        last = self.last or self.month
        return months_words(months_between(month_start(self.month), month_start(last)))

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


def month_runs(rows: Sequence[MonthRow]) -> tuple[MonthRow, ...]:
    """Return the rows with months that are missing one after the other as one row.

    Such a row's ``month`` is the first of them and ``last`` the last.
    """
    found: list[MonthRow] = []
    for row in rows:
        if found and row.status == found[-1].status == "missing":
            found[-1] = replace(found[-1], last=row.month)
        else:
            found.append(row)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class QualityRun:
    """What is held of a force: a month of the package, or missing months in a row as one."""

    row: QualityRow
    last: str

    @property
    def words(self) -> str:
        """The month or the months in words."""
        return months_words(months_between(month_start(self.row.month), month_start(self.last)))


def quality_runs(figures: Figures) -> tuple[QualityRun, ...]:
    """Return the months of the package; earlier ones that were read are in the file only."""
    found: list[QualityRun] = []
    for row in figures.quality:
        if row.month < figures.recipe.first_month:
            continue
        before = found[-1].row if found else None
        if before and row.status == before.status == "missing" and row.force == before.force:
            found[-1] = replace(found[-1], last=row.month)
        else:
            found.append(QualityRun(row, row.month))
    return tuple(found)


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
        "in_short": in_short(figures),
        "own": own,
        "mean": decimal_words(figures.total / len(figures.held), 1) if figures.held else None,
        "monthly": drawings.monthly_chart(figures),
        "months": list(in_parts(month_runs(months_of(figures)), MONTHS_A_TABLE)),
        "usual": " ".join(usual_words(figures.usual)),
        "places_chart": drawings.places_chart(figures),
        "top_places": figures.places[:TOP_PLACES],
        "map_alt": mapped[1] if mapped else "",
        "season": [(calendar_month(row.month_of_year), row) for row in figures.season.rows],
        "season_words": season_words(figures.season),
        "season_left_out": left_out_words(figures.season),
        "mix_words": mix_words(figures.mix),
        "quality": list(in_parts(quality_runs(figures))),
        "quality_more": sum(row.month < figures.recipe.first_month for row in figures.quality),
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
