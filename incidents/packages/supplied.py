"""What agencies supply, in a package: gathered by edition, laid out for the briefing.

A partner edition holds what the feeds open to its builder say; the public edition what may be
published of them (incidents.feeds.publishing), and feeds that their agencies publish themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.screen import month_name
from incidents.choices import FeedKind, Qualifier
from incidents.feeds.figures import FeedFigures, HourWeight
from incidents.feeds.publishing import PublicFeed, public_feed
from incidents.feeds.selectors import feed_figures
from incidents.feeds.words import (
    DAYS,
    hours_words,
    public_words,
    qualifier_words,
    quarter_words,
    repeat_words,
    theme_words,
    total_words,
)
from incidents.models import Feed
from incidents.packages.figures import SourceNote
from incidents.packages.recipe import PUBLIC, Recipe, month_start
from places.models import AreaDefinition

BAND = 3  # hours of a row of the table of hours
SHOWN_CATEGORIES = 10


def gather_supplied(
    definition: AreaDefinition, recipe: Recipe, feeds: Iterable[Feed]
) -> tuple[tuple[FeedFigures, ...], tuple[PublicFeed, ...]]:
    """Return what the feeds say whole, and what is said of the others in public.

    In a partner edition everything is said whole. In a public one only what the agency publishes
    itself is; of the rest counts by theme and quarter with small ones hidden, where the agency
    allows that, and nothing otherwise.
    """
    first, last = month_start(recipe.first_month), month_start(recipe.last_month)
    whole: list[FeedFigures] = []
    public: list[PublicFeed] = []
    for feed in sorted(feeds, key=lambda one: one.slug):
        figures = feed_figures(feed, definition, first, last)
        if recipe.edition != PUBLIC or feed.published:
            whole.append(figures)
        elif feed.public_figures:
            public.append(public_feed(figures))
    return tuple(whole), tuple(public)


def supplied_notes(
    whole: Iterable[FeedFigures], public: Iterable[PublicFeed]
) -> tuple[SourceNote, ...]:
    """Return the feeds as sources, with the terms under which they are supplied."""
    every: list[FeedFigures | PublicFeed] = [*whole, *public]
    return tuple(
        SourceNote(
            one.title,
            one.terms,
            _("%(title)s: %(agency)s") % {"title": one.title, "agency": one.agency},
            "",
        )
        for one in every
    )


@dataclass(frozen=True, slots=True)
class Band:
    """Some hours of the day with their weight on each weekday, and in all."""

    hours: str
    weights: tuple[float, ...]
    total: float


@dataclass(frozen=True, slots=True)
class FeedSection:
    """One feed as the briefing shows it: sentences, and the tables that they are read from."""

    figures: FeedFigures
    kind: str
    sentences: tuple[str, ...]
    months: tuple[tuple[str, int | None, str], ...]
    categories: tuple[tuple[str, str, str, int], ...]
    more_categories: int
    days: tuple[str, ...]
    bands: tuple[Band, ...]
    day_totals: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PublicSection:
    """One feed as a public briefing shows it; ``rows`` are themes by quarter, None hidden."""

    feed: PublicFeed
    kind: str
    sentence: str
    quarters: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    pools: tuple[str, ...]


def sections(whole: Sequence[FeedFigures]) -> tuple[FeedSection, ...]:
    """Return the feeds that are shown whole."""
    return tuple(_section(figures) for figures in whole)


def _section(figures: FeedFigures) -> FeedSection:
    said = [total_words(figures)]
    if figures.held:
        said += [
            qualifier_words(figures),
            hours_words(figures),
            *(repeat_words(one) for one in figures.repeats),
        ]
    asb = [one for one in figures.categories if one.is_asb]
    bands = bands_of(figures.hours)
    return FeedSection(
        figures=figures,
        kind=str(FeedKind(figures.kind).label),
        sentences=tuple(sentence for sentence in said if sentence),
        months=tuple((month_name(one.month), one.count, one.status) for one in figures.months),
        categories=tuple(
            (
                one.category,
                theme_words(one.theme),
                str(Qualifier(one.qualifier).label).split(":", maxsplit=1)[0]
                if one.qualifier
                else "–",
                one.count,
            )
            for one in asb[:SHOWN_CATEGORIES]
        ),
        more_categories=max(0, len(asb) - SHOWN_CATEGORIES),
        days=tuple(str(day)[:3] for day in DAYS),
        bands=bands,
        day_totals=tuple(sum(band.weights[day] for band in bands) for day in range(7)),
    )


def bands_of(hours: Sequence[HourWeight]) -> tuple[Band, ...]:
    """Return the hours of the week as rows of three hours; the same total."""
    if not hours:
        return ()
    weights = {(one.weekday, one.hour): one.weight for one in hours}
    found = []
    for start in range(0, 24, BAND):
        row = tuple(
            sum(weights[(day, hour)] for hour in range(start, start + BAND)) for day in range(7)
        )
        found.append(Band(f"{start:02d}:00–{(start + BAND) % 24:02d}:00", row, sum(row)))
    return tuple(found)


def public_sections(public: Sequence[PublicFeed]) -> tuple[PublicSection, ...]:
    """Return the feeds of which counts are published."""
    return tuple(_public_section(feed) for feed in public)


def _public_section(feed: PublicFeed) -> PublicSection:
    counts = {(cell.theme, cell.quarter): cell.count for cell in feed.cells}
    themes = list(dict.fromkeys(cell.theme for cell in feed.cells))
    return PublicSection(
        feed=feed,
        kind=str(FeedKind(feed.kind).label),
        sentence=public_words(feed),
        quarters=tuple(quarter_words(quarter) for quarter in feed.quarters),
        rows=tuple(
            (theme_words(theme), tuple(counts[(theme, quarter)] for quarter in feed.quarters))
            for theme in themes
        ),
        pools=tuple(pool_words(pool.cells, pool.total) for pool in feed.pools),
    )


def pool_words(cells: Sequence[tuple[str, str]], total: int) -> str:
    """Say what several hidden counts make together."""
    themes = list(dict.fromkeys(theme for theme, __ in cells))
    quarters = list(dict.fromkeys(quarter for __, quarter in cells))
    if len(quarters) == 1:
        return _("%(quarter)s, hidden counts of %(n)s themes together: %(total)s.") % {
            "quarter": quarter_words(quarters[0]),
            "n": len(themes),
            "total": total,
        }
    return _("%(theme)s, hidden counts of %(n)s quarters together: %(total)s.") % {
        "theme": theme_words(themes[0]),
        "n": len(quarters),
        "total": total,
    }


def context_of(whole: Sequence[FeedFigures], public: Sequence[PublicFeed]) -> dict[str, Any]:
    """Return what the briefing's part about feeds reads."""
    return {"feeds": sections(whole), "public_feeds": public_sections(public)}
