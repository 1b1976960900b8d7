"""The report as a page that carries all and as a PDF, from its figures."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import Chart, MonthlyBars, MonthValue, asset
from core.pdf import Asset, render_pdf
from core.screen import day, number
from incidents.packages.briefing import STYLE
from incidents.packages.findings import months_words
from reports.figures import AsbMonth, LocationPart, ReportFigures
from reports.quarters import Quarter


def title_of(figures: ReportFigures) -> str:
    """Return the report's title."""
    return _("Progress report: %(name)s") % {"name": figures.name}


def charts_of(figures: ReportFigures) -> dict[str, Chart]:
    """Return each location's chart of ASB, by the location's address name."""
    return {part.slug: _chart(part, figures) for part in figures.locations if part.asb.months}


def _chart(part: LocationPart, figures: ReportFigures) -> Chart:
    held = [row for row in part.asb.months if row.count is not None]
    missing = [row.month for row in part.asb.months if row.count is None]
    if held:
        alt = _(
            "Bars of reports of ASB in %(location)s by month: between %(low)s and %(high)s in "
            "%(months)s."
        ) % {
            "location": part.name,
            "low": min(row.count or 0 for row in held),
            "high": max(row.count or 0 for row in held),
            "months": months_words([row.month for row in held]),
        }
    else:
        alt = _("No month of this period is held, so there are no bars.")
    if missing:
        alt += " " + _("Missing: %(months)s.") % {"months": months_words(missing)}
    return MonthlyBars(
        title=_("Reports of ASB in %(location)s by month") % {"location": part.name},
        alt=alt,
        unit=_("Reports of ASB"),
        source=" ".join(figures.attribution),
        months=tuple(MonthValue(row.month, row.count, row.status) for row in part.asb.months),
        month_label=_("Month"),
        missing_label=_("missing"),
        partial_label=_("looks incomplete"),
    )


def summary_of(figures: ReportFigures) -> tuple[str, ...]:
    """Return what the first page says, in plain sentences."""
    quarter = Quarter.parse(figures.quarter)
    parts = figures.locations
    steps = sum(len(part.steps) for part in parts)
    signed = sum(part.signed_off for part in parts)
    delivered = sum(len(part.delivered) + part.withheld for part in parts)
    late = sum(len(part.late) for part in parts)
    sentences = [
        ngettext(
            "In %(months)s %(count)s piece of evidence was recorded.",
            "In %(months)s %(count)s pieces of evidence were recorded.",
            delivered,
        )
        % {"months": quarter.months_words, "count": number(delivered)},
        _(
            "On %(date)s, week %(week)s of %(weeks)s, %(signed)s of %(steps)s steps stood signed "
            "off."
        )
        % {
            "date": day(figures.as_at),
            "week": figures.week,
            "weeks": figures.weeks,
            "signed": signed,
            "steps": steps,
        },
        ngettext("%(count)s step was late.", "%(count)s steps were late.", late) % {"count": late}
        if late
        else _("No step was late."),
    ]
    if figures.as_at < quarter.last_day:
        sentences.append(
            _("The quarter is not over: this report covers it up to %(date)s.")
            % {"date": day(figures.as_at)}
        )
    return tuple(sentences)


def context_of(figures: ReportFigures, images: Mapping[str, str]) -> dict[str, Any]:
    """Return what the report's templates read; ``images`` maps a location to its chart."""
    quarter = Quarter.parse(figures.quarter)
    charts = charts_of(figures)
    return {
        "f": figures,
        "quarter": quarter,
        "title": title_of(figures),
        "subtitle": quarter.words,
        "summary": summary_of(figures),
        "single": len(figures.locations) == 1,
        "parts": [
            {
                "part": part,
                "image": images.get(part.slug, ""),
                "alt": charts[part.slug].alt if part.slug in charts else "",
                "chart_title": charts[part.slug].title if part.slug in charts else "",
                "months": shown_months(part, quarter),
                "missing": missing_before(part, quarter),
            }
            for part in figures.locations
        ],
        "attribution": figures.attribution,
        "marking": figures.marking,
        "handling": figures.handling,
        "produced_line": _("As at %(date)s · fingerprint %(fingerprint)s")
        % {
            "date": day(figures.as_at),
            "fingerprint": figures.fingerprint[:12],
        },
    }


def shown_months(part: LocationPart, quarter: Quarter) -> tuple[AsbMonth, ...]:
    """Return the months of the table: those held, and all of the quarter."""
    first = f"{quarter.first_day:%Y-%m}"
    return tuple(row for row in part.asb.months if row.count is not None or row.month >= first)


def missing_before(part: LocationPart, quarter: Quarter) -> str:
    """Write the missing months before the quarter, which the table leaves out."""
    first = f"{quarter.first_day:%Y-%m}"
    return months_words(
        [row.month for row in part.asb.months if row.count is None and row.month < first]
    )


def draw(figures: ReportFigures) -> dict[str, Asset]:
    """Return the charts as assets, by the location's address name."""
    return {slug: asset(chart) for slug, chart in charts_of(figures).items()}


def as_html(figures: ReportFigures, drawn: Mapping[str, Asset]) -> bytes:
    """Return the report as one HTML file that needs no other file and no network."""
    images = {
        name: f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
        for name, (data, kind) in drawn.items()
    }
    css = (Path(settings.BASE_DIR) / "static" / STYLE).read_text()
    return render_to_string(
        "reports/report.html", {**context_of(figures, images), "css": css}
    ).encode()


def as_pdf(figures: ReportFigures, drawn: Mapping[str, Asset]) -> bytes:
    """Return the report as tagged PDF."""
    images = {name: f"app:{name}" for name in drawn}
    html = render_to_string("reports/report_pdf.html", context_of(figures, images))
    return render_pdf(html, marking=figures.marking, assets=drawn)
